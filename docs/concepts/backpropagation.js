/* A tape of three operations that fills forwards and empties backwards, one step at a time. */
"use strict";

{
  const { number, part } = mathref;
  const say = (x) => number(x, Number.isInteger(x) ? 0 : 3);
  const factor = (x) => (x < 0 ? `(${say(x)})` : say(x));
  // Each operation: its value, its derivatives by the operands, how it is written.
  const times = [(a, b) => a * b, [(_, b) => b, (a) => a], (a, b) => `${a} · ${b}`];
  const plus = [(a, b) => a + b, [() => 1, () => 1], (a, b) => `${a} + ${b}`];
  const square = [(a) => a * a, [(a) => 2 * a], (a) => `${a}²`];
  const tanh = [Math.tanh, [(a) => 1 - Math.tanh(a) ** 2], (a) => `tanh ${a}`];
  // Operands are numbers of nodes: the inputs, then the results.
  const graph = (letters, inputs, ...tape) => ({ names: [...letters, "v₁", "v₂", "v₃"], inputs, tape });
  const graphs = {
    "(ab + c)²": graph("abc", [2, -3, 10], [times, 0, 1], [plus, 3, 2], [square, 4]),
    "(xx + x) x": graph("x", [3], [times, 0, 0], [plus, 1, 0], [times, 2, 0]),
    "tanh(wx + b)": graph("wxb", [0.5, 2, -0.5], [times, 0, 1], [plus, 3, 2], [tanh, 4]),
  };
  const places = (n) =>
    n > 1 ? [[0, 2], [0, 1], [0, 0], [1.1, 1.5], [2.2, 1], [3.3, 1]] : [[0, 0.2], [1.1, 1.9], [2.2, 1.6], [3.3, 0.8]];
  // An edge ends short of its two nodes, so that their names can be read.
  const edge = (p, q) => {
    const share = 0.13 / Math.hypot(q[0] - p[0], q[1] - p[1]);
    return [[p, q], [q, p]].map(([from, to]) => from.map((x, axis) => x + share * (to[axis] - x)));
  };
  const written = ([[, , write], ...of], all) => write(...of.map((i) => all[i]));

  mathref.figure({
    slug: "backpropagation",
    hint: "Go back to step 0 and on again: the tape fills forwards and empties backwards. Then change the first input.",
    views: [{ label: "The graph and the tape", box: [-0.4, -1.2, 3.8, 2.5], free: true, height: 330 }],
    state: { step: 7 },
    presets: Object.fromEntries(Object.keys(graphs).map((name) => [name, { name, first: graphs[name].inputs[0] }])),
    controls: [
      { key: "step", label: "step", min: 0, max: 7, step: 1, say: (step) => `${step} of 7` },
      { key: "first", label: "first input", min: -4, max: 4, step: 0.5, say: (first) => number(first, 1) },
    ],
    compute({ name, first, step }) {
      const { tape, inputs } = graphs[name];
      const [values, adjoints, n] = [[first, ...inputs.slice(1)], [], inputs.length];
      for (const [[value], ...of] of tape.slice(0, step)) values.push(value(...of.map((i) => values[i])));
      if (step > 3) adjoints[n + 2] = 1;
      let shares = [];
      for (let k = 2; k > 6 - step; k--) {
        const [[, slopes], ...of] = tape[k];
        shares = of.map((i, j) => [i, adjoints[n + k], slopes[j](...of.map((operand) => values[operand]))]);
        for (const [i, above, slope] of shares) adjoints[i] = (adjoints[i] ?? 0) + above * slope;
      }
      return { values, adjoints, shares, recorded: Math.min(step, 3, 7 - step) };
    },
    draw([plane], { name, step }, { values, adjoints, recorded }) {
      const { tape, names, inputs: { length: n } } = graphs[name];
      const at = places(n);
      tape.forEach((row, k) => {
        const left = 1.4 * k - 0.35;
        const kind = k === step - 1 ? "accent" : k === 7 - step ? "second" : "muted thin";
        for (const i of row.slice(1)) plane.line(edge(at[i], at[n + k]), kind);
        plane.rectangle([left, -1.1], [left + 1.3, -0.65], "accent", k < recorded ? 0.25 : 0.06);
        const words = k < recorded ? `${names[n + k]} = ${written(row, names)}` : "";
        plane.text([left + 0.65, -0.94], words, "ink small middle");
      });
      at.forEach((point, i) => {
        plane.text(point, names[i], "ink middle", [0, -4]);
        if (i in values) plane.text(point, say(values[i]), "accent small middle", [0, -22]);
        if (i in adjoints) plane.text(point, say(adjoints[i]), "second small middle", [0, 14]);
      });
    },
    say({ name, step }, { values, adjoints, shares }) {
      const { tape, names, inputs } = graphs[name];
      const known = inputs.map((_, i) => `by ${names[i]}: ${i in adjoints ? say(adjoints[i]) : "?"}`);
      const share = ([i, above, slope]) => `${names[i]} gets ${factor(above)} · ${factor(slope)}`;
      const back = step < 5 ? "v₃ by itself: 1" : shares.map(share).join(", ");
      const sides = () => [names, values.map(factor)].map((all) => written(tape[step - 1], all));
      const there = () => [names[values.length - 1], ...sides(), say(values.at(-1))].join(" = ");
      const now = step > 3 ? part("second", `backwards: ${back}`) : part("accent", `forwards: ${step ? there() : "–"}`);
      return [[now], [`derivative of v₃ ${known.join(", ")}`]];
    },
  });
}
