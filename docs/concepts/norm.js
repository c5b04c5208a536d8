/* The unit ball of a p-norm for p from ½ to ∞, and a point to drag whose norm is measured with it. */
"use strict";

{
  const { circle, number, part, scale, tip, tuple } = mathref;
  const norm = (x, p) => {
    const largest = Math.max(...x.map(Math.abs)); // taken out, so that no power grows beyond bounds
    if (p === Infinity || !largest) return largest;
    return largest * x.reduce((sum, entry) => sum + (Math.abs(entry) / largest) ** p, 0) ** (1 / p);
  };
  const name = (p) => (p === 0.5 ? "½" : number(p, p % 1 ? 2 : 0));

  mathref.figure({
    slug: "norm",
    hint: "Drag the point x, and move p from ½ to ∞.",
    views: [{ label: "The unit ball of the p-norm and the point x", box: [-1.5, -1.3, 1.5, 1.3], height: 360 }],
    state: { p: 2, x: [0.9, 0.6] },
    handles: [{ ...tip("x", "The point x", "third"), step: 0.05 }],
    presets: { "p = ½": { p: 0.5 }, "p = 1": { p: 1 }, "p = 2": { p: 2 }, "p = ∞": { p: Infinity } },
    // Even in 1/p, from 2 down to 0; sixtieths hit 3/2, 2, 3, 4, 5, 6.
    controls: [{
      key: "p",
      label: "p",
      min: 0,
      max: 120,
      step: 1,
      say: name,
      read: (position) => 60 / (120 - position),
      write: (p) => 120 - 60 / p,
    }],
    compute: ({ p, x }) => ({ size: norm(x, p), others: [1, 2, Infinity].map((other) => norm(x, other)) }),
    draw([plane], { p, x }, { size }) {
      const ball = circle.map((direction) => scale(1 / norm(direction, p), direction));
      plane.grid();
      plane.area(ball, p < 1 ? "second" : "accent");
      plane.line(ball.map((point) => scale(size, point)), "third dashed thin");
      plane.arrow(x, "third", "x");
    },
    say({ p, x }, { size, others }) {
      const place = Math.abs(size - 1) < 1e-9 ? ": on the edge" : size < 1 ? ": inside" : ": outside";
      const remark = "the larger p, the smaller the norm and the larger the ball";
      return [
        [
          part("third", `x = ${tuple(x, 2)}`),
          `, its norm for p = ${name(p)} is `,
          part("third", number(size, 3)),
          place,
        ],
        [`for p = 1, 2, ∞: ${others.map((other) => number(other, 3)).join(", ")}`],
        p < 1 ? [part("second", "the ball has dents: for p < 1 this is no norm")] : [remark],
      ];
    },
  });
}
