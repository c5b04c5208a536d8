/* A picture of 16 × 16 cells and the nearest matrix of the rank that a slider gives. */
"use strict";

{
  const { dot, number, part } = mathref;
  const sixteen = (entry) => Array.from({ length: 16 }, (_, i) => entry(i));
  const grid = (entry) => sixteen((i) => sixteen((j) => Number(entry(i, j))));
  const pictures = {
    ring: grid((i, j) => Math.exp(-(((Math.hypot(i - 7.5, j - 7.5) - 5) / 1.4) ** 2))),
    window: grid((i, j) => [2, 7, 8, 13].some((bar) => bar === i || bar === j)),
    diagonal: grid((i, j) => i === j),
  };

  /** Pairs of σu and v, by one-sided Jacobi: columns are turned two at a time until all are perpendicular. */
  function singularPairs(A, pairs = A.map((_, j) => [A.map((row) => row[j]), A.map((_, i) => Number(i === j))])) {
    let turned = false;
    for (let i = 1; i < 16; i++) {
      for (let j = 0; j < i; j++) {
        const [[x], [y]] = [pairs[i], pairs[j]];
        const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)];
        if (Math.abs(xy) <= 1e-12 * Math.sqrt(xx * yy) + 1e-30) continue;
        const angle = Math.atan2(2 * xy, xx - yy) / 2;
        const turn = (c, s) => pairs[i].map((x, k) => x.map((entry, l) => c * entry + s * pairs[j][k][l]));
        [pairs[i], pairs[j]] = [turn(Math.cos(angle), Math.sin(angle)), turn(-Math.sin(angle), Math.cos(angle))];
        turned = true;
      }
    }
    return turned ? singularPairs(A, pairs) : pairs.sort(([x], [y]) => dot(y, y) - dot(x, x));
  }
  const decomposed = {};
  const decompose = (picture) => (decomposed[picture] ??= singularPairs(pictures[picture]));

  mathref.figure({
    slug: "low-rank",
    hint: "Move the slider. How many terms does the picture need?",
    views: [
      { label: "The picture and the nearest of this rank", box: [0, 0, 34, 16], height: 300, pad: [4, 4, 26, 4] },
      { label: "The singular values", box: [0, 0, 16, 1], free: true, height: 90, pad: [4, 4, 20, 4] },
    ],
    state: { rank: 1 },
    presets: Object.fromEntries(Object.keys(pictures).map((picture) => [picture, { picture }])),
    controls: [{ key: "rank", label: "rank", min: 0, max: 16, step: 1, say: String }],
    compute({ picture, rank }) {
      const pairs = decompose(picture);
      const s = pairs.map(([u]) => Math.hypot(...u));
      const terms = pairs.slice(0, rank);
      const nearest = grid((i, j) => terms.reduce((sum, [u, v]) => sum + u[i] * v[j], 0));
      return { s, nearest, spectral: s[rank] ?? 0, share: Math.hypot(...s.slice(rank)) / Math.hypot(...s) };
    },
    draw([plane, chart], { picture, rank }, { s, nearest }) {
      for (const [A, left, words] of [[pictures[picture], 0, picture], [nearest, 18, `rank ${rank}`]]) {
        A.forEach((row, i) =>
          row.forEach((entry, j) => {
            const [shade, x, y] = [Math.min(Math.max(entry, 0), 1), left + j, 16 - i];
            if (shade > 0.02) plane.rectangle([x, y], [x + 1, y - 1], "accent crisp", 0.9 * shade);
          })
        );
        plane.line([[left, 0], [left + 16, 0], [left + 16, 16], [left, 16], [left, 0]], "faint thin");
        plane.text([left + 8, 0], words, "ink small middle", [0, -18]);
      }
      s.forEach((value, i) => {
        chart.rectangle([i + 0.12, 0], [i + 0.88, value / s[0]], i < rank ? "accent" : "muted", i < rank ? 0.9 : 0.3);
        chart.text([i + 0.5, 0], i + 1, "muted small middle", [0, -14]);
      });
    },
    say: ({ rank }, { spectral, share }) => [
      [`${rank * 32} of 256 numbers`],
      ["error ", part("accent", `${number(100 * share, 1)} %`), " in the Frobenius norm"],
      [`error ${number(spectral, 4)} in the spectral norm: the largest singular value left out`],
    ],
  });
}
