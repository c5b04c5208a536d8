/* A matrix of two columns to drag: what it does to a letter and to the grid, its determinant, its eigenvectors. */
"use strict";

mathref.figure({
  slug: "matrix",
  hint: "Drag the two arrows. They are the columns of the matrix.",
  views: [{ label: "The letter F and its image under the matrix", box: [-2.6, -1.4, 2.8, 2.8], height: 360 }],
  handles: [mathref.tip("second", "Second column", "third"), mathref.tip("first", "First column", "second")],
  presets: {
    scale: { first: [1.8, 0], second: [0, 0.6] },
    rotate: { first: [Math.sqrt(0.75), 0.5], second: [-0.5, Math.sqrt(0.75)] },
    shear: { first: [1, 0], second: [0.6, 1] },
    flip: { first: [-1, 0], second: [0, 1] },
    flatten: { first: [1.2, 0.6], second: [0.8, 0.4] },
  },
  compute({ first: [a, c], second: [b, d] }) {
    const [det, middle, discriminant] = [a * d - b * c, (a + d) / 2, ((a - d) / 2) ** 2 + b * c];
    const root = Math.sqrt(Math.abs(discriminant));
    if (discriminant < 0) return { det, values: [[middle, root], [middle, -root]], vectors: [] };
    const values = [middle + root, middle - root].sort((x, y) => Math.abs(y) - Math.abs(x) || y - x);
    const vectors = values.map((value) => {
      // Both rows of A - λI are perpendicular to the eigenvector; the longer one is the more exact.
      const [[x, y]] = [[a - value, b], [c, d - value]].sort((v, w) => Math.hypot(...w) - Math.hypot(...v));
      return mathref.scale(1 / Math.hypot(x, y), [-y, x]);
    });
    const independent = root ? vectors : b || c ? [vectors[0]] : [[1, 0], [0, 1]];
    return { det, values: values.map((value) => [value, 0]), vectors: independent };
  },
  draw([plane], { first, second }, { values, vectors }) {
    const F = [[0, 0], [0.4, 0], [0.4, 0.8], [1, 0.8], [1, 1.2], [0.4, 1.2], [0.4, 1.6], [1.2, 1.6], [1.2, 2], [0, 2]];
    const image = ([x, y]) => [first[0] * x + second[0] * y, first[1] * x + second[1] * y];
    plane.grid();
    for (let k = -6; k <= 6; k++) {
      for (const line of [[[k, -6], [k, 6]], [[-6, k], [6, k]]]) plane.line(line.map(image), "accent thin pale");
    }
    vectors.forEach((v, i) => {
      const end = mathref.scale((v[1] < 0 ? -1.9 : 1.9) / Math.max(...v.map(Math.abs)), v);
      plane.through(v, "ink dashed thin");
      plane.text(end, `λ = ${mathref.number(values[i][0])}`, "ink small", [6, 6]);
    });
    plane.line([...F, F[0]], "muted dashed thin");
    plane.area(F.map(image), "accent");
    plane.arrow(first, "second");
    plane.arrow(second, "third");
  },
  say({ first, second }, { det, values: [value, other], vectors }) {
    const { matrix, number, part } = mathref;
    const effect = Math.abs(det) < 1e-9 ? "the plane is flattened" : `areas × ${number(Math.abs(det))}`;
    const lines = [
      `${number(value[0])} ± ${number(value[1])}i: every direction turns`,
      `${number(value[0])}, one dashed line keeps its direction`,
      `${number(value[0])} and ${number(other[0])}, the dashed lines keep their directions`,
    ];
    return [
      ["A = ", matrix([[first[0], second[0]], [first[1], second[1]]], ["second", "third"])],
      ["det A = ", part("accent", number(det)), `: ${effect}${det < -1e-9 ? ", turned over" : ""}`],
      [`eigenvalues ${lines[vectors.length]}`],
    ];
  },
});
