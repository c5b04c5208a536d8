/* The singular value decomposition of a 2 × 2 matrix as turn, stretch, turn. */
"use strict";

{
  const { circle, matrix, number, part, times, tip } = mathref;
  const product = (A, B) => A.map((row) => [0, 1].map((j) => row[0] * B[0][j] + row[1] * B[1][j]));
  const rotation = (angle) => [[Math.cos(angle), -Math.sin(angle)], [Math.sin(angle), Math.cos(angle)]];
  const names = ["the circle", "Vᴴ turns", "Σ stretches", "U turns or flips", "A, the whole"];

  mathref.figure({
    slug: "svd",
    hint: "Move the slider from the circle to its image. Drag the columns of A to choose another matrix.",
    views: [{ label: "The unit circle on its way to its image under A", box: [-2.3, -1.8, 2.3, 1.8], height: 360 }],
    state: { stage: 0 },
    handles: [tip("first", "First column of A", "ink"), tip("second", "Second column of A", "ink")],
    presets: {
      shear: { first: [1, 0], second: [1, 1] },
      symmetric: { first: [1.4, 0.6], second: [0.6, 0.5] },
      mirror: { first: [0.6, 0.8], second: [0.8, -0.6] },
      "rank one": { first: [1.2, 0.6], second: [0.8, 0.4] },
    },
    controls: [{
      key: "stage",
      label: "stage",
      min: 0,
      max: 3,
      step: 0.01,
      say: (stage) => names[stage < 3 ? Math.ceil(stage) : 4],
    }],
    compute({ first: [a, c], second: [b, d], stage }) {
      // A is a multiple of a rotation plus a multiple of a reflection; sum and difference of the two are stretches.
      const [turning, mirroring] = [Math.hypot(a + d, c - b) / 2, Math.hypot(a - d, c + b) / 2];
      const [one, other] = [Math.atan2(c - b, a + d), Math.atan2(c + b, a - d)];
      // Half a turn on both sides changes nothing; with it the first turn is at most a quarter.
      const half = Math.abs(one - other) > Math.PI ? Math.PI : 0;
      const [left, right] = [(one + other) / 2 - half, (one - other) / 2 - half * Math.sign(one - other)];
      const s = [turning + mirroring, Math.abs(turning - mirroring)];
      const [t0, t1, t2] = [0, 1, 2].map((i) => Math.min(Math.max(stage - i, 0), 1));
      // No turn makes a mirror: the way there leads through a flat picture.
      const last = (t) => product(rotation(t * left), [[1, 0], [0, turning < mirroring ? 1 - 2 * t : 1]]);
      const stretched = product([[1 + t1 * (s[0] - 1), 0], [0, 1 + t1 * (s[1] - 1)]], rotation(t0 * right));
      return { U: last(1), s, Vh: rotation(right), shown: product(last(t2), stretched) };
    },
    draw([plane], { first, second, stage }, { Vh, shown }) {
      const A = [[first[0], second[0]], [first[1], second[1]]];
      plane.grid();
      plane.area(circle.map((point) => times(shown, point)), "accent");
      plane.line(circle.map((point) => times(A, point)), "ink dashed thin");
      [first, second].forEach((column, i) => plane.text(column, ["Ae₁", "Ae₂"][i], "ink small", [11, -4]));
      const labels = { 0: ["v₁", "v₂"], 3: ["σ₁u₁", "σ₂u₂"] }[stage] ?? [];
      plane.arrow(times(shown, Vh[0]), "second", labels[0]);
      plane.arrow(times(shown, Vh[1]), "third", labels[1]);
    },
    say({ stage }, { U, s, Vh }) {
      const colours = ["second", "third"];
      const factor = (i, A, columns) =>
        part(stage < 3 && Math.ceil(stage) === i ? "mr-touch__now" : "", matrix(A, columns));
      return [
        ["A = U Σ Vᴴ = ", factor(3, U, colours), factor(2, [[s[0], 0], [0, s[1]]], colours), factor(1, Vh)],
        ["σ₁ = ", part("second", number(s[0], 3)), ", σ₂ = ", part("third", number(s[1], 3))],
        [`|det A| = σ₁ σ₂ = ${number(s[0] * s[1], 3)}`],
      ];
    },
  });
}
