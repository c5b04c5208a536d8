"""TeX to HTML for the eye and MathML for the screen reader, by KaTeX, while the site is built."""

import hashlib
import html
import json
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.extensions.toc import slugify, unique
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE
from pymdownx import arithmatex

from mathref.handbook.read import tex
from mathref.handbook.read.page import PageError, Place
from mathref.handbook.run.cache import Cache

KATEX = Path(__file__).parents[1] / "theme" / "assets" / "katex"
_STYLE = re.compile(r' style="([^"]*)"')
_CLASS_AND_STYLE = re.compile(r' class="([^"]*)" style="([^"]*)"')
_RENDER = """function render(formulas, options) {
  return JSON.stringify(formulas.map(([tex, displayMode]) => {
    const own = {...options, displayMode, macros: {...options.macros}};  // a \\gdef stays in its formula
    try { return {html: katex.renderToString(tex, own)}; }
    catch (error) { return {error: error.message}; }
  }));
}"""
_SYMBOL = re.compile(r'(<span class="mord[^"]*")>(\w)</span>')
# A name as an index, as in \lambda_{\max}, is applied to nothing: the sign is one part too many there.
_APPLIED_TO_NOTHING = re.compile("<mo>\u2061</mo>(?=</m(?:sub|sup|subsup)>)")
# Unicode's names of the alphabets; some letters it had before it had these, by a name of their own.
_ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR"}


class FormulaError(ValueError):
    """TeX that KaTeX refuses."""


class Formulas:
    """Renders formulas, each once; collects the style classes that they use."""

    def __init__(self, cache: Cache, macros: dict[str, str] | None = None) -> None:
        self.macros = macros or {}
        self.styles: dict[str, str] = {}
        self.rendered = 0
        self._cache = cache
        self._known: dict[tuple[str, bool], str] = {}
        self._answers: dict[tuple[str, bool], dict[str, str]] = {}
        self._engine = threading.Lock()

    def render(self, formula: str, *, display: bool = False) -> str:
        """HTML of a formula; FormulaError if it is not valid TeX."""
        asked = (formula, display)
        if asked not in self._known:
            key = self._key(asked)
            kept = self._cache.get(key)
            if kept is None:
                kept = self._rendered(asked)
                self._cache.put(key, kept)
            self.styles.update(kept["styles"])
            self._known[asked] = kept["html"]
        return self._known[asked]

    def foresee(self, texts: Iterable[str]) -> None:
        """Let KaTeX render at once what pages seem to ask for: a call to it takes longer than a formula."""
        found = dict.fromkeys((formula, display) for text in texts for formula, display, _ in tex.formulas(text))
        self._ask([asked for asked in found if asked not in self._known and self._cache.get(self._key(asked)) is None])

    def _ask(self, formulas: list[tuple[str, bool]]) -> None:
        if formulas:
            options = {"macros": self.macros, "strict": "error", "trust": False}
            with self._engine:
                answers = json.loads(self._context.call("render", formulas, options))
            self._answers.update(zip(formulas, answers, strict=True))

    def _key(self, asked: tuple[str, bool]) -> str:
        return hashlib.sha256(f"{self.version}\0{asked[0]}\0{asked[1]}".encode()).hexdigest()

    @cached_property
    def version(self) -> str:
        """A digest of the engine, what is done to its HTML, and the macros."""
        engine = (KATEX / "katex.min.js").read_bytes()
        here = Path(__file__).read_bytes() + Path(tex.__file__).read_bytes()
        return hashlib.sha256(engine + here + json.dumps(self.macros, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _context(self) -> Any:
        from py_mini_racer import MiniRacer

        context = MiniRacer()
        context.eval((KATEX / "katex.min.js").read_text())
        context.eval(_RENDER)
        return context

    def _rendered(self, asked: tuple[str, bool]) -> dict[str, Any]:
        if asked not in self._answers:
            self._ask([asked])
        answer = self._answers.pop(asked)
        self.rendered += 1
        if "error" in answer:
            raise FormulaError(answer["error"].removeprefix("KaTeX parse error: "))
        styles: dict[str, str] = {}
        return {"html": _for_page(answer["html"], tex.expand(asked[0], self.macros), styles), "styles": styles}


def _for_page(rendered: str, formula: str, styles: dict[str, str]) -> str:
    """KaTeX's HTML without style attributes, with MathML that is read once and copied as TeX."""
    rendered = re.sub(r"<annotation.*?</annotation>", "", rendered, flags=re.DOTALL)
    rendered = rendered.replace("<semantics>", "").replace("</semantics>", "")
    rendered = re.sub(r'<(m[ion]) mathvariant="([\w-]+)">(.)</m[ion]>', _letter, rendered)
    rendered = _APPLIED_TO_NOTHING.sub("", rendered)
    rendered = _CLASS_AND_STYLE.sub(lambda m: f' class="{m[1]} {_class(m[2], styles)}"', rendered)
    rendered = _STYLE.sub(lambda m: f' class="{_class(m[1], styles)}"', rendered)
    # An element of its own for the visual half: the search index skips it up to its closing tag.
    head, visual = rendered.split('<span class="katex-html" aria-hidden="true">')
    closing = 3 if head.startswith('<span class="katex-display">') else 2
    visual = visual[: -len("</span>") * closing]
    whole = f'{head}<mr-math class="katex-html" aria-hidden="true" data-search-exclude>{visual}</mr-math>'
    whole += "</span>" * (closing - 1)
    return whole.replace('<span class="katex">', f'<span class="katex" data-tex="{html.escape(formula)}">', 1)


def _class(style: str, styles: dict[str, str]) -> str:
    name = "k" + hashlib.sha256(style.encode()).hexdigest()[:6]
    styles[name] = style
    return name


def _letter(match: re.Match[str]) -> str:
    tag, variant, letter = match.groups()
    if variant not in _ALPHABETS or not "A" <= letter <= "Z":
        return match[0]
    name = f"{_ALPHABETS[variant]} CAPITAL {letter}"
    try:
        found = unicodedata.lookup(f"MATHEMATICAL {name}")
    except KeyError:
        found = unicodedata.lookup(name.replace("FRAKTUR", "BLACK-LETTER"))
    return f"<{tag}>{found}</{tag}>"


class _Source(Preprocessor):
    """Keeps the text that is converted where nobody has read its page, so that faults can be placed."""

    def __init__(self, md: Markdown, place: Place) -> None:
        super().__init__(md)
        self.place = place

    def run(self, lines: list[str]) -> list[str]:
        self.place.text = lines
        return lines


class _Headings(Treeprocessor):
    """Lets a heading's formula stand once in its anchor and in the table of contents, as MathML has it."""

    def run(self, root: Element) -> None:
        used = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
        for heading in (element for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))):
            text = "".join(heading.itertext())
            label = HTML_PLACEHOLDER_RE.sub(self._in_words, text)
            if label != text:
                heading.attrib.setdefault("data-toc-label", label)
                heading.attrib.setdefault("id", unique(slugify(label, "-"), used))

    def _in_words(self, placeholder: re.Match[str]) -> str:
        stored = str(self.md.htmlStash.rawHtmlBlocks[int(placeholder[1])])
        return re.sub("<[^>]*>", "", stored.partition("<mr-math")[0]).replace("\u2061", "\u2009")


class _Inline(arithmatex.InlineArithmatexPattern):  # type: ignore[misc]
    def __init__(self, formulas: Formulas, md: Markdown, place: Place) -> None:
        super().__init__(arithmatex.RE_SMART_DOLLAR_INLINE, {"generic": True})
        self.formulas, self.md, self.place = formulas, md, place

    def handleMatch(self, m: re.Match[str], data: str) -> Any:
        if m[1]:
            return super().handleMatch(m, data)
        start, end = m.start(0) - data[: m.start(0)].endswith("("), m.end(0) + data.startswith((*",.;:)",), m.end(0))
        shown = whole(data[start : m.start(0)], _placed(self.formulas, self.place, m[3]), data[m.end(0) : end])
        return self.md.htmlStash.store(shown), start, end


def whole(before: str, shown: str, after: str) -> str:
    """A formula with what belongs to it: no line ends or begins with that, unless the formula is long and may break."""
    short = shown.count('"katex-base"') == 1 or len(re.sub("<[^>]*>", "", shown[shown.find("<mr-math") :])) <= 16
    words = before + shown + after
    return f'<span class="mr-whole">{words}</span>' if short and words != shown else words


class _Display(arithmatex.BlockArithmatexProcessor):  # type: ignore[misc]
    def __init__(self, formulas: Formulas, md: Markdown, place: Place) -> None:
        forms = "|".join((arithmatex.RE_DOLLAR_BLOCK, arithmatex.RE_BRACKET_BLOCK, arithmatex.RE_TEX_BLOCK))
        super().__init__(f"(?s)^(?:{forms})[ ]*$", {"generic": True}, md)
        self.formulas, self.md, self.place = formulas, md, place

    def generic_output(self, parent: Element, math: str) -> None:
        element = SubElement(parent, "div", {"class": "mr-formula", "tabindex": "0"})
        element.text = self.md.htmlStash.store(_placed(self.formulas, self.place, math, display=True))


def _placed(formulas: Formulas, place: Place, formula: str, *, display: bool = False) -> str:
    formula = formula.strip()
    try:
        symbols = place.symbols | place.letters if display and formula == place.main else place.symbols
        return _with_titles(formulas.render(formula, display=display), symbols)
    except FormulaError as error:
        path, text = (place.page.path, place.page.text) if place.page else ("text", "\n".join(place.text))
        where = f"{path}:{tex.line_of(formula, text)}"
        return place.fault(PageError(where, f"formula {formula!r} is not valid TeX: {error}"))


def _with_titles(rendered: str, symbols: dict[str, str]) -> str:
    """The formula with what each declared symbol is, shown on hover."""
    if not symbols:
        return rendered
    return _SYMBOL.sub(
        lambda m: f'{m[1]} title="{html.escape(symbols[m[2]])}">{m[2]}</span>' if m[2] in symbols else m[0], rendered
    )


class FormulasExtension(Extension):
    """Python-Markdown extension: ``$...$`` within text and ``$$...$$`` or ``\\[...\\]`` as a block."""

    def __init__(
        self, formulas: Formulas | None = None, place: Place | None = None, *, macros: dict[str, str] | None = None
    ) -> None:
        super().__init__()
        self.formulas, self.place = formulas or Formulas(Cache(), macros), place or Place()

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors; in what a block prints as Markdown too."""
        md.registerExtension(self)
        md.preprocessors.register(_Source(md, self.place), "mathref-source", 34)
        md.inlinePatterns.register(_Inline(self.formulas, md, self.place), "mathref-formula", 189.9)
        md.parser.blockprocessors.register(_Display(self.formulas, md, self.place), "mathref-formula-block", 79.9)
        md.treeprocessors.register(_Headings(md), "mathref-formula-headings", 6)
        md.ESCAPED_CHARS.append("$")
