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

  const groups = [];
  for (let next = place.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.matches("h2")) groups.push({ parts: [next], lines: [] });
    else if (next.matches("ul")) {
      const { parts, lines } = groups.at(-1);
      parts.push(next);
      for (const item of next.children) lines.push({ item, text: plain(`${said(parts[0])} ${said(item)}`) });
    }
  }
  for (const { parts } of groups) { // its line in the page's contents goes with it
    const link = document.querySelector(`.md-nav--secondary a[href="#${parts[0].id}"]`);
    if (link) parts.push(link.parentElement);
  }
  const all = groups.flatMap(({ lines }) => lines);

  const field = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const label = document.createElement("label");
  label.append(place.dataset.asks, field);
  const count = document.createElement("output"); // told to who does not see it
  place.append(label, count);

  const sift = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const { parts, lines } of groups) {
      let here = 0;
      for (const { item, text } of lines) {
        const out = !words.every((word) => text.includes(word));
        if (item.hidden !== out) item.hidden = out;
        here += !out;
      }
      for (const part of parts) part.hidden = !here;
      left += here;
    }
    count.textContent = `${left} of ${all.length}`;
  };
  field.addEventListener("input", sift);
  sift();
}
