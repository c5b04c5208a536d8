/* A cloud of points to drag: its covariance matrix, and the ellipse that the matrix draws. */
"use strict";

{
  const { circle, dot, matrix, number, part, scale } = mathref;
  const mean = (x) => x.reduce((sum, entry) => sum + entry, 0) / x.length;
  const plus = (x, y) => x.map((entry, i) => entry + y[i]);
  const tilted = [[-2.2, -1.2], [-1.4, 0.2], [-0.4, -0.6], [0.6, 0.4], [1.2, -0.2], [2.2, 1.4]];
  const parabola = [-2, -1.2, -0.4, 0.4, 1.2, 2].map((x, i) => [x, [1.4, -0.2, -1, -1, -0.2, 1.4][i]]);
  const outlier = [[-2, -1], [-1.4, -0.6], [-2, -0.2], [-2.6, -0.6], [-2, -0.6], [3, 1.6]];
  const line = [-3, -1.8, -0.6, 0.6, 1.8, 3].map((x) => [x, -x / 2]);

  mathref.figure({
    slug: "covariance",
    hint: "Drag a point. How do the ellipse and the correlation follow?",
    views: [{ label: "Points, and ellipses of one and two standard deviations", box: [-4, -2.2, 4, 2.2] }],
    handles: tilted.map((_, i) => ({
      label: `Point ${i + 1}`,
      colour: "second",
      at: ({ points }) => points[i],
      move: ({ points }, to) => ({ points: points.map((point, j) => (i === j ? to : point)) }),
    })),
    presets: {
      "a tilted cloud": { points: tilted },
      "a parabola": { points: parabola },
      "one outlier": { points: outlier },
      "on a line": { points: line },
    },
    compute({ points }) {
      const columns = [0, 1].map((i) => points.map((point) => point[i]));
      const centre = columns.map(mean);
      const [x, y] = columns.map((column, i) => column.map((entry) => entry - centre[i]));
      const [a, b, c] = [dot(x, x), dot(x, y), dot(y, y)].map((sum) => sum / points.length);
      const turn = Math.atan2(2 * b, a - c) / 2;
      const axes = [[Math.cos(turn), Math.sin(turn)], [-Math.sin(turn), Math.cos(turn)]];
      const spreads = axes.map((u) => Math.sqrt(mean(x.map((entry, i) => dot(u, [entry, y[i]]) ** 2))));
      const correlation = a && c ? Math.min(1, Math.max(-1, b / Math.sqrt(a) / Math.sqrt(c))) : null;
      return { centre, covariance: [[a, b], [b, c]], correlation, axes, spreads };
    },
    draw([plane], _, { centre, axes, spreads }) {
      const [long, short] = axes.map((axis, i) => scale(spreads[i], axis));
      const ellipse = (k) => circle.map(([u, v]) => plus(centre, plus(scale(k * u, long), scale(k * v, short))));
      plane.grid();
      plane.line(ellipse(2), "accent thin");
      plane.line(ellipse(1), "accent");
      for (const axis of [long, short]) {
        if (Math.hypot(...axis) > 0.05) plane.arrow(plus(centre, axis), "accent", "", centre);
      }
      plane.dot(centre, "ink", 3);
    },
    say(_, { covariance, correlation, spreads }) {
      const words = correlation === null ? "a constant has no correlation" : `correlation ${number(correlation)}`;
      const [long, short] = spreads.map((spread) => part("accent", number(spread)));
      return [["Σ = ", matrix(covariance), ", ", words], ["spread ", long, " along the long axis, ", short, " across"]];
    },
  });
}
