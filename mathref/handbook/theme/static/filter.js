// A field above a long list that leaves of it what has the words typed. Without scripts the whole list is there.
"use strict";

for (const place of document.querySelectorAll(".mr-filter")) {
  // Typed as they can be: without accents, long dashes or capitals.
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[‐-―−]/g, "-").toLowerCase();
  // Of a formula what it says and its TeX, each once.
  const said = (node) =>
    node.nodeType === Node.TEXT_NODE
      ? node.data
      : node.matches("mr-math, .headerlink")
      ? ""
      : `${[...node.childNodes].map(said).join("")} ${node.dataset.tex ?? ""}`;

  // What is shown or not: a heading, its list, its lines in the page's contents, beside it and in the drawer, and its lines.
  const groups = [];
  for (let next = place.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.matches("h2")) {
      const links = document.querySelectorAll(`.md-nav--secondary a[href="#${next.id}"]`);
      groups.push({ heads: [next, ...[...links].map((link) => link.parentElement)], lines: [] });
    } else if (next.matches("ul")) {
      const { heads, lines } = groups.at(-1);
      for (const item of next.children) lines.push({ item, text: plain(`${said(heads[0])} ${said(item)}`) });
      heads.push(next);
    }
  }
  const total = groups.reduce((sum, { lines }) => sum + lines.length, 0);

  const field = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const label = document.createElement("label");
  label.append("Filter", field);
  const count = document.createElement("output"); // told to who does not see it
  place.append(label, count);

  // A slice at a time from the top, where one looks: to change thousands of lines at once would hold up the next letter.
  let changes = [];
  let soon;
  const change = () => {
    for (const [item, out] of changes.splice(0, 200)) item.hidden = out;
    if (changes.length) soon = requestAnimationFrame(change);
  };
  const sift = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let left = 0;
    const wanted = groups.flatMap(({ heads, lines }) => {
      const outs = lines.map(({ item, text }) => [item, !words.every((word) => text.includes(word))]);
      const here = outs.filter(([, out]) => !out).length;
      left += here;
      return [...heads.map((head) => [head, !here]), ...outs];
    });
    count.textContent = `${left} of ${total}`;
    cancelAnimationFrame(soon);
    changes = wanted.filter(([item, out]) => item.hidden !== out);
    change();
  };
  field.addEventListener("input", sift);
  // From here on only what is near the screen is laid out. Not before: links to headings would land beside them.
  field.addEventListener("focus", () => place.classList.add("mr-filter--used"), { once: true });
  sift();
}
