/* A kernel to slide over an image of 6 × 6 cells, as it is or turned round: the products below it, and their sums. */
"use strict";

{
  const { number, part } = mathref;
  const image = ["000000", "033300", "030000", "033000", "030000", "000000"].map((row) => [...row].map(Number));
  const kernel = (...rows) => ({ kernel: rows });
  const turn = (K) => K.map((row) => [...row].reverse()).reverse();
  const entry = (i, j) => image[i]?.[j] ?? 0; // zeros around
  const whole = (x) => number(x, 0);
  const below = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j]));
  const product = ([weight, x]) => `${weight < 0 ? `(${whole(weight)})` : weight} · ${x}`;
  const products = (terms) => terms.filter(([weight]) => weight).map(product).join(" + ");
  const held = ({ spot, padding }) => spot.map((z) => Math.min(Math.max(z, 1 - padding), 4 + padding));
  const square = ([x, y], r = 0.5) => [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r], [x - r, y - r]];
  const cell = (view, i, j, x, colour, opacity, offset) => {
    if (x) view.rectangle([j - 0.5, 4.5 - i], [j + 0.5, 5.5 - i], `${colour} crisp`, opacity);
    view.line(square([j, 5 - i]), "faint thin");
    view.text([j, 5 - i], whole(x), `${i in image && j in image ? "ink" : "muted"} small middle`, offset);
  };

  mathref.figure({
    slug: "convolution",
    hint: "Slide the kernel over the image, by hand or with the arrow keys. What changes if you turn it round?",
    views: [
      { label: "The image and the kernel on it", box: [-1.6, -1.6, 6.6, 6.6], height: 320, kind: "half" },
      { label: "The result", box: [-0.7, -0.7, 5.7, 5.7], height: 320, pad: [34, 0, 34, 0], kind: "half" },
    ],
    state: { spot: [2, 2], turned: false, stride: 1, padding: 0 },
    handles: [{
      label: "The middle of the kernel, column and row from below",
      colour: "second",
      step: 1,
      at: held,
      move: ({ padding }, spot) => ({ spot: held({ spot, padding }) }),
    }],
    presets: {
      edge: kernel([-1, 0, 1], [-2, 0, 2], [-1, 0, 1]),
      sharpen: kernel([0, -1, 0], [-1, 5, -1], [0, -1, 0]),
      sum: kernel([1, 1, 1], [1, 1, 1], [1, 1, 1]),
      corner: kernel([1, 0, 0], [0, 0, 0], [0, 0, 0]),
      "turn it round": ({ turned }) => ({ turned: !turned }),
    },
    controls: [
      { key: "stride", label: "stride", min: 1, max: 3, step: 1, say: String },
      { key: "padding", label: "padding", min: 0, max: 1, step: 1, say: String },
    ],
    compute({ kernel, spot, turned, stride, padding }) {
      const weights = turned ? turn(kernel) : kernel;
      const size = Math.floor((6 + 2 * padding - 3) / stride) + 1;
      const starts = Array.from({ length: size }, (_, p) => p * stride - padding);
      const terms = (row, column) => below.map(([i, j]) => [weights[i][j], entry(row + i, column + j)]);
      const sum = (...start) => terms(...start).reduce((total, [weight, x]) => total + weight * x, 0);
      const [x, y] = held({ spot, padding });
      const place = [4 - y, x - 1].map((first) => Math.floor((first + padding) / stride));
      const result = starts.map((row) => starts.map((column) => sum(row, column)));
      return { weights, result, place, terms: terms(...place.map((p) => starts[p])) };
    },
    draw([plane, chart], { stride, padding }, { weights, place, result }) {
      const [row, column] = place.map((z) => z * stride - padding);
      for (let i = -padding; i < 6 + padding; i++) {
        for (let j = -padding; j < 6 + padding; j++) cell(plane, i, j, entry(i, j), "accent", 0.5, [-8, 3]);
      }
      for (const [i, j] of below) {
        plane.text([column + j, 5 - row - i], `×${whole(weights[i][j])}`, "second small end", [17, -15]);
      }
      plane.line(square([column + 1, 4 - row], 1.5), "second");
      const [largest, first] = [Math.max(1, ...result.flat().map(Math.abs)), Math.floor((6 - result.length) / 2)];
      const shade = (x) => [x, x < 0 ? "third" : "accent", (0.7 * Math.abs(x)) / largest, [0, -4]];
      result.forEach((line, p) => line.forEach((x, q) => cell(chart, first + p, first + q, ...shade(x))));
      chart.line(square([first + place[1], 5 - first - place[0]]), "second");
    },
    say: ({ turned, stride, padding }, { terms, place: [p, q], result }) => [
      [turned ? "turned round: a convolution" : "as it is: a cross-correlation, which libraries call convolution"],
      [`row ${p}, column ${q}: ${products(terms)} = `, part("second", whole(result[p][q]))],
      [`size ⌊(6 + 2 · ${padding} − 3) / ${stride}⌋ + 1 = ${result.length}, each way`],
    ],
  });
}
