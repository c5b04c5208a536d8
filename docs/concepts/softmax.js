/* Five logits to drag and a temperature: the probabilities that softmax makes of them. */
"use strict";

{
  const { number, part } = mathref;
  const names = ["a", "b", "c", "d", "e"];
  const total = (x) => x.reduce((sum, entry) => sum + entry);
  const centred = ({ x }) => ({ x: x.map((entry) => entry - total(x) / x.length) });
  const powers = { read: (power) => 2 ** power, write: Math.log2 }; // of the slider: from an eighth to 8
  const replaced = (x, i, value) => x.map((entry, j) => (j === i ? value : entry));

  mathref.figure({
    slug: "softmax",
    hint: "Drag the logits and the temperature. What changes if all logits move together?",
    views: [
      { label: "The logits", box: [0, -4, 5, 4], free: true, height: 200, pad: [16, 8, 26, 34] },
      { label: "Their probabilities", box: [0, 0, 5, 1], free: true, height: 200, pad: [16, 8, 26, 34] },
    ],
    state: { x: [2, 1, 0, -1, 0.5] },
    handles: names.map((name, i) => ({
      label: `Logit of ${name}`,
      colour: "second",
      upright: true,
      reach: 13,
      at: ({ x }) => [i + 0.5, x[i]],
      move: ({ x }, [, value]) => ({ x: replaced(x, i, value) }),
    })),
    presets: { "T = 1": { T: 1 }, "T = ¼": { T: 0.25 }, "T = 4": { T: 4 }, "subtract the mean": centred },
    controls: [{ key: "T", label: "temperature T", min: -3, max: 3, step: 0.25, say: (T) => number(T), ...powers }],
    compute({ x, T }) {
      const largest = Math.max(...x);
      const exponentials = x.map((entry) => Math.exp((entry - largest) / T));
      const sum = total(exponentials);
      const odds = Math.exp((x[0] - x[1]) / T);
      return { p: exponentials.map((e) => e / sum), odds, soft: largest + T * Math.log(sum) };
    },
    draw([logits, chart], { x }, { p }) {
      logits.levels([-4, -2, 0, 2, 4], (y) => number(y, 0));
      logits.line([[0, 0], [5, 0]], "muted thin");
      chart.levels([0, 0.5, 1]);
      names.forEach((name, i) => {
        logits.rectangle([i + 0.15, 0], [i + 0.85, x[i]], "second", 0.35);
        chart.rectangle([i + 0.15, 0], [i + 0.85, p[i]], "accent", 0.35);
        chart.text([i + 0.5, p[i]], number(p[i]), "accent small middle", [0, 4]);
        chart.text([i + 0.5, 0], name, "muted small middle", [0, -18]);
        logits.text([i + 0.5, -4], name, "muted small middle", [0, -18]);
      });
    },
    say: ({ x, T }, { p, odds, soft }) => [
      [part("accent", `p(a) = ${number(p[0], 4)}`), ` = e^(${number(x[0])}/${number(T)}) / sum`],
      [`odds of a against b: e^((${number(x[0])} − ${number(x[1])})/${number(T)}) = ${number(odds)}`],
      [`largest logit ${number(Math.max(...x))}, softened maximum T log Σ e^(x/T) = `, part("second", number(soft))],
    ],
  });
}
