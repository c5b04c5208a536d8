/* A Gaussian of two variables with a slice to drag: the conditional, beside the marginal that it makes narrower. */
"use strict";

{
  const { circle, number, part } = mathref;
  const heights = Array.from({ length: 241 }, (_, i) => i / 40 - 3);
  const density = (y, mean, deviation) =>
    Math.exp(-(((y - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
  const curve = (mean, deviation) => heights.map((y) => [y, density(y, mean, deviation)]);
  const ellipse = (rho, r) => circle.map(([u, v]) => [r * u, r * (rho * u + Math.sqrt(1 - rho * rho) * v)]);
  /** A density laid on its side at x; the tallest one reaches as far as another. */
  const upright = (x, mean, deviation) => {
    const peak = density(mean, mean, deviation);
    return [[x, -3], ...curve(mean, deviation).map(([y, height]) => [x + (0.9 * height) / peak, y]), [x, 3]];
  };

  mathref.figure({
    slug: "gaussian",
    hint: "Drag the slice, then change the correlation. What moves the conditional, and what makes it narrower?",
    views: [
      { label: "Lines of equal density, the slice and the shadow", box: [-3, -3, 3, 3], height: 340 },
      { label: "Marginal and conditional of y", box: [-3, 0, 3, 1.4], free: true, height: 190, pad: [24, 18, 24, 34] },
    ],
    handles: [
      {
        label: "Where x is observed",
        colour: "accent",
        along: true,
        at: ({ rho, x }) => [x, rho * x],
        move: (_, [x]) => ({ x }),
      },
    ],
    presets: { correlated: { rho: 0.8, x: 1.5 }, independent: { rho: 0, x: 1.5 }, opposed: { rho: -0.95, x: 1.5 } },
    controls: [{ key: "rho", label: "correlation ρ", min: -0.95, max: 0.95, step: 0.05, say: (rho) => number(rho) }],
    compute({ rho, x }) {
      const [mean, deviation] = [rho * x, Math.sqrt(1 - rho * rho)];
      const [peak, marginal] = [density(mean, mean, deviation), density(mean, 0, 1)];
      return { mean, deviation, peak, marginal, shared: -Math.log(1 - rho * rho) / 2 };
    },
    draw([plane, chart], { rho, x }, { mean, deviation }) {
      for (const r of [1, 2, 3]) plane.line(ellipse(rho, r), r === 1 ? "ink thin" : "faint");
      plane.line([-3, 3].map((at) => [at, rho * at]), "muted dashed");
      plane.area(upright(-3, 0, 1), "second");
      plane.line([[x, -3], [x, 3]], "accent thin");
      plane.area(upright(x, mean, deviation), "accent");
      plane.text([0, -3], "x", "muted middle small", [0, 4]);
      plane.text([-3, 2.7], "y", "muted small", [8, 0]);
      chart.levels([0, 0.5, 1], (height) => number(height, 1));
      for (const y of [-2, 0, 2]) chart.text([y, 0], number(y, 0), "muted small middle", [0, -18]);
      chart.line(curve(0, 1), "second");
      chart.line(curve(mean, deviation), "accent");
      chart.text([0, 1.4], "density of y", "muted small middle", [0, 10]);
    },
    say: ({ x }, { mean, deviation, shared }) => [
      ["before: ", part("second", "y has mean 0.00, deviation 1.00")],
      [`given x = ${number(x, 1)}: `, part("accent", `mean ${number(mean)}, deviation ${number(deviation)}`)],
      [`x tells ${number(shared)} nats about y, whatever x is`],
    ],
  });
}
