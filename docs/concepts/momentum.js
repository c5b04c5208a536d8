/* A heavy ball in a valley: its learning rate and momentum as a point of the region in which it converges. */
"use strict";

{
  const { circle, number, part, tip } = mathref;
  // Units in which the largest curvature is 1; the smallest is then 1/κ. An error follows r² = tr − d with these t and d.
  const modulus = (rate, beta, h, ahead) => {
    const [t, d] = ahead ? [(1 + beta) * (1 - rate * h), beta * (1 - rate * h)] : [1 + beta - rate * h, beta];
    const inside = t * t - 4 * d;
    return inside < 0 ? Math.sqrt(d) : (Math.abs(t) + Math.sqrt(inside)) / 2;
  };
  // The learning rates with which no root of either direction exceeds ρ: |d| ≤ ρ² and |t| ≤ ρ + d/ρ.
  const between = (rho, beta, kappa, ahead) => {
    if (!ahead) return [kappa * (1 - rho) * (1 - beta / rho), (1 + rho) * (1 + beta / rho)];
    const most = Math.min(rho ** 2 / beta, rho / (1 + beta - beta / rho));
    return [kappa * (1 - most), 1 + rho / (1 + beta + beta / rho)];
  };
  const region = (rho, kappa, ahead) => {
    const betas = circle.map((_, i) => (i / 360) * (ahead ? 1 : rho ** 2));
    const rows = betas.map((b) => [b, between(rho, b, kappa, ahead)]).filter(([, [low, high]]) => low <= high);
    const [lows, highs] = [0, 1].map((side) => rows.map(([b, ends]) => [Math.min(Math.max(ends[side], 0), 4), b]));
    return [...lows, ...highs.reverse()];
  };
  const best = ({ kappa, ahead }) => {
    const root = Math.sqrt(ahead ? 3 * kappa + 1 : kappa);
    if (ahead) return { pair: [(4 * kappa) / (3 * kappa + 1), (root - 2) / (root + 2)] };
    return { pair: [(4 * kappa) / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2] };
  };
  const [steps, colours] = [[Infinity, 100, 50, 20, 10, 5], ["second", "third"]]; // steps that gain one digit
  const pairs = { "β = 0": { pair: [1.9, 0] }, "β = 0.9": { pair: [0.5, 0.9] }, "too far": { pair: [3.9, 0.9] } };
  const [pad, half] = [[16, 14, 30, 34], { height: 270, kind: "half" }];
  const powers = { read: (power) => Math.round(10 ** power), write: Math.log10 };

  mathref.figure({
    slug: "momentum",
    hint: "Drag the point in the region of convergence, and the start of the ball. Where does the ball arrive first?",
    views: [
      { label: "Learning rate and momentum", box: [0, 0, 4, 1], free: true, ...half, pad },
      { label: "The path of the ball", box: [-1.2, -1, 1.2, 1], ...half },
      { label: "The error in both directions", box: [0, -8, 1, 0.5], free: true, height: 180, pad },
    ],
    state: { pair: [0.5, 0.9], kappa: 30, taken: 80, start: [-1, 0.6] },
    handles: [{ ...tip("pair", "η and β", "ink"), step: 0.01 }, { ...tip("start", "The start", "ink"), view: 1 }],
    presets: { "heavy ball": { ahead: false }, Nesterov: { ahead: true }, ...pairs, best },
    controls: [
      { key: "kappa", label: "condition number κ", min: 0, max: 3, step: 0.02, say: String, ...powers },
      { key: "taken", label: "steps", min: 1, max: 200, step: 1, say: String },
    ],
    compute({ pair: [rate, beta], kappa, taken, start, ahead }) {
      const [path, curvatures, goal] = [[start], [1 / kappa, 1], best({ kappa, ahead }).pair];
      for (let [x, v] = [start, [0, 0]]; path.length <= taken; path.push(x)) {
        const slope = x.map((entry, i) => curvatures[i] * entry);
        v = v.map((entry, i) => beta * entry + slope[i]);
        x = x.map((entry, i) => entry - rate * (ahead ? slope[i] + beta * v[i] : v[i]));
      }
      const moduli = (pair) => curvatures.map((h) => modulus(...pair, h, ahead));
      const [factors, reached] = [moduli([rate, beta]), Math.max(...moduli(goal))];
      const regions = steps.map((n) => region(10 ** (-1 / n), kappa, ahead));
      return { path, factors, limit: between(1, beta, kappa, ahead)[1], goal, reached, regions };
    },
    draw([plane, valley, chart], { kappa, taken, start }, { path, factors, goal, regions }) {
      regions.forEach((points, i) => {
        plane.area(points, "accent thin");
        if (i > 1 && points.length > 50) {
          plane.text(points[points.length >> 1], steps[i], "accent small end", [-4, -12]);
        }
      });
      plane.levels([0, 0.5, 1]);
      for (const rate of [1, 2, 3, 4]) plane.text([rate, 0], `${rate}/L`, "muted small middle", [0, -16]);
      plane.text([0, 1], "↑ β, with the steps that gain a digit", "muted small", [0, 4]);
      plane.dot(goal, "second", 5);
      const level = (y) => circle.map(([a, b]) => [y * Math.sqrt(kappa) * a, y * b]);
      for (const y of [0.1, 0.25, 0.45, 0.7, 1]) valley.line(level(y), "faint thin");
      valley.line(path, "accent");
      for (const point of path) valley.dot(point, "accent", 2);
      valley.text([1.2, 0], "flat →", "second small end", [-4, 4]);
      valley.text([0, 1], "↑ steep", "third small", [4, -12]);
      chart.levels([-8, -6, -4, -2, 0], (power) => (power ? `10⁻${"⁰¹²³⁴⁵⁶⁷⁸"[-power]}` : "1"));
      colours.forEach((colour, i) => {
        chart.line(path.map((x, k) => [k / taken, Math.log10(Math.abs(x[i] / start[i]) || 0)]), colour);
        chart.line([[0, 0], [1, taken * Math.log10(factors[i])]], `${colour} dashed thin`);
      });
      chart.text([1, -8], `${taken} steps`, "muted small end", [0, -16]);
    },
    say({ pair: [rate, beta] }, { factors, limit, goal, reached }) {
      const speed = (factor) =>
        `× ${number(factor, 3)}, a digit in ${number(Math.abs(1 / Math.log10(factor)), 0)} steps`;
      const verdict = rate < limit ? speed(Math.max(...factors)) : `no convergence from η = ${number(limit)}/L on`;
      const directions = factors.map((x, i) => part(colours[i], `${["flat", "; steep"][i]} × ${number(x, 3)}`));
      return [
        [`η = ${number(rate)}/L, β = ${number(beta)}: ${verdict}`],
        ["the error in a step: ", ...directions],
        [part("ink", `best: η = ${number(goal[0])}/L, β = ${number(goal[1])}: ${speed(reached)}`)],
      ];
    },
  });
}
