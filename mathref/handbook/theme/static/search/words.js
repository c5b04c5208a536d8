// Words and signs as search compares them: one spelling of each, and how far a misspelling is.
"use strict";

const IDLE = new Set(
  ("a an and are as at be between by can compute calculate difference do does find for from get give "
    + "have how i in into is it its make me mean means my of on or python s the them this to use using what when which "
    + "why with you vs versus").split(" "),
);
const SUPERSCRIPTS = {
  "⁺": "^+",
  "⁻": "^-",
  "ᵀ": "^t",
  "ᴴ": "^h",
  "†": "^+",
  "⊤": "^t",
  "′": "'",
  "‖": "||",
  "∥": "||",
  "−": "-",
  "⋅": "·",
  "⟨": "<",
  "⟩": ">",
};

const SHORT = { np: "numpy", jnp: "jax.numpy", nn: "torch.nn", f: "torch.nn.functional" };
const plain = (text) =>
  text.toLowerCase().replace(/(?<![\w.])(j?np|nn|f)\.(?=[a-z])/g, (_, name) => SHORT[name] + ".").replace(
    /[⁺⁻ᵀᴴ†⊤′‖∥−⋅⟨⟩]/g,
    (c) => SUPERSCRIPTS[c],
  )
    .replace(/(?<=\d) ?x ?(?=\d)/g, "×").replace(/[₀-₉]/g, (c) => "_" + (c.charCodeAt(0) - 0x2080)).replace(
      /[⁰²³¹⁴-⁹]/g,
      (c) => "^" + c.normalize("NFKC"),
    )
    .replace(/[ᵢⱼₙₚ]/g, (c) => "_" + c.normalize("NFKC")).normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

// One spelling of a word: American, singular.
const roots = new Map([["matrices", "matrix"], ["indices", "index"], ["axes", "axis"]]);
function root(word) {
  if (!roots.has(word)) {
    roots.set(
      word,
      word.replace(/(?<=.{3})(?<!w)is(e|ed|es|er|ers|ing|ation|ations|able)$/, "iz$1")
        .replace(/(?<=[a-z]{3})our(?=s?$|ed|ing|ite)/, "or").replace(/tre$/, "ter").replace(/ll(ed|ing)$/, "l$1")
        .replace(/ies$/, "y").replace(/(tch|sh|x)es$/, "$1").replace(/(?<=[a-z]{2}[^su])s$/, "").replace(/sses$/, "ss"),
    );
  }
  return roots.get(word);
}

const words = (text) => (plain(text).match(/[\p{L}\p{N}]+/gu) || []).map(root);
const telling = (all) => {
  const kept = all.filter((word) => !IDLE.has(word));
  return kept.length ? kept : all;
};
// A name without what may be typed between its words; a symbol keeps its signs.
const wordKey = (text) => words(text).join("");
// In the order of their code points; the one without a name is the sigma at a word's end.
const GREEK =
  ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho  sigma tau upsilon "
    + "phi chi psi omega").split(" ");
const TEX = {
  varepsilon: "ε",
  varphi: "φ",
  nabla: "∇",
  partial: "∂",
  sum: "σ",
  infty: "∞",
  odot: "⊙",
  circ: "∘",
  otimes: "⊗",
  cdot: "·",
  times: "×",
  le: "≤",
  ge: "≥",
  ne: "≠",
  in: "∈",
  sim: "∼",
  to: "→",
  top: "t",
  "|": "||",
};
for (const font of "mathbb mathcal mathbf mathrm mathsf operatorname text left right bm".split(" ")) TEX[font] = "";
GREEK.forEach((name, n) => TEX[name] = String.fromCharCode(0x3b1 + n));
const signKey = (text) =>
  plain(text.replace(/\\([A-Za-z]+|\|)/g, (all, name) => TEX[name.toLowerCase()] ?? all)).replace(/∑/g, "σ").replace(
    /[\s{}\\_]/g,
    "",
  ).replace(/\*\*/g, "^").replace(/\(?([a-z])\)?(?=\^)/g, "$1");
const anyLetter = (key) => key.replace(/(?<![a-z])[a-z](?![a-z])/g, "x");

// Typing errors between two words: letters wrong, missing, too many or exchanged.
function distance(a, b) {
  let before, last = [], row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    [before, last, row] = [last, row, [i]];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.length];
}

const LIMIT = (word) => word.length < 4 ? 0 : word.length < 6 ? 1 : word.length < 9 ? 2 : 3;
// So few errors that hardly another word can be meant.
const CERTAIN = (word) => word.length < 5 ? 0 : word.length < 8 ? 1 : 2;

const nearest = (word, known, limit = LIMIT(word)) => {
  let best = null, least = limit + 0.5;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit || (candidate[0] !== word[0] && candidate[1] !== word[1])) {
      continue;
    }
    const off = distance(word, candidate) + (candidate[0] === word[0] ? 0 : 0.4);
    if (off < least) [best, least] = [candidate, off];
  }
  return best;
};
