/* A query to drag among the keys of five words: scores, weights, and the mean of the values, which are the keys. */
"use strict";

{
  const { dot, number, part, tip, tuple } = mathref;
  const words = ["The", "cat", "drinks", "warm", "milk"];
  const keys = [[-0.4, -0.9], [1.7, 1], [-0.5, 1.6], [-1.6, -0.2], [0.9, -1.5]];
  const powers = { read: (power) => 2 ** power, write: Math.log2 };
  const said = (seen) => (seen < 5 ? `the first ${seen}` : "all five");

  mathref.figure({
    slug: "attention",
    hint: "Drag the query. Hide words, and see whose weight the others get.",
    views: [
      { label: "Keys of the words, the query and the output", box: [-2.2, -1.9, 2.3, 2.1], height: 300 },
      { label: "Weights of the words", box: [0, 0, 5, 1], free: true, height: 220, pad: [16, 8, 26, 34] },
    ],
    handles: [tip("q", "Query", "second")],
    state: { q: [1.6, -0.4], T: Math.SQRT2 },
    presets: {
      "all words": { seen: 5, zero: false },
      "the first three": { seen: 3, zero: false },
      "scores of the others times 0": { seen: 3, zero: true },
    },
    controls: [
      { key: "seen", label: "words in sight", min: 1, max: 5, step: 1, say: said },
      { key: "T", label: "scores over", min: -3, max: 4, step: 0.25, say: (T) => number(T), ...powers },
    ],
    compute({ q, seen, T, zero }) {
      const scores = keys.map((key) => dot(q, key));
      const logits = scores.map((score, i) => (i < seen ? score / T : zero ? 0 : -Infinity));
      const largest = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - largest));
      const sum = powers.reduce((all, power) => all + power);
      const weights = powers.map((power) => power / sum);
      return { scores, weights, output: [0, 1].map((axis) => dot(weights, keys.map((key) => key[axis]))) };
    },
    draw([plane, chart], { q, seen }, { weights, output }) {
      plane.grid();
      keys.forEach((key, i) => {
        plane.arrow(key, i < seen ? "accent" : "muted dashed");
        plane.text(key, words[i], `${i < seen ? "accent" : "muted"} middle small`, [0, key[1] > 0 ? 8 : -18]);
      });
      plane.arrow(q, "second", "q");
      plane.dot(output, "third", 6);
      chart.levels([0, 0.5, 1]);
      weights.forEach((weight, i) => {
        const kind = i < seen ? "accent" : "second";
        chart.rectangle([i + 0.15, 0], [i + 0.85, weight], kind, 0.35);
        chart.text([i + 0.5, weight], number(weight), `${kind} small middle`, [0, 4]);
        chart.text([i + 0.5, 0], words[i], "muted small middle", [0, -18]);
      });
    },
    say({ q, seen, T }, { scores, weights, output }) {
      const hidden = weights.slice(seen).reduce((all, weight) => all + weight, 0);
      return [
        ["score of “cat”: ", part("second", tuple(q)), ` · ${tuple(keys[1])} = ${number(scores[1])}`],
        [`over ${number(T)}: ${number(scores[1] / T)}, weight `, part("accent", number(weights[1], 4))],
        ["output ", part("third", tuple(output, 2)), seen < 5 ? `, hidden words weigh ${number(hidden, 4)}` : ""],
      ];
    },
  });
}
