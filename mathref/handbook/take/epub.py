"""The handbook as a book for readers of EPUB 3: its pages by part, formulas as MathML, figures, contents."""

import html
import io
import re
import uuid
import zipfile
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from markdown import Markdown

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import MARK, Block, PageError
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.runner import Result
from mathref.handbook.show.claims import refuted
from mathref.handbook.show.formulas import Formulas, FormulasExtension
from mathref.handbook.show.ways import filled
from mathref.handbook.take import figures
from mathref.handbook.take.about import About
from mathref.handbook.take.downloads import LED, Results, in_words, worded

_FORMULA = re.compile(
    r'(<span class="katex-display">)?<span class="katex"[^>]*><span class="katex-mathml">(<math.*?</math>)</span>'
    r"<mr-math.*?</mr-math></span>(?(1)</span>)",
    re.DOTALL,
)
_MARKED = re.compile(f"<p>{MARK.pattern}</p>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot);)\w+;")
_EXTENSIONS = ["attr_list", "footnotes", "md_in_html", "pymdownx.highlight", "pymdownx.superfences", "tables", "toc"]
_PLAIN = {"pymdownx.highlight": {"use_pygments": False}}
_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def epub(
    about: About,
    parts: dict[str, list[Concept]],
    results: Results,
    formulas: Formulas,
    feet: dict[str, str],
    kept: Cache,
) -> bytes:
    """The book; the same bytes for the same pages."""
    concepts = [concept for here in parts.values() for concept in here]
    pictures = {
        _picture(block): figures.coloured(results(block).output, figures.LIGHT)
        for concept in concepts
        for _, block in concept.fences
        if block.kind == "figure"
    }
    words = {concept.slug: worded(concept, results, feet[concept.slug], _marked) for concept in concepts}
    bodies = {c.slug: _body(words[c.slug], c.source.by_id, formulas, kept) for c in concepts}
    anchors = {slug: set(re.findall(r' id="([^"]+)"', body)) for slug, body in bodies.items()}
    pages = {c.slug: _page(c.title, _led(bodies[c.slug], c.slug, anchors, about), c.page) for c in concepts}
    identity = uuid.uuid5(uuid.NAMESPACE_URL, about.address or about.title)
    files = {
        "package.opf": filled("epub/package.opf", about=about, id=identity, pages=pages, pictures=pictures),
        "nav.xhtml": _page(about.title, filled("epub/nav.xhtml", about=about, parts=parts), "the contents"),
        "book.css": filled("epub/book.css"),
        "cover.svg": filled("epub/cover.svg", about=about, light=figures.LIGHT),
        **{f"{slug}.xhtml": page for slug, page in pages.items()},
        **pictures,
    }
    return _packed({"META-INF/container.xml": _CONTAINER, **{f"book/{name}": text for name, text in files.items()}})


def _picture(block: Block) -> str:
    return f"{block.slug}-{block.id}.svg"


def _body(words: str, blocks: dict[str, Block], formulas: Formulas, kept: Cache) -> str:
    """A page's words as XHTML, converted only if they are not in the cache."""
    tools = [Path(__file__).read_bytes(), formulas.version, version("markdown"), version("pymdown-extensions")]
    shown = kept.made(["book", tools, words], lambda: _shown(words, formulas))
    return _MARKED.sub(lambda mark: _placed(blocks[mark[1]]), shown)


def _shown(words: str, formulas: Formulas) -> str:
    """Words as XHTML, with MathML alone of their formulas."""
    to_html = Markdown(extensions=[*_EXTENSIONS, FormulasExtension(formulas)], extension_configs=_PLAIN)
    shown = _FORMULA.sub(r"\2", to_html.convert(words))
    shown = shown.replace('mathvariant="sans-serif"', 'mathvariant="normal"')  # no reader draws these upright else
    shown = shown.replace('<pre class="highlight"><code class="language-text">', '<pre class="out"><code>')
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), shown)


def _marked(block: Block, result: Result) -> str:
    """A block in words after a mark of where it begins; a figure is the mark alone."""
    words = "" if block.kind == "figure" else in_words(block, result)
    if block.kind == "misconception":
        words = f"**Fails** for {refuted(block, result.said)}: {block.options['statement']}"
    return f"\ue000{block.id}\ue001\n\n{words}"


def _placed(block: Block) -> str:
    """What stands for a mark: the block's address, so that links lead there, and a figure."""
    if block.kind != "figure":
        return f'<div id="{block.id}"></div>'
    alt, caption = html.escape(block.options["alt"]), html.escape(block.options.get("caption", ""))
    shown = f'<img src="{_picture(block)}" alt="{alt}"/><figcaption>{caption}</figcaption>'
    return f'<figure id="{block.id}">{shown}</figure>'


def _led(body: str, slug: str, anchors: dict[str, set[str]], about: About) -> str:
    """Links to pages of the book within it, those to other pages of the site if that has an address."""

    def led(link: re.Match[str]) -> str:
        path, _, anchor = urljoin(f"/concepts/{slug}/", link[1]).partition("#")
        page = re.fullmatch(r"/concepts/([\w-]+)/index\.md", path)
        if page and page[1] in anchors:
            passage = f"#{anchor}" if anchor in anchors[page[1]] else ""
            return f'<a href="{page[1]}.xhtml{passage}">{link[2]}</a>'
        outside = urljoin(about.address, f"{path[1:]}#{anchor}".rstrip("#"))
        return f'<a href="{outside}">{link[2]}</a>' if about.address else link[2]

    return LED.sub(led, body)


def _page(title: str, body: str, place: str) -> str:
    """A whole page; a PageError if readers of XHTML would refuse it."""
    page = filled("epub/page.xhtml", title=title, body=body)
    try:
        ElementTree.fromstring(page)
    except ElementTree.ParseError as error:
        line = page.splitlines()[error.position[0] - 1][max(error.position[1] - 60, 0) :][:120]
        raise PageError(f"{place}:1", f"the page is no XHTML for the book: {error}, near {line!r}") from None
    return page


def _packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")  # first and not compressed
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
