/* A vector to drag and its image: how far the matrix turns it, and where it keeps its line. */
"use strict";

{
  const { circle, dot, matrix, number, part, scale, times, tip } = mathref;
  const degrees = (x, y) => (Math.atan2(y, x) * 180) / Math.PI;
  const cross = (v, w) => v[0] * w[1] - v[1] * w[0];
  const turned = (v, image) => (image.some(Boolean) ? degrees(dot(v, image), cross(v, image)) : null);
  const half = Math.SQRT1_2;

  mathref.figure({
    slug: "eigen",
    hint: "Drag v around. Where does Av stay on its line?",
    views: [
      { label: "The vector v and its image Av", box: [-3.2, -2.2, 3.2, 2.4], height: 320 },
      { label: "The turn by direction", box: [-30, -90, 150, 90], free: true, height: 190, pad: [10, 22, 28, 46] },
    ],
    state: { v: [0, 1.5] },
    handles: [tip("v", "Tip of v", "second")],
    presets: {
      "first snippet": { A: [[1.5, 1], [0.5, 1]] },
      shear: { A: [[1, 1], [0, 1]] },
      "rotation by 45°": { A: [[half, -half], [half, half]] },
    },
    compute({ A, v }) {
      const [image, square] = [times(A, v), dot(v, v)];
      const kept = square > 0 && Math.abs(cross(v, image)) < 1e-9;
      return { image, turn: turned(v, image), value: kept ? dot(v, image) / square : null };
    },
    draw([plane, chart], { A, v }, { image, turn, value }) {
      const round = circle.map((point) => scale(Math.hypot(...v), point));
      plane.grid();
      plane.line(round, "second thin pale");
      plane.line(round.map((point) => times(A, point)), "accent thin pale");
      plane.through(v, value === null ? "muted dashed thin" : "accent dashed");
      plane.arrow(image, "accent", "Av");
      plane.arrow(v, "second", "v");
      const place = ([x, y]) => ((degrees(x, y) + 390) % 180) - 30; // v and -v have the same place
      const curve = circle.slice(0, 180).map((point) => [place(point), turned(point, times(A, point))]);
      chart.levels([-90, -45, 0, 45, 90], (y) => `${number(y, 0)}°`);
      chart.line(curve.sort(([x], [y]) => x - y), "accent");
      for (const x of [0, 30, 60, 90, 120, 150]) chart.text([x, -90], `${x}°`, "muted small middle", [0, -18]);
      if (turn !== null) chart.dot([place(v), turn], "second", 5);
    },
    say({ A, v }, { image, turn, value }) {
      const column = (x, colour) => matrix(x.map((entry) => [entry]), [colour]);
      const kept = [part("accent", `Av = ${number(value)} v`), ": v is an eigenvector"];
      return [
        ["A", part("second", "v"), " = ", matrix(A), column(v, "second"), " = ", column(image, "accent")],
        value !== null ? kept : [turn === null ? "the zero vector is no eigenvector" : `turned by ${number(turn, 1)}°`],
      ];
    },
  });
}
