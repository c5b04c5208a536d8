/* All people as a square that a test divides: edges to drag, and the share of the positive ones who are ill. */
"use strict";

{
  const { number, part } = mathref;
  const people = (share) => (10000 * share).toLocaleString("en", { maximumFractionDigits: 0 });
  const said = (share) => (share === null ? "nobody" : number(share, 4));
  const edge = ({ prior, alarm }) => [(1 + prior) / 2, alarm];
  const corner = ({ prior, found }) => [prior, found];
  const handle = (label, colour, at, move, upright) => ({ label, colour, at, move, upright, step: 0.01 });
  const words = (view, share, text) => view.text([share, 0.5], text, "ink small middle", [0, -5]);

  mathref.figure({
    slug: "bayes",
    hint: "Drag the edge: how many of the healthy get a false alarm. Drag the corner: how many are ill, and are found.",
    views: [
      { label: "All people", box: [0, 0, 1, 1], height: 330, pad: [12, 40, 24, 40] },
      { label: "Those with a positive test", box: [0, 0, 1, 1], free: true, height: 78, pad: [26, 8, 8, 34] },
    ],
    handles: [
      handle("False alarms among the healthy", "second", edge, (_, [, alarm]) => ({ alarm }), true),
      handle("The ill, and how many are found", "accent", corner, (_, [prior, found]) => ({ prior, found })),
    ],
    presets: {
      "1 in 10 is ill": { prior: 0.1, found: 0.9, alarm: 0.2 },
      "1 in 100, a better test": { prior: 0.01, found: 0.99, alarm: 0.05 },
      "1 in 2 is ill": { prior: 0.5, found: 0.9, alarm: 0.2 },
      "a coin for a test": { prior: 0.1, found: 0.5, alarm: 0.5 },
    },
    compute({ prior, found, alarm }) {
      const joint = [[prior * found, prior * (1 - found)], [(1 - prior) * alarm, (1 - prior) * (1 - alarm)]];
      const [positive, negative] = [0, 1].map((j) => {
        const all = joint[0][j] + joint[1][j];
        return all ? joint[0][j] / all : null;
      });
      return { joint, positive, negative };
    },
    draw([square, bar], { prior, found, alarm }, { positive }) {
      square.rectangle([0, 0], [prior, found], "accent", 0.5);
      square.rectangle([prior, 0], [1, alarm], "second", 0.5);
      square.rectangle([0, found], [prior, 1], "accent", 0.12);
      square.rectangle([prior, alarm], [1, 1], "second", 0.12);
      square.text([prior / 2, 0], "ill", "accent small middle", [0, -18]);
      square.text([(1 + prior) / 2, 0], "healthy", "second small middle", [0, -18]);
      square.text([(1 + prior) / 2, (1 + alarm) / 2], "test negative", "muted small middle", [0, -5]);
      if (alarm > 0.25) square.text([(1 + prior) / 2, alarm / 2], "test positive", "ink small middle", [0, -5]);
      bar.text([0, 1], "of those who test positive", "muted small", [0, 10]);
      if (positive === null) return;
      bar.rectangle([0, 0], [positive, 1], "accent", 0.5);
      bar.rectangle([positive, 0], [1, 1], "second", 0.5);
      if (positive > 0.08) words(bar, positive / 2, "ill");
      if (positive < 0.85) words(bar, (1 + positive) / 2, "healthy");
    },
    say: (_, { joint: [[ill], [healthy]], positive, negative }) => [
      ["with a positive test, of 10,000: ", part("accent", `${people(ill)} ill`), ` and ${people(healthy)} healthy`],
      ["p(ill | positive) = ", part("accent", said(positive)), `, p(ill | negative) = ${said(negative)}`],
    ],
  });
}
