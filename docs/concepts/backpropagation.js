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
  // Operands are numbers of values: the inputs, then the results.
  const graph = (inputs, tape, first) => ({ tape, names: [...inputs, "v₁", "v₂", "v₃"], inputs: first });
  const three = (last) => [[times, 0, 1], [plus, 3, 2], [last, 4]];
  const graphs = {
    "(ab + c)²": graph("abc", three(square), [2, -3, 10]),
    "(xx + x) x": graph("x", [[times, 0, 0], [plus, 1, 0], [times, 2, 0]], [3]),
    "tanh(wx + b)": graph("wxb", three(tanh), [0.5, 2, -0.5]),
  };
  const places = (n) => [...(n > 1 ? [[0, 2], [0, 1], [0, 0]] : [[0, 0.4]]), [1.1, 1.6], [2.2, 1], [3.3, 1]];
  const written = ([[, , write], ...of], all) => write(...of.map((i) => all[i]));

  mathref.figure({
    slug: "backpropagation",
    hint: "Move the step: the tape fills forwards and empties backwards. Then change the first input.",
    views: [{ label: "The graph and the tape", box: [-0.4, -1.2, 3.8, 2.5], free: true, height: 330 }],
    state: { step: 0 },
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
      return { values, adjoints, shares, recorded: step < 4 ? step : Math.min(3, 7 - step) };
    },
    draw([plane], { name, step }, { values, adjoints, recorded }) {
      const { tape, names, inputs } = graphs[name];
      const at = places(inputs.length);
      tape.forEach((row, k) => {
        const [end, left] = [at[inputs.length + k], 1.4 * k - 0.35];
        const kind = step < 4 && k === step - 1 ? "accent" : step > 4 && k === 7 - step ? "second" : "muted thin";
        for (const i of row.slice(1)) plane.line([at[i], end], kind);
        plane.rectangle([left, -1.1], [left + 1.3, -0.65], "accent", k < recorded ? 0.25 : 0.06);
        const words = `${names[inputs.length + k]} = ${written(row, names)}`;
        if (k < recorded) plane.text([left + 0.65, -0.94], words, "ink small middle");
      });
      at.forEach((point, i) => {
        plane.text(point, names[i], "ink middle", [0, -4]);
        if (i in values) plane.text(point, say(values[i]), "accent small middle", [0, -22]);
        if (adjoints[i] !== undefined) plane.text(point, say(adjoints[i]), "second small middle", [0, 14]);
      });
    },
    say({ name, step }, { values, adjoints, shares }) {
      const { tape, names, inputs } = graphs[name];
      const known = inputs.map((_, i) => `${names[i]}̄ = ${adjoints[i] === undefined ? "?" : say(adjoints[i])}`);
      const share = ([i, above, slope]) => `${names[i]} gets ${factor(above)} · ${factor(slope)}`;
      const line = () => {
        if (step === 0) return ["the inputs have values, the tape is empty"];
        if (step > 3) return ["backwards: ", part("second", step < 5 ? "v̄₃ = 1" : shares.map(share).join(", "))];
        const sides = [names, values.map(factor)].map((all) => written(tape[step - 1], all));
        return ["forwards: ", part("accent", [names[values.length - 1], ...sides, say(values.at(-1))].join(" = "))];
      };
      return [line(), [`derivatives of v₃: ${known.join(", ")}`]];
    },
  });
}
