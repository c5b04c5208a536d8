/* Two vectors to drag: their dot product, their angle, and the projection of one on the other. */
"use strict";

mathref.figure({
  slug: "vector",
  hint: "Drag the tips of a and b.",
  views: [{ label: "The vectors a and b, and the projection p of a on b", box: [-2.4, -1.2, 6.4, 3.7] }],
  handles: [mathref.tip("b", "Tip of b", "third"), mathref.tip("a", "Tip of a", "second")],
  presets: {
    "45°": { a: [1, 3], b: [4, 2] },
    perpendicular: { a: [-1, 2], b: [4, 2] },
    "wide angle": { a: [-2, 1], b: [4, 0] },
    parallel: { a: [2, 1], b: [4, 2] },
  },
  compute({ a, b }) {
    const [product, square, cross] = [mathref.dot(a, b), mathref.dot(b, b), a[0] * b[1] - a[1] * b[0]];
    const [lengthA, lengthB] = [Math.hypot(...a), Math.hypot(...b)];
    const angle = lengthA && lengthB ? Math.atan2(Math.abs(cross), product) : null;
    return { product, lengthA, lengthB, angle, projection: square ? mathref.scale(product / square, b) : null };
  },
  draw([plane], { a, b }, { projection: p, lengthB }) {
    plane.grid();
    if (p) {
      const along = mathref.scale(0.22 / lengthB, b);
      const side = Math.sign(along[0] * a[1] - along[1] * a[0]);
      const corner = (i, j) => [p[0] - i * along[0] - j * along[1], p[1] - i * along[1] + j * along[0]];
      plane.through(b, "muted thin");
      plane.line([corner(1, 0), corner(1, side), corner(0, side)], "ink thin");
      plane.line([p, a], "muted dashed");
    }
    plane.arrow(b, "third", "b");
    plane.arrow(a, "second", "a");
    if (p) plane.arrow(p, "accent", "p");
  },
  say({ a, b }, { product, lengthA, lengthB, angle, projection }) {
    const { number, part, tuple } = mathref;
    const terms = a.map((x, i) => `${number(x, 1)} · ${number(b[i], 1)}`).join(" + ");
    const degrees = angle === null ? "no angle with the zero vector" : `angle ${number((angle * 180) / Math.PI, 1)}°`;
    const shadow = ["p = (a · b / b · b) b = ", part("accent", projection ? tuple(projection, 2) : "")];
    return [
      [part("second", "a"), " · ", part("third", "b"), ` = ${terms} = ${number(product)}`],
      ["lengths ", part("second", number(lengthA)), " and ", part("third", number(lengthB)), `, ${degrees}`],
      projection ? shadow : ["b is zero: there is no line to project on"],
    ];
  },
});
