/* A line fitted to the stopping distances of fifty cars, by one example a step, by ten, or by all of them. */
"use strict";

{
  const { circle, dot, number, part, scale, tip, tuple } = mathref;
  const distances = {
    4: [2, 10],
    7: [4, 22],
    8: [16],
    9: [10],
    10: [18, 26, 34],
    11: [17, 28],
    12: [14, 20, 24, 28],
    13: [26, 34, 34, 46],
    14: [26, 36, 60, 80],
    15: [20, 26, 54],
    16: [32, 40],
    17: [32, 40, 50],
    18: [42, 56, 76, 84],
    19: [36, 46, 68],
    20: [32, 48, 52, 56, 64],
    22: [66],
    23: [54],
    24: [70, 92, 93, 120],
    25: [85],
  };
  const cars = Object.entries(distances).flatMap(([speed, all]) => all.map((feet) => [(speed - 10) / 5, feet / 10]));
  const mean = (rows, term) => rows.reduce((sum, row) => sum + term(row), 0) / rows.length;
  const residual = ([b, w]) => ([x, y]) => b + w * x - y;
  const loss = (theta) => mean(cars, (car) => residual(theta)(car) ** 2) / 2;
  const gradient = (theta, rows) => [mean(rows, residual(theta)), mean(rows, (row) => residual(theta)(row) * row[0])];

  /** Mulberry32: numbers from 0 to 1, the same for the same seed on every machine. */
  const generator = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const shuffled = (rows, random) => rows.map((row) => [random(), row]).sort(([x], [y]) => x - y).map(([, row]) => row);

  // The loss is a bowl with Hessian (1 m; m v), r² its determinant: contours are circles, slanted and stretched.
  const [m, v] = [mean(cars, ([x]) => x), mean(cars, ([x]) => x * x)];
  const [my, mxy, r] = [mean(cars, ([, y]) => y), mean(cars, ([x, y]) => x * y), Math.sqrt(v - m * m)];
  const least = [(v * my - m * mxy) / r ** 2, (mxy - m * my) / r ** 2];
  const contour = (level) =>
    circle.map((point) => {
      const [x, y] = scale(Math.sqrt(2 * level), point);
      return [least[0] + x - (m / r) * y, least[1] + y / r];
    });
  const limit = 2 / ((1 + v) / 2 + Math.hypot((1 - v) / 2, m));
  const colours = { 1: "third", 10: "accent", 50: "second" };

  mathref.figure({
    slug: "gradient-descent",
    hint: "Drag the start, choose how many examples make a step, and raise the learning rate until it breaks.",
    views: [
      { label: "The path over intercept and slope", box: [-0.9, 0.1, 3.3, 3.3], height: 320, kind: "half" },
      {
        label: "The loss above its minimum",
        box: [0, -2.5, 1, 2.5],
        free: true,
        height: 320,
        kind: "half",
        pad: [30, 10, 26, 42],
      },
    ],
    state: { start: [-0.5, 0.4], epochs: 10, seed: 1, batch: 10, rate: 0.1 },
    handles: [tip("start", "Start", "ink")],
    presets: {
      "one example": { batch: 1, rate: 0.02 },
      ten: { batch: 10, rate: 0.1 },
      "all fifty": { batch: 50, rate: 0.3 },
      "shuffle again": ({ seed }) => ({ seed: seed + 1 }),
    },
    controls: [
      {
        key: "rate",
        label: "learning rate η",
        min: -2.5,
        max: 0.3,
        step: 0.01,
        say: (rate) => number(rate, 3),
        read: (position) => Number((10 ** position).toPrecision(3)),
        write: Math.log10,
      },
      { key: "epochs", label: "epochs", min: 0, max: 30, step: 1, say: String, read: Math.floor },
    ],
    compute({ start, batch, rate, epochs, seed }) {
      const [path, random, far] = [[start], generator(seed), 1e6 * Math.max(1, ...start.map(Math.abs))];
      let [rows, x, steepest, diverged] = [cars, start, 0, false];
      for (let step = 0; step < Math.ceil(cars.length / batch) * epochs && !diverged; step++) {
        const first = (step * batch) % cars.length;
        if (first === 0) rows = shuffled(rows, random);
        const slope = gradient(x, rows.slice(first, first + batch));
        diverged = Math.hypot(...slope) > steepest && steepest > 0 && Math.hypot(...x) > far;
        steepest = Math.max(steepest, Math.hypot(...slope));
        if (!diverged) path.push(x = x.map((entry, k) => entry - rate * slope[k]));
      }
      return { path, losses: path.map(loss), diverged, least, lowest: loss(least), limit };
    },
    draw([plane, chart], { batch, epochs }, { path, losses, lowest }) {
      const colour = colours[batch];
      for (const level of [0.02, 0.1, 0.4, 1, 2.2, 4, 6.5, 10, 15, 22]) plane.line(contour(level), "faint thin");
      plane.line(path, colour);
      if (path.length < 120) { for (const point of path) plane.dot(point, colour, 2); }
      plane.dot(least, "ink");
      plane.dot(path.at(-1), colour, 5);
      plane.text([3.2, 0.1], "intercept →", "muted small end", [0, 6]);
      plane.text([-0.9, 3.3], "↑ slope", "muted small", [4, -14]);
      chart.text([0.5, 2.5], "loss above its minimum", "muted small middle", [0, 12]);
      chart.levels([-2, -1, 0, 1, 2], (power) => String(10 ** power));
      const height = (value) => Math.min(Math.max(Math.log10(value - lowest), -2.6), 2.7);
      chart.line(losses.map((value, i) => [(i * batch) / 50 / (epochs || 1), height(value)]), colour);
      chart.text([1, -2.5], `${epochs} epochs`, "muted small end", [0, -18]);
    },
    say({ rate, batch }, { path, losses, diverged, lowest }) {
      const [end, colour] = [losses.at(-1), colours[batch]];
      const verdict = diverged ? ", diverged" : end > losses[0] ? ", larger than at the start" : "";
      const rule = batch < 50 ? "" : ` ${rate < limit ? "<" : "≥"} 2/L = ${number(limit, 3)}`;
      return [
        [`x ← x − η ∇f(x) with η = ${number(rate, 3)}${rule}`],
        [`${path.length - 1} steps to `, part(colour, tuple(path.at(-1), 2)), `; the minimum is at ${tuple(least, 2)}`],
        [`loss ${number(losses[0])} → `, part(colour, number(end, 3)), `${verdict}; at least ${number(lowest, 3)}`],
      ];
    },
  });
}
