/* Numbers to drag on a line, and above them the log-likelihood of each Gaussian as contours over mean and deviation. */
"use strict";

{
  const { circle, number, part, tuple } = mathref;
  const sum = (x) => x.reduce((total, entry) => total + entry, 0);
  const handle = (label, colour, at, move, along) => ({ label, colour, at, move, along, step: 0.05 });
  const settle = (_, [mu, sigma]) => ({ mu, sigma: Math.max(0.05, sigma) });
  const put = (i) => ({ x }, [to]) => ({ x: x.map((entry, j) => (j === i ? to : entry)) });
  // Where a Gaussian of deviation s is as likely as a level says: (μ - mean)² = 2 s² (c - ln s) - variance.
  const contour = (mean, variance, c) => {
    const square = (s) => 2 * s * s * (c - Math.log(s)) - variance;
    const [low, high] = [1e-6, Math.exp(c)].map((outside) => {
      let ends = [Math.exp(c - 0.5), outside]; // the first, where it is widest, is inside
      for (let step = 0; step < 40; step++) {
        const middle = sum(ends) / 2;
        ends = square(middle) > 0 ? [middle, ends[1]] : [ends[0], middle];
      }
      return ends[0];
    });
    return circle.map(([x, y]) => {
      const s = low + ((high - low) * (1 + x)) / 2;
      return [mean + Math.sign(y) * Math.sqrt(Math.max(0, square(s))), s];
    });
  };

  mathref.figure({
    slug: "maximum-likelihood",
    hint: "Drag μ and σ uphill, then move the numbers on the line.",
    views: [
      { label: "Contours by mean and deviation", box: [-4, 0, 4, 3.2], height: 340, pad: [8, 8, 30, 34] },
      { label: "The Gaussian and the numbers", box: [-4, 0, 4, 0.5], free: true, height: 120, pad: [8, 8, 10, 34] },
    ],
    handles: [
      handle("Mean μ and standard deviation σ", "accent", ({ mu, sigma }) => [mu, sigma], settle),
      ...[0, 1, 2, 3].map((i) => handle(`Number ${i + 1}`, "ink", ({ x }) => [x[i], 0], put(i), true)),
    ],
    presets: {
      "four numbers": { x: [-1.5, -0.5, 0, 2] },
      "an outlier": { x: [-1, -0.8, -0.6, 3.5] },
      "nearly equal": { x: [0.2, 0.3, 0.4, 0.5] },
    },
    state: { mu: -1, sigma: 2 },
    compute({ x, mu, sigma }) {
      const [mean, n] = [sum(x) / x.length, x.length];
      const variance = sum(x.map((entry) => (entry - mean) ** 2)) / n;
      const at = (m, v) => -(n / 2) * Math.log(2 * Math.PI * v) - sum(x.map((entry) => (entry - m) ** 2)) / (2 * v);
      const [deviation, top] = [Math.sqrt(variance), variance ? at(mean, variance) : Infinity];
      return { value: at(mu, sigma ** 2), mean, deviation, top };
    },
    draw([plane, chart], { x, mu, sigma }, { mean, deviation }) {
      plane.grid();
      for (const down of [0.05, 0.2, 0.5, 1, 2, 4]) {
        plane.line(contour(mean, deviation ** 2, Math.log(Math.max(deviation, 0.05)) + 0.5 + down), "muted thin");
      }
      plane.dot([mean, deviation], "second", 5);
      plane.text([-4, 3.2], "σ", "muted small end", [-8, -12]);
      plane.text([4, 0], "μ", "muted small end", [0, -22]);
      const bell = Array.from({ length: 321 }, (_, i) => (i - 160) / 40);
      const density = (z) => Math.exp(-(((z - mu) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI));
      chart.line([[-4, 0], [4, 0]], "muted thin");
      chart.line(bell.map((z) => [z, density(z)]), "accent");
      chart.text([-4, 0.5], "density", "muted small", [0, -8]);
      for (const z of x) chart.line([[z, 0], [z, density(z)]], "ink");
    },
    say: ({ mu, sigma }, { value, mean, deviation, top }) => [
      [part("accent", `μ, σ = ${tuple([mu, sigma], 2)}`), ": ln L = ", part("accent", number(value, 3))],
      ["most likely: ", part("second", tuple([mean, deviation], 2)), ": ln L = ", part("second", number(top, 3))],
    ],
  });
}
