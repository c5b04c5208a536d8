// What is searched: MiniSearch for words, and the pages' declared names.
"use strict";

const FIELDS = { title: 8, names: 6, questions: 4, headings: 3, errors: 3, text: 1 };
const SHARE = { concept: 1, other: 0.55, api: 0.5 };

const wordsOf = (name) => ({ words: words(name), told: telling(words(name)), key: wordKey(name) });

let pages, sections, pageIndex, sectionIndex, nameWords, allWords, nameKeys, holding;

// What a word tells: the more, the fewer pages hold it.
const tells = (word) => Math.log(1 + pages.length / (holding.get(word) || 1));
const tell = (all) => all.reduce((sum, word) => sum + tells(word), 0);
const rarest = (all) => Math.max(0, ...all.map(tells));

// The address of a section in its page, given whole or as how it begins, where its title tells the rest.
function place(anchor, title) {
  if (typeof anchor === "string") return anchor;
  return ["", "snippet-"][anchor] + title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function prepare({ pages: given, sections: parts, coming }) {
  pages = given;
  sections = parts.map(([page, anchor, title, text, source = ""], id) => ({
    id,
    page,
    anchor: place(anchor, title),
    title,
    text,
    source,
  }));
  // words are told apart and brought to their roots once, here
  const roots = (text) => words(text).join(" ");
  const options = { tokenize: (text) => text.split(" "), processTerm: (word) => word || null };
  pageIndex = new MiniSearch({ ...options, fields: Object.keys(FIELDS) });
  sectionIndex = new MiniSearch({ ...options, fields: ["title", "text", "source"] });
  nameWords = new Set();
  allWords = new Set();
  nameKeys = new Set();
  holding = new Map();
  const inPage = pages.map(() => ({ headings: [], text: [] }));
  for (const { id, page, title, text, source } of sections) {
    const found = { id, title: roots(title), text: roots(text), source: roots(source) };
    sectionIndex.add(found);
    inPage[page].headings.push(found.title);
    inPage[page].text.push(found.text);
    for (const known of Object.values(found)) if (known !== id) known.split(" ").forEach((word) => allWords.add(word));
  }
  for (const [page, anchor, names] of coming) {
    (pages[page].coming ||= []).push(...names.map((name) => ({ name, anchor, ...wordsOf(name) })));
  }
  pages.forEach((page, id) => {
    page.coming ||= [];
    page.share = page.aliases ? 1 : SHARE[page.kind]; // a page that declares its names is meant by them
    const aliases = (page.aliases || []).map((name) => [name, 4, "alias"]);
    page.names = (page.names || [[page.title, 3, "title"], ...aliases]).map(([name, weight, of]) => ({
      ...wordsOf(name),
      sign: signKey(name),
      alike: anyLetter(signKey(name)),
      weight,
      of,
    }));
    page.errorWords = (page.errors || []).map((message) => new Set(words(message)));
    page.questionWords = (page.questions || []).map((question) => new Set(telling(words(question))));
    for (const name of page.names) {
      name.words.forEach((word) => allWords.add(word));
      if (page.kind !== "concept" || name.of === "symbol") continue;
      name.words.forEach((word) => nameWords.add(word));
      nameKeys.add(name.key);
    }
    for (const name of page.coming) {
      name.words.forEach((word) => nameWords.add(word) && allWords.add(word));
      nameKeys.add(name.key);
    }
    for (const question of page.questionWords) question.forEach((word) => allWords.add(word));
    const fields = {
      title: roots(page.title),
      names: page.names.map((name) => name.words.join(" ")).join(" "),
      questions: roots((page.questions || []).join(" ")),
      headings: inPage[id].headings.join(" "),
      errors: roots((page.errors || []).join(" ")),
      text: inPage[id].text.join(" "),
    };
    pageIndex.add({ id, ...fields });
    for (const word of page.kind === "concept" ? new Set(Object.values(fields).join(" ").split(" ")) : []) {
      holding.set(word, (holding.get(word) || 0) + 1);
    }
  });
}
