/* The mean square of activations through twenty layers, for a gain to choose and for three common ones. */
"use strict";

{
  const { number, part } = mathref;
  const [layers, lowest, highest, pad] = [20, -9, 6, [26, 12, 30, 46]];
  const choices = { "torch.nn.Linear": Math.sqrt(1 / 3), Xavier: 1, Kaiming: Math.SQRT2 };
  const names = { linear: "linear", relu: "ReLU", leaky_relu: "leaky ReLU", tanh: "tanh" };
  const slope = 0.2; // of the leaky ReLU to the left
  const grid = Array.from({ length: 481 }, (_, i) => (i - 240) / 20);
  const weights = grid.map((t) => Math.exp((-t * t) / 2) / (20 * Math.sqrt(2 * Math.PI)));
  /** E[f(z)²] for z of mean 0 and variance q. */
  const kept = {
    linear: (q) => q,
    relu: (q) => q / 2,
    leaky_relu: (q) => (q * (1 + slope * slope)) / 2,
    tanh: (q) => grid.reduce((sum, t, i) => sum + weights[i] * Math.tanh(Math.sqrt(q) * t) ** 2, 0),
  };
  const course = (kind, gain) => {
    const squares = [1];
    while (squares.length <= layers) squares.push(kept[kind](gain * gain * squares.at(-1)));
    return squares;
  };
  const powers = { "-9": "10⁻⁹", "-6": "10⁻⁶", "-3": "10⁻³", 0: "1", 3: "10³", 6: "10⁶" };
  const short = (x) => String(Number(x.toPrecision(3))).replace("-", "−").replace("+", "");

  mathref.figure({
    slug: "initialization",
    hint: "Move the gain, then change the nonlinearity. Which gain keeps the line level?",
    views: [{ label: "Mean square by layer", box: [0, lowest, layers, highest], free: true, height: 300, pad }],
    presets: Object.fromEntries(["relu", "leaky_relu", "linear", "tanh"].map((kind) => [names[kind], { kind }])),
    state: { gain: 1.6 },
    controls: [{ key: "gain", label: "gain", min: 0.4, max: 2.4, step: 0.01, say: (gain) => number(gain) }],
    compute: ({ kind, gain }) => ({
      squares: course(kind, gain),
      others: Object.values(choices).map((other) => course(kind, other)),
    }),
    draw([chart], _, { squares, others }) {
      const line = (values) => values.map((y, i) => [i, Math.log10(y)]).filter(([, y]) => y >= lowest && y <= highest);
      chart.levels([-9, -6, -3, 0, 3, 6], (power) => powers[power]);
      for (const layer of [0, 5, 10, 15, 20]) chart.text([layer, lowest], layer, "muted small middle", [0, -18]);
      chart.text([0, highest], "mean square of the activations by layer", "muted small", [0, 12]);
      others.forEach((values, k) => {
        const points = line(values);
        chart.line(points, "second dashed");
        chart.text(points.at(-1), Object.keys(choices)[k], "second small end", [-2, 6]);
      });
      chart.line(line(squares), "accent");
    },
    say: ({ kind, gain }, { squares, others }) => [
      [`weights of variance gain² / n = ${short(gain * gain)} / n, then ${names[kind]}`],
      [`1 becomes ${short(squares[1])} by one layer, `, part("accent", `${short(squares.at(-1))} by twenty`)],
      [`twenty by ${Object.keys(choices).join(", ")}: `, part("second", others.map((y) => short(y.at(-1))).join(", "))],
    ],
  });
}
