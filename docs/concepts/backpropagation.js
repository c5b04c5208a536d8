/* A tape of three operations that fills forwards and empties backwards, one step at a time. */
"use strict";

{
  const { number, part } = mathref;
  const say = (x) => number(x, Number.isInteger(x) ? 0 : 3);
  const factor = (x) => (x < 0 ? `(${say(x)})` : say(x));
  // For each operation its value, its derivatives by the operands, and how it is written.
  const rules = {
    "·": { value: (a, b) => a * b, by: [(_, b) => b, (a) => a], write: (a, b) => `${a} · ${b}` },
    "+": { value: (a, b) => a + b, by: [() => 1, () => 1], write: (a, b) => `${a} + ${b}` },
    square: { value: (a) => a * a, by: [(a) => 2 * a], write: (a) => `${a}²` },
    tanh: { value: Math.tanh, by: [(a) => 1 - Math.tanh(a) ** 2], write: (a) => `tanh ${a}` },
  };
  // The names, values and places of the inputs and then of the operations, whose operands are numbers of those.
  const three = [[0, 2], [0, 1], [0, 0], [1.1, 1.5], [2.2, 1], [3.3, 1]];
  const graphs = {
    "(ab + c)²": { names: "abc", rest: [-3, 10], tape: [["·", 0, 1], ["+", 3, 2], ["square", 4]], at: three },
    "(xx + x) x": { names: "x", rest: [], tape: [["·", 0, 0], ["+", 1, 0], ["·", 2, 0]], at: [[0, 0.5], [1.1, 1.8], [2.2, 1.4], [3.3, 1]] },
    "tanh(wx + b)": { names: "wxb", rest: [2, -0.5], tape: [["·", 0, 1], ["+", 3, 2], ["tanh", 4]], at: three },
  };
  const called = ({ names }) => [...names, "v₁", "v₂", "v₃"];

  mathref.figure({
    slug: "backpropagation",
    hint: "Move the step: the tape fills forwards and empties backwards. The other slider changes the first input.",
    views: [{ label: "The graph, and below it the tape", box: [-0.4, -1.3, 3.7, 2.4], free: true, height: 330, pad: [8, 4, 4, 4] }],
    state: { step: 0 },
    presets: {
      "(ab + c)²": { graph: "(ab + c)²", first: 2 },
      "(xx + x) x": { graph: "(xx + x) x", first: 3 },
      "tanh(wx + b)": { graph: "tanh(wx + b)", first: 0.5 },
    },
    controls: [
      { key: "step", label: "step", min: 0, max: 7, step: 1, say: (step) => `${step} of 7` },
      { key: "first", label: "first input", min: -4, max: 4, step: 0.5, say: (first) => number(first, 1) },
    ],
    compute({ graph, first, step }) {
      const { rest, tape } = graphs[graph];
      const [values, inputs] = [[first, ...rest], 1 + rest.length];
      for (const [name, ...of] of tape.slice(0, step)) values.push(rules[name].value(...of.map((i) => values[i])));
      const adjoints = Array(inputs + 3).fill(null);
      const shares = [];
      if (step > 3) adjoints[inputs + 2] = 1;
      for (let k = 2; k > 6 - step; k--) {
        const [name, ...of] = tape[k];
        shares.length = 0;
        of.forEach((i, place) => {
          const local = rules[name].by[place](...of.map((j) => values[j]));
          shares.push([i, adjoints[i] ?? 0, adjoints[inputs + k], local]);
          adjoints[i] = (adjoints[i] ?? 0) + adjoints[inputs + k] * local;
        });
      }
      return { values, adjoints, shares, recorded: step < 4 ? step : Math.min(3, 7 - step) };
    },
    draw([plane], { graph, step }, { values, adjoints, recorded }) {
      const [{ tape, at }, names] = [graphs[graph], called(graphs[graph])];
      const [inputs, now] = [names.length - 3, step < 4 ? step - 1 : 7 - step];
      tape.forEach(([name, ...of], k) => {
        const kind = k !== now || step === 4 ? "muted thin" : step < 4 ? "accent" : "second";
        of.forEach((i, place) => {
          const apart = of[0] === of[1] ? 0.12 * (2 * place - 1) : 0;
          const [[x, y], [far, high]] = [at[i], at[inputs + k]];
          plane.line([[x, y], [(x + far) / 2, (y + high) / 2 + apart], [far, high]], kind);
        });
        const [left, right] = [-0.3 + 1.35 * k, 0.95 + 1.35 * k];
        const [full, middle] = [k < recorded, (left + right) / 2];
        plane.rectangle([left, -1.2], [right, -0.72], full ? "accent" : "faint", full ? 0.25 : 0.3);
        if (full) plane.text([middle, -1.02], `${names[inputs + k]} = ${rules[name].write(...of.map((i) => names[i]))}`, "ink small middle");
      });
      names.forEach((name, i) => {
        plane.dot(at[i], adjoints[i] !== null ? "second" : i < values.length ? "accent" : "faint", 12);
        plane.text(at[i], name, "paper small middle", [0, -4]);
        if (i < values.length) plane.text(at[i], say(values[i]), "accent small middle", [0, 17]);
        if (adjoints[i] !== null) plane.text(at[i], say(adjoints[i]), "second small middle", [0, -27]);
      });
    },
    say({ graph, step }, { values, adjoints, shares }) {
      const [{ tape, names: letters }, names] = [graphs[graph], called(graphs[graph])];
      const inputs = letters.length;
      if (step === 0) return [["The inputs have values, and the tape is empty."], ["Derivatives by the inputs: not yet known"]];
      if (step < 4) {
        const [name, ...of] = tape[step - 1];
        const [symbols, numbers] = [names, values.map(factor)].map((all) => rules[name].write(...of.map((i) => all[i])));
        return [["Forwards: ", part("accent", `${names[inputs + step - 1]} = ${symbols} = ${numbers} = ${say(values.at(-1))}`)], ["It is written on the tape."]];
      }
      if (step === 4) return [["Backwards it begins with ", part("second", "v̄₃ = 1"), ", the result by itself."], ["The tape is full."]];
      const line = ([i, before, above, local]) => `${names[i]}̄ = ${before ? `${say(before)} + ` : ""}${factor(above)} · ${factor(local)} = ${say(before + above * local)}`;
      return [["Backwards through ", names[inputs + 7 - step], ": ", part("second", shares.map(line).join(", "))], [`Derivatives so far: ${[...letters].map((name, i) => `${name}̄ = ${adjoints[i] === null ? "?" : say(adjoints[i])}`).join(", ")}`]];
    },
  });
}
