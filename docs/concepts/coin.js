/* The log-likelihood of a coin by the probability of a one, with and without a prior, for counts to choose. */
"use strict";

{
  const { number, part } = mathref;
  const term = (count, p) => (count ? count * Math.log(p) : 0); // 0 ln 0 counts 0
  const logLikelihood = (ones, zeros, p) => term(ones, p) + term(zeros, 1 - p) + 0;
  const all = Array.from({ length: 401 }, (_, i) => (1 - Math.cos((Math.PI * i) / 400)) / 2); // denser at the ends
  const lowest = -8;
  const slider = (key, label) => ({ key, label, min: 0, max: 60, step: 1, say: String });
  // Its distance below the top; how far down the top itself lies depends on the number of tosses.
  const below = (ones, zeros, p) => {
    const best = ones + zeros ? ones / (ones + zeros) : p;
    return Math.max(lowest, logLikelihood(ones, zeros, p) - logLikelihood(ones, zeros, best));
  };

  mathref.figure({
    slug: "coin",
    hint: "Drag p along the curve, and change what was tossed. When does the top get sharp?",
    views: [{
      label: "Log-likelihood by p, below its top",
      box: [0, lowest, 1, 0],
      free: true,
      height: 270,
      pad: [26, 12, 38, 34],
    }],
    handles: [{
      label: "The probability p of a one",
      colour: "accent",
      along: true,
      step: 0.01,
      at: ({ ones, zeros, p }) => [p, below(ones, zeros, p)],
      move: (_, [p]) => ({ p }),
    }],
    presets: {
      "7 of 10": { ones: 7, zeros: 3 },
      "42 of 60": { ones: 42, zeros: 18 },
      "one toss": { ones: 1, zeros: 0 },
      "3 of 3": { ones: 3, zeros: 0 },
    },
    state: { p: 0.5 },
    controls: [slider("ones", "ones"), slider("zeros", "zeros")],
    compute: ({ ones, zeros, p }) => ({
      value: logLikelihood(ones, zeros, p),
      best: ones + zeros ? ones / (ones + zeros) : null,
      map: (ones + 1) / (ones + zeros + 2), // Beta(2, 2) is one more of each
    }),
    draw([chart], { ones, zeros }, { best, map }) {
      chart.levels([-8, -6, -4, -2, 0], (height) => number(height, 0));
      for (const p of [0, 0.25, 0.5, 0.75, 1]) chart.text([p, lowest], p, "muted small middle", [0, -18]);
      chart.text([1, lowest], "p", "muted small end", [0, -32]);
      for (const [more, kind] of [[1, "second dashed"], [0, "accent"]]) {
        const curve = all.map((p) => [p, below(ones + more, zeros + more, p)]);
        chart.line(curve.filter(([, height]) => height > lowest), kind);
      }
      chart.dot([map, 0], "second", 5);
      if (best !== null) chart.dot([best, 0], "accent", 5);
      chart.text([0, 0], "log-likelihood, below its top", "muted small", [0, 12]);
    },
    say: ({ ones, zeros, p }, { value, best, map }) => [
      [`ln L(${number(p)}) = ${ones} ln p + ${zeros} ln(1 − p) = `, part("accent", number(value, 4))],
      best === null ? ["no data: every p is as likely"] : ["most likely: ", part("accent", number(best, 4))],
      ["with a Beta(2, 2) prior: ", part("second", number(map, 4))],
    ],
  });
}
