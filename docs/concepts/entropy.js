/* The six faces of a die as bars to drag: the entropy, and what each face adds to it. */
"use strict";

{
  const { bars, dot, number, part } = mathref;
  const faces = [1, 2, 3, 4, 5, 6];
  const fair = faces.map(() => 1 / 6);
  // Of all dice with mean 4.5 the one of greatest entropy: each face is likelier than the last by one factor.
  const weights = faces.map((face) => 1.4492549 ** face);

  mathref.figure({
    slug: "entropy",
    hint: "Drag the bars. The others make room, so that the sum stays 1.",
    views: [
      { label: "The probabilities of the faces", box: [0, 0, 6, 1], free: true, height: 240, pad: [16, 8, 26, 34] },
      { label: "What each adds to the entropy", box: [0, 0, 2.6, 1], free: true, height: 76, pad: [24, 8, 22, 34] },
    ],
    handles: bars("p", faces.map((face) => `face ${face}`), "accent", (i) => i + 0.5),
    presets: {
      "nothing known": { p: fair },
      "mean 4.5": { p: mathref.scale(1 / (6 * dot(weights, fair)), weights) },
      "a coin": { p: [0.5, 0, 0, 0, 0, 0.5] },
      "a sure six": { p: [0, 0, 0, 0, 0, 1] },
    },
    compute({ p }) {
      const surprises = p.map((x) => -Math.log2(x));
      const terms = p.map((x, i) => (x > 0 ? x * surprises[i] : 0));
      return { surprises, terms, entropy: terms.reduce((sum, x) => sum + x), mean: dot(p, faces) };
    },
    draw([chart, total], { p }, { terms, entropy }) {
      chart.levels([0, 0.25, 0.5, 0.75, 1]);
      let bits = 0;
      p.forEach((x, i) => {
        chart.rectangle([i + 0.15, 0], [i + 0.85, x], "accent", 0.35);
        chart.text([i + 0.5, 0], faces[i], "muted small middle", [0, -18]);
        total.rectangle([bits, 0], [bits + terms[i], 1], "accent", i % 2 ? 0.3 : 0.4);
        if (terms[i] > 0.1) total.text([bits + terms[i] / 2, 0.5], faces[i], "ink small middle", [0, -5]);
        bits += terms[i];
      });
      for (const end of [0, Math.log2(6)]) total.line([[end, 0], [end, 1]], "muted thin");
      total.text([entropy, 1], `${number(entropy)} bits`, `accent small ${entropy > 0.5 ? "end" : ""}`, [0, 7]);
      for (const tick of [0, 1, 2]) total.text([tick, 0], tick, "muted small middle", [0, -16]);
    },
    say: ({ p }, { entropy, surprises, mean }) => [
      ["H(p) = Σ pᵢ log₂ 1/pᵢ = ", part("accent", number(entropy, 3)), " bits, at most log₂ 6 = 2.585"],
      [`surprise of a six: log₂ 1/${number(p[5])} = ${number(surprises[5])} bits`],
      [`mean of the faces: ${number(mean)}`],
    ],
  });
}
