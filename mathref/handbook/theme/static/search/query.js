// What a query finds and how it is shown: a page's declared names before all else.
"use strict";

const begins = (word) => {
  for (const known of allWords) if (known.startsWith(word)) return true;
  return false;
};

const SUFFIX = /(?<=.{5})(ing|ed|er|or|ly|al|ic|ation|able|ness|ive)$/;
const known = (word) => allWords.has(word) || (word.length > 2 && begins(word)) || /\d/.test(word);

// A word that is nowhere is replaced by a name or word that is almost certainly meant, else by its stem if that is known.
function corrected(word) {
  if (known(word)) return word;
  const stem = word.replace(SUFFIX, "");
  return nearest(word, nameWords, CERTAIN(word)) || nearest(word, allWords, CERTAIN(word))
    || (begins(stem) ? stem : word);
}

// How well one of the page's names is meant by the query, from 0 to about 130.
function byName(page, asked) {
  return Math.max(
    0,
    ...page.names.map((name) => {
      const score = name.of === "symbol" ? bySign(name, asked) : byWords(name, asked);
      const own = score === 110 && name.of === "title" ? 30 : 0; // nobody who types a page's title means another
      return score && score + own + 3 * name.weight;
    }),
    ...page.coming.map((name) => byWords(name, asked)),
  );
}

// What is asked for has no page yet, and this page is the nearest to it.
const awaited = (page, asked) => page.coming.find((name) => byWords(name, asked));

function bySign({ sign, alike }, asked) {
  if (sign === asked.sign) return 110;
  if (asked.parts.includes(sign)) return sign.length > 1 ? 75 : 60;
  // ∇g means what ∇f means, but (x) alone means nothing
  if (!/[^a-z0-9()=+]/.test(sign)) return 0;
  return alike === asked.alike ? 60 : asked.alikeParts.includes(alike) ? 45 : 0;
}

function byWords(name, asked) {
  if (!asked.key || !name.key) return 0;
  if (name.key === asked.key) return 110;
  if (name.key === asked.near) return 90;
  const within = name.words.length && asked.padded.includes(` ${name.words.join(" ")} `);
  // of two concepts in a query the rarer one is meant
  if (within) {
    return 15 + 35 * Math.min(1, tell(name.told) / asked.tells) + 30 * Math.min(1, rarest(name.told) / asked.rarest);
  }
  if (name.anchor !== undefined) return 0; // what has no page is told when it is asked for, not before
  return asked.key.length > 1 && name.key.startsWith(asked.key) ? 55 + 25 * asked.key.length / name.key.length : 0;
}

function byError(page, asked) {
  if (asked.typed.length < 2) return 0;
  return Math.max(
    0,
    ...page.errorWords.map((message) => {
      const found = asked.typed.filter((word) => message.has(word)), share = tell(found) / asked.typedTells;
      return share > 0.75 ? 90 * share + 15 * found.length / message.size : 0;
    }),
  );
}

// How much of the query stands in one of the page's questions, and how much of that question in the query.
function byQuestion(page, asked) {
  const all = [...new Set(asked.used)];
  return Math.max(
    0,
    ...page.questionWords.map((question) => {
      const found = all.filter((word) => question.has(word));
      return found.length > 1 ? 95 * tell(found) / tell(all) * Math.sqrt(tell(found) / tell([...question])) : 0;
    }),
  );
}

function understand(query) {
  const typed = telling(words(query));
  const corrections = typed.map(corrected);
  const used = corrections.filter(known);
  const changed = corrections.some((word, n) => !typed[n].startsWith(word));
  const missing = typed.filter((_, n) => !known(corrections[n]));
  const parts = query.trim().split(/\s+/).filter((part) => !IDLE.has(part.toLowerCase()));
  const signs = parts.map((part) => signKey(part.replace(/[?!,.;:]+$/, "")));
  const [key, sign, whole] = [wordKey(query), signKey(query), changed ? used : words(query)];
  return {
    typed,
    used,
    tells: tell(used),
    rarest: rarest(used),
    typedTells: tell(typed),
    changed,
    missing,
    sign,
    parts: signs,
    alikeParts: signs.map(anyLetter),
    alike: anyLetter(sign),
    key: changed ? used.join("") : key,
    near: typed.every((word) => allWords.has(word)) ? null : nearest(key, nameKeys, CERTAIN(key)),
    padded: ` ${whole.join(" ")} ${used.join(" ")} `,
    // what a page marks: words, not the letters and digits of a symbol
    marks: used.filter((word) => /^\p{L}{3,}$/u.test(word)),
  };
}

const coverage = (hit, asked) => new Set(hit.queryTerms).size / new Set(asked.used).size;
const search = (index, asked, options) =>
  index.search(asked.used.join(" "), {
    prefix: (term, n, terms) => term.length > 2 && (n === terms.length - 1 || term.length > 4),
    ...options,
  });

function answer(query) {
  const asked = understand(query);
  const errors = pages.map((page) => byError(page, asked));
  const named = pages.map((page) => Math.max(byName(page, asked), byQuestion(page, asked)) * page.share);
  const scores = pages.map((page, id) => Math.max(named[id], errors[id] * page.share));
  const found = search(pageIndex, asked, { boost: FIELDS });
  const share = found.map((hit) => hit.score * coverage(hit, asked) ** 2 * SHARE[pages[hit.id].kind]);
  const most = Math.max(...share, 1e-9);
  // whoever pastes a message wants the page that explains it; equals stay in the order of the book
  found.forEach((hit, n) => {
    const words = share[n] / most;
    scores[hit.id] = Math.max(
      named[hit.id] + 45 * words,
      errors[hit.id] * pages[hit.id].share + 5 * words * !!errors[hit.id],
    );
  });
  const within = search(sectionIndex, asked, { boost: { title: 3, text: 1, source: 0.5 } });
  const order = [...scores.keys()].filter((id) => scores[id] > 1).sort((a, b) => scores[b] - scores[a]).slice(0, 20);
  const results = order.map((id, place) => {
    const hits = within.filter((hit) => sections[hit.id].page === id);
    return result(pages[id], hits, asked, { score: order.length - place, strength: scores[id], first: !place });
  });
  return [...results, ...offer(asked)];
}

// ---- how it is shown

const escaped = (text) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" })[c]);

function marked(text, asked) {
  return text.split(/([\p{L}\p{N}]+)/u).map((piece, n) => {
    const word = n % 2 ? root(plain(piece)) : "";
    const hit = word && asked.used.some((used) => word === used || (used.length > 2 && word.startsWith(used)));
    return hit ? `<mark data-md-highlight>${escaped(piece)}</mark>` : escaped(piece);
  }).join("");
}

function passage(text, asked) {
  const at = [...text.matchAll(/[\p{L}\p{N}]+/gu)].find((m) => asked.used.includes(root(plain(m[0]))));
  const begin = Math.max(0, text.lastIndexOf(" ", (at ? at.index : 0) - 60));
  const shown = text.slice(begin, begin + 180).trim();
  return `<p>${begin ? "… " : ""}${marked(shown, asked)}${begin + 180 < text.length ? " …" : ""}</p>`;
}

// What was asked that is nowhere or has no page yet, and what was looked for in its place.
const told = ({ changed, used, missing }, nearest, page) =>
  [
    nearest ? `No page on <b>${escaped(nearest.name)}</b> yet; nearest: <b>${escaped(page.title)}</b>` : "",
    missing.length ? `Nowhere in this handbook: <b>${escaped(missing.join(", "))}</b>. ` : "",
    changed ? `Showing results for <b>${escaped(used.join(" "))}</b>` : "",
  ].filter(Boolean).map((words) => `<p class="mr-search__told">${words}</p>`).join("");

// For words that are nowhere, the nearest that are somewhere: to be chosen, since they may well mean something else.
function offer(asked) {
  const nearby = asked.missing.map((word) => nearest(word, nameWords) || nearest(word, allWords));
  if (!nearby.some(Boolean)) return [];
  const meant = asked.typed.map((word) => nearby[asked.missing.indexOf(word)] || word).join(" ");
  const text = asked.used.length ? "" : told(asked);
  return [[{
    location: `${FILE}?q=${encodeURIComponent(meant)}`,
    title: `Did you mean ${escaped(meant)}?`,
    text,
    terms: {},
    score: 0,
  }]];
}

// In a page that was opened from a folder, where a frame stands in for the worker, an address ends in a file.
const FILE = self.document ? "index.html" : "";
function address({ url }, anchor, { marks }) {
  const found = marks.length ? `?h=${marks.map(encodeURIComponent).join("+")}` : "";
  return url + FILE + found + (anchor && `#${anchor}`);
}

// A page, and of its sections those where the words are.
function result(page, hits, asked, { score, strength, first }) {
  const own = sections.find((section) => pages[section.page] === page && !section.anchor);
  const named = page.kind === "concept"
    && (page.functions.find((name) => asked.key === wordKey(name)) || page.functions[0]);
  const near = first && awaited(page, asked);
  const lead = first ? told(asked, near, page) : "";
  let text = "";
  if (page.kind === "concept") text += `<p>${marked(page.summary, asked)}</p>`;
  else if (own) text += passage(own.text, asked);
  if (named && strength > 110) {
    text += `<p class="mr-search__card"><code>from ${page.module} import ${named}</code></p>`;
  }
  const title = words(page.title);
  const isAbout = !asked.marks.length || asked.used.every((word) => title.includes(word)) || named === asked.key;
  const shown = isAbout ? 0 : page.kind !== "concept" || (strength < 95 && !asked.changed) ? 2 : 1;
  const inside = hits.filter((hit) => sections[hit.id].anchor && coverage(hit, asked) > 0.5);
  const aim = near?.anchor
    && sections.find((section) => pages[section.page] === page && section.anchor === near.anchor);
  const led = aim ? [{ id: aim.id, queryTerms: asked.used }, ...inside.filter((hit) => hit.id !== aim.id)] : inside;
  const parts = led.slice(0, 6).map(
    (hit, n) => {
      const { anchor, title, text, source } = sections[hit.id];
      const code = source && `<pre><code>${marked(source.split("\n").slice(-2).join("\n"), asked)}</code></pre>`;
      // the box's Enter key takes the highest score: the passage, for a word that is not the page's own name
      const higher = n < shown ? (n || coverage(hit, asked) < 1 ? 0 : 0.02) : -0.1 - n / 100;
      return {
        location: address(page, anchor, asked),
        title: marked(title || page.title, asked),
        text: (n ? "" : lead) + (text ? passage(text, asked) : code),
        terms: {},
        score: score + higher,
      };
    },
  );
  // of a page that shows passages the box shows no text
  text = lead + text;
  return [{ location: address(page, "", asked), title: marked(page.title, asked), text, terms: {}, score }, ...parts];
}
