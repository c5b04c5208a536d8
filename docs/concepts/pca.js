/* Points to drag and a line to turn about their mean: how much of the variance lies along it, and how much is left. */
"use strict";

{
  const { dot, number, part, scale, tuple } = mathref;
  const mean = (x) => x.reduce((sum, entry) => sum + entry, 0) / x.length;
  const direction = (degrees) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const plus = (x, y) => x.map((entry, i) => entry + y[i]);
  const positive = (v) => scale(Math.abs(v[1]) > Math.abs(v[0]) * (1 + 1e-9) ? Math.sign(v[1]) : Math.sign(v[0]), v);
  const points = [[-2.6, -1], [-1.4, -1.2], [-0.6, 0.4], [0.4, -0.2], [1.6, 1.4], [2.6, 0.6]];
  const outlier = [[-2.4, 0], [-1.8, 0.4], [-1.2, -0.4], [-0.6, 0.4], [0, 0], [-0.2, 2.1]];
  const round = [[1.5, 0], [0.75, 1.3], [-0.75, 1.3], [-1.5, 0], [-0.75, -1.3], [0.75, -1.3]];

  mathref.figure({
    slug: "pca",
    hint: "Turn the line until most of the variance lies along it. Then drag a point.",
    views: [
      { label: "Points, a line through their mean, and their feet on it", box: [-4, -2.2, 4, 2.2], height: 300 },
      { label: "Share of the variance by angle", box: [-90, 0, 90, 1], free: true, height: 170, pad: [10, 14, 28, 46] },
    ],
    state: { turn: -20 },
    handles: points.map((_, i) => ({
      label: `Point ${i + 1}`,
      colour: "second",
      at: (state) => state.points[i],
      move: (state, to) => ({ points: state.points.map((point, j) => (i === j ? to : point)) }),
    })),
    controls: [{ key: "turn", label: "Angle of the line", min: -90, max: 90, step: 1, say: (x) => `${number(x, 0)}°` }],
    presets: { "a tilted cloud": { points }, "one outlier": { points: outlier }, "a round cloud": { points: round } },
    compute({ points: all, turn }) {
      const centre = [0, 1].map((i) => mean(all.map((point) => point[i])));
      const rows = all.map((point) => plus(point, scale(-1, centre)));
      const along = (v) => rows.reduce((sum, row) => sum + dot(row, v) ** 2, 0) / (rows.length - 1);
      const [a, c, b] = [along([1, 0]), along([0, 1]), (along([1, 1]) - along([1, -1])) / 4];
      const [u, first] = [direction(turn), direction((Math.atan2(2 * b, a - c) * 90) / Math.PI)];
      const components = [first, [-first[1], first[0]]].map(positive);
      const [total, variances] = [a + c, components.map(along)];
      const curve = Array.from({ length: 91 }, (_, i) => [2 * i - 90, along(direction(2 * i - 90)) / (total || 1)]);
      const feet = rows.map((row) => plus(centre, scale(dot(row, u), u)));
      return { centre, components, variances, feet, kept: along(u), left: along([-u[1], u[0]]), total, curve };
    },
    draw([plane, chart], { points: all, turn }, { centre, components, variances, feet, kept, total, curve }) {
      plane.grid();
      plane.line([-9, 9].map((side) => plus(centre, scale(side, direction(turn)))), "accent");
      feet.forEach((foot, i) => plane.line([all[i], foot], "second thin"));
      for (const foot of feet) plane.dot(foot, "accent", 3);
      components.forEach((v, i) => plane.arrow(plus(centre, scale(Math.sqrt(variances[i]), v)), "muted", "", centre));
      chart.levels([0, 0.5, 1], (y) => `${100 * y} %`);
      for (const x of [-90, -45, 0, 45, 90]) chart.text([x, 0], `${number(x, 0)}°`, "muted small middle", [0, -18]);
      chart.line(curve, "accent");
      chart.dot([turn, kept / (total || 1)], "second", 5);
    },
    say(_, { components, variances, kept, left, total }) {
      const sum = [part("accent", number(kept)), " along the line + ", part("second", number(left)), " left out"];
      const share = () => `${number((100 * variances[0]) / total, 0)} % of the variance`;
      const best = total ? `first component ${tuple(components[0], 2)}, ${share()}` : "equal points have no direction";
      return [["variance ", ...sum, ` = ${number(total)}`], [best]];
    },
  });
}
