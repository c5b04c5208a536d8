/* Two distributions as pairs of bars to drag: the divergences both ways, term by term. */
"use strict";

{
  const { bars, number, part } = mathref;
  const titles = ["D(p‖q)", "D(q‖p)"];
  const names = ["a", "b", "c", "d", "e", "f"];
  const total = (terms) => terms.reduce((sum, x) => sum + x);
  const termsOf = (p, q) => p.map((x, i) => (x > 0 ? x * Math.log2(x / q[i]) : 0));
  const panel = { box: [0, -0.5, 6, 1.3], free: true, kind: "half", height: 150, pad: [26, 8, 8, 34] };

  mathref.figure({
    slug: "kl-divergence",
    hint: "Drag the bars of p and q. The others of the same colour make room.",
    views: [
      { label: "The probabilities p and q", box: [0, 0, 6, 1], free: true, height: 220, pad: [16, 8, 26, 34] },
      { label: "The terms of the divergence of p from q", ...panel },
      { label: "The terms of the divergence of q from p", ...panel },
    ],
    handles: [...bars("p", names, "second", (i) => i + 0.28), ...bars("q", names, "third", (i) => i + 0.72)],
    presets: {
      "narrow and wide": { p: [0.01, 0.22, 0.66, 0.09, 0.01, 0.01], q: [0.01, 0.1, 0.32, 0.36, 0.17, 0.04] },
      "two peaks": { p: [0.25, 0.24, 0.01, 0.01, 0.24, 0.25], q: [0.1, 0.2, 0.2, 0.2, 0.2, 0.1] },
      impossible: { p: [0, 0.2, 0.2, 0.2, 0.2, 0.2], q: [0.2, 0.2, 0.2, 0.2, 0.1, 0.1] },
      equal: { p: names.map(() => 1 / 6), q: names.map(() => 1 / 6) },
    },
    compute({ p, q }) {
      const [forward, backward, middle] = [termsOf(p, q), termsOf(q, p), p.map((x, i) => (x + q[i]) / 2)];
      const js = (total(termsOf(p, middle)) + total(termsOf(q, middle))) / 2;
      return { terms: [forward, backward], divergences: [total(forward), total(backward)], js };
    },
    draw([chart, ...panels], { p, q }, { terms, divergences }) {
      chart.levels([0, 0.25, 0.5, 0.75, 1]);
      names.forEach((name, i) => {
        chart.rectangle([i + 0.1, 0], [i + 0.46, p[i]], "second", 0.35);
        chart.rectangle([i + 0.54, 0], [i + 0.9, q[i]], "third", 0.35);
        chart.text([i + 0.5, 0], name, "muted small middle", [0, -18]);
      });
      panels.forEach((panel, k) => {
        panel.text([3, 1.3], `${titles[k]}: ${number(divergences[k])} bits`, "accent small middle", [0, 10]);
        panel.levels([0, 1]);
        terms[k].forEach((term, i) => {
          panel.rectangle([i + 0.15, 0], [i + 0.85, Math.min(term, 1.3)], "accent", 0.4);
          if (term === Infinity) panel.text([i + 0.5, 1.3], "∞", "ink middle", [0, -18]);
        });
      });
    },
    say(_, { divergences: [forward, backward], js }) {
      const roles = (draws, believed) => [" bits: ", draws, " draws, ", believed, " is believed"];
      const [p, q] = [() => part("second", "p"), () => part("third", "q")];
      return [
        ["D(p‖q) = Σ pᵢ log₂ pᵢ/qᵢ = ", part("accent", number(forward, 3)), ...roles(p(), q())],
        ["D(q‖p) = Σ qᵢ log₂ qᵢ/pᵢ = ", part("accent", number(backward, 3)), ...roles(q(), p())],
        [`Jensen–Shannon ${number(js, 3)} bits: the same both ways, at most 1`],
      ];
    },
  });
}
