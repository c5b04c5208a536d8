/* Contours of a surface with a point to drag: its gradient, and the slope along a direction to turn. */
"use strict";

{
  const { circle, dot, number, part, scale, tip, tuple } = mathref;
  const degrees = ([x, y]) => (Math.atan2(y, x) * 180) / Math.PI;
  const plus = (x, y) => x.map((entry, i) => entry + y[i]);
  // f = (x² + k y²) / 4. A level is an ellipse; for k < 0 it is two branches of a hyperbola.
  const value = (k, [x, y]) => (x * x + k * y * y) / 4;
  const contour = (k, level) => {
    const [a, b] = [Math.sqrt(Math.abs(4 * level)), Math.sqrt(Math.abs((4 * level) / k))];
    if (k > 0) return [circle.map(([x, y]) => [a * x, b * y])];
    const branch = (side) => circle.slice(0, 181).map((_, i) => [side * Math.cosh(i / 30 - 3), Math.sinh(i / 30 - 3)]);
    return [1, -1].map((side) => branch(side).map(([u, v]) => (level > 0 ? [a * u, b * v] : [a * v, b * u])));
  };

  mathref.figure({
    slug: "gradient",
    hint: "Drag the point, and turn the direction u. Along which is the slope greatest?",
    views: [
      { label: "Contours, the gradient and a direction", box: [-3.7, -2.2, 3.7, 2.2], height: 340 },
      { label: "Slope by direction", box: [-180, -3, 180, 3], free: true, height: 170, pad: [24, 18, 24, 34] },
    ],
    handles: [tip("x", "The point x", "ink")],
    presets: { valley: { k: 4, x: [-2, 0.5] }, bowl: { k: 1, x: [-2, 0.5] }, saddle: { k: -1, x: [-2, 0.5] } },
    state: { turn: 45 },
    controls: [{
      key: "turn",
      label: "direction u",
      min: -180,
      max: 180,
      step: 1,
      say: (turn) => `${number(turn, 0)}°`,
    }],
    compute({ k, x, turn }) {
      const [gradient, u] = [[x[0] / 2, (k * x[1]) / 2], [turn, turn - 90].map((t) => Math.cos((t * Math.PI) / 180))];
      const norm = Math.hypot(...gradient);
      const cosine = Math.min(1, dot(gradient, x) / (norm * Math.hypot(...x))); // of the angle from −∇f to the way to 0
      const off = norm && k > 0 ? (Math.acos(cosine) * 180) / Math.PI : null;
      return { value: value(k, x), gradient, norm, u, slope: dot(gradient, u), off };
    },
    draw([plane, chart], { k, x, turn }, { value: here, gradient, norm, u, slope }) {
      const levels = [0.1, 0.4, 0.9, 1.6, 2.5, 3.6].flatMap((level) => (k > 0 ? [level] : [level, -level]));
      for (const level of levels) for (const line of contour(k, level)) plane.line(line, "faint thin");
      if (here) { for (const line of contour(k, here)) plane.line(line, "muted"); }
      plane.dot([0, 0], "muted", 3);
      plane.arrow(plus(x, u), "second", "u", x);
      if (norm > 0.05) plane.arrow(plus(x, gradient), "accent", "∇f", x);
      chart.levels([-2, -1, 0, 1, 2], (height) => number(height, 0));
      for (const t of [-180, -90, 0, 90, 180]) chart.text([t, -3], `${number(t, 0)}°`, "muted small middle", [0, -18]);
      chart.line(circle.map((_, i) => [i - 180, dot(gradient, scale(-1, circle[i]))]), "second");
      if (norm) chart.dot([degrees(gradient), norm], "accent", 5);
      chart.dot([turn, slope], "second", 5);
      chart.text([0, 3], "slope along u", "muted small middle", [0, 10]);
    },
    say({ x }, { gradient, norm, slope, off }) {
      const words = off === null ? [] : [`, ${number(off, 0)}° off the way to the minimum`];
      return [
        [part("accent", `∇f = ${tuple(gradient, 2)}`), ` at x = ${tuple(x)}, of length `, part("accent", number(norm))],
        ["slope along ", part("second", "u"), ": ∇f · u = ", part("second", number(slope))],
        norm ? ["straight downhill is −∇f", ...words] : ["∇f = 0: level in every direction"],
      ];
    },
  });
}
