/* A secant through two points of a curve to drag: as they meet, its slope becomes that of the tangent. */
"use strict";

{
  const { number, part } = mathref;
  // Each curve, and its slopes on the left and on the right of x.
  const curves = {
    cubic: [(x) => x ** 3 / 3 - x, (x) => [x ** 2 - 1, x ** 2 - 1]],
    kink: [Math.abs, (x) => [x > 0 ? 1 : -1, x < 0 ? -1 : 1]],
  };
  const steps = Array.from({ length: 482 }, (_, i) => (i - 240.5) / 80);
  const tidy = (x) => Number(x.toFixed(6));
  const point = (label, colour, place, move) => {
    const at = (state) => [place(state), curves[state.curve][0](place(state))];
    return { label, colour, at, move, along: true, step: 0.05 };
  };

  mathref.figure({
    slug: "derivative",
    hint: "Drag the second point to the first. Where does the slope of the secant go?",
    views: [
      { label: "The curve, a secant and the tangent", box: [-2.4, -1.7, 2.4, 1.7], height: 320 },
      { label: "Slope of the secant by h", box: [-3, -2, 3, 3], free: true, height: 180, pad: [24, 8, 24, 34] },
    ],
    handles: [
      point("The point x", "accent", ({ x }) => x, ({ x, h }, [to]) => ({ x: to, h: tidy(x + h - to) })),
      point("The point x + h", "second", ({ x, h }) => tidy(x + h), ({ x }, [to]) => ({ h: tidy(to - x) })),
    ],
    presets: { "x³/3 − x": { curve: "cubic", x: -1.5, h: 1.5 }, "|x|, a kink": { curve: "kink", x: 0, h: 1 } },
    compute({ curve, x, h }) {
      const [[f, slopes], [left, right]] = [curves[curve], curves[curve][1](x)];
      const secant = (step) => (f(x + step) - f(x)) / step;
      return { ends: [f(x), f(x + h)], secant: h ? secant(h) : null, left, right, all: steps.map(secant) };
    },
    draw([plane, chart], { curve, x, h }, { ends: [y, far], secant, left, right, all }) {
      const line = (slope, kind) => plane.line([-6, 6].map((step) => [x + step, y + slope * step]), kind);
      plane.grid();
      plane.line(steps.map((at) => [at, curves[curve][0](at)]), "ink");
      plane.line([[x, y], [x + h, y], [x + h, far]], "muted thin");
      if (left === right) line(left, "accent");
      if (secant !== null) line(secant, "second dashed");
      chart.levels([-2, -1, 0, 1, 2, 3], (slope) => number(slope, 0));
      for (const half of [0, 241]) chart.line(all.map((y, i) => [steps[i], y]).slice(half, half + 241), "second thin");
      for (const slope of [left, right]) chart.dot([0, slope], "accent");
      if (secant !== null) chart.dot([h, secant], "second", 5);
      for (const step of [-2, -1, 0, 1, 2]) chart.text([step, -2], number(step, 0), "muted small middle", [0, -18]);
      chart.text([3, -2], "h", "muted small end", [0, -18]);
      chart.text([0, 3], "slope of the secant", "muted small middle", [0, 10]);
    },
    say({ h }, { ends: [y, far], secant, left, right }) {
      const quotient = `(f(x + h) − f(x)) / h = (${number(far, 3)} − ${number(y, 3)}) / ${number(h)} = `;
      const kink = `slope ${number(left)} on the left and ${number(right)} on the right: no derivative`;
      return [
        secant === null ? ["h = 0: one point alone has no secant"] : [quotient, part("second", number(secant, 3))],
        left === right ? [part("accent", `f′(x) = ${number(left, 3)}`), ", the slope of the tangent"] : [kink],
      ];
    },
  });
}
