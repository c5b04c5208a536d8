"""The handbook as a book."""

import datetime
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import PageError, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.runner import Result
from mathref.handbook.show.formulas import Formulas
from mathref.handbook.take import epub
from mathref.handbook.take.about import About

FRONT = "---\npart: P\nneeds: []\naliases: []\nsymbols: {}\nequivalents: {}\nreferences: []\n---\n"
NORM = r"""# Norm

See [roots](root.md#snippet-one), [squares](root.md#nowhere) and [all names](../names.md).&nbsp;$\norm{x}_{\max}$

$$
A\T < 1 .
$$

```python exec="figure" id="figure-a" alt="Two <arrows>" caption="They & more."
show()
```

```python exec="misconception" statement="$x = 1$."
misconception()
```
"""
ROOT = '# Root\n\n- a\n- b\n\n```python exec="snippet" title="One"\nprint(1 < 2)\n```\n'
MACROS = {r"\T": r"^{\mathsf{T}}", r"\norm": r"\left\lVert #1 \right\rVert"}
RESULTS = {
    "figure": Result(
        output='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="var(--mr-ink)"/></svg>'
    ),
    "misconception": Result(said={"example": {"x": "2"}, "sides": [], "counterexample": "x = 2"}),
    "snippet": Result(output="True\n"),
}
MOMENT = datetime.datetime(2026, 11, 30, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def formulas():
    return Formulas(Cache(kept=False), MACROS)


@pytest.fixture
def book(formulas):
    def book(norm=NORM, address=""):
        pages = {"norm": norm, "root": ROOT}
        concepts = [
            Concept(slug, read(FRONT + text, f"docs/concepts/{slug}.md"), f"mathref.{slug}", Path("x.py"))
            for slug, text in pages.items()
        ]
        about = About("mathref", "The mathematics.", "Some & others", address, MOMENT)
        parts, feet = (
            {"First": concepts[:1], "Second": concepts[1:]},
            {"norm": "## See also\n\n- [Root](root.md)\n", "root": ""},
        )
        return epub.epub(about, parts, lambda block: RESULTS[block.kind], formulas, feet, Cache(kept=False))

    return book


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.infolist()[0].filename == "mimetype"
        assert packed.infolist()[0].compress_type == zipfile.ZIP_STORED
        return {name: packed.read(name).decode() for name in packed.namelist()}


def parsed(text):
    return BeautifulSoup(text.partition("?>")[2], "html.parser")


def test_the_package_lists_each_file_once_and_all_pages_in_their_order(book):
    files = unpacked(book())
    assert files["mimetype"] == "application/epub+zip"
    container = ElementTree.fromstring(files["META-INF/container.xml"])
    assert [root.get("full-path") for root in container.iter() if root.get("full-path")] == ["book/package.opf"]
    package = parsed(files["book/package.opf"])
    listed = {item["id"]: item["href"] for item in package.select("manifest item")}
    inside = {name.removeprefix("book/") for name in files} - {"mimetype", "META-INF/container.xml", "package.opf"}
    assert (sorted(listed.values()), len(listed)) == (sorted(inside), len(inside))
    spine = [listed[item["idref"]] for item in package.select("spine itemref")]
    assert spine == ["nav.xhtml", "norm.xhtml", "root.xhtml"]
    has_formulas = [item["href"] for item in package.select("item[properties=mathml]")]
    assert has_formulas == ["norm.xhtml"]


def test_the_cover_has_the_title_the_line_below_it_and_the_month(book):
    files = unpacked(book())
    (item,) = parsed(files["book/package.opf"]).select('item[properties="cover-image"]')
    cover = ElementTree.fromstring(files[f"book/{item['href']}"])
    words = [text.text for text in cover.findall(".//{*}text")]
    assert words == ["mathref", "The mathematics.", MOMENT.strftime("%B %Y")]


def test_the_contents_name_parts_and_their_pages(book):
    nav = parsed(unpacked(book())["book/nav.xhtml"]).nav
    assert [a.text for a in nav.select("a")] == ["First", "Norm", "Second", "Root"]
    assert [a["href"] for a in nav.select("li li a")] == ["norm.xhtml", "root.xhtml"]


def test_formulas_are_mathml_and_nothing_else_whose_indexes_have_two_parts(book):
    page = unpacked(book())["book/norm.xhtml"]
    assert "katex" not in page
    assert "$" not in page
    root = ElementTree.fromstring(page)
    math = "{http://www.w3.org/1998/Math/MathML}"
    assert [formula.get("display") for formula in root.iter(f"{math}math")][:2] == [None, "block"]
    indexed = [node for kind in ("msub", "msup") for node in root.iter(f"{math}{kind}")]
    assert [len(node) for node in indexed] == [2, 2]


def test_a_figure_is_a_file_on_light_paper_with_its_text_alternative_and_caption(book):
    files = unpacked(book())
    figure = parsed(files["book/norm.xhtml"]).find(id="figure-a")
    assert (figure.img["alt"], figure.figcaption.text) == ("Two <arrows>", "They & more.")
    drawn = files[f"book/{figure.img['src']}"]
    assert "var(" not in drawn
    assert "prefers-color-scheme" not in drawn


def test_links_lead_to_passages_that_are_there_to_pages_else_and_out_only_to_an_address(book):
    def led(address):
        page = parsed(unpacked(book(address=address))["book/norm.xhtml"])
        return {a.text: a["href"] for a in page.select("a")}

    inside = {"roots": "root.xhtml#snippet-one", "squares": "root.xhtml", "Root": "root.xhtml"}
    assert led("") == inside
    assert led("https://a.b/c/") == inside | {"all names": "https://a.b/c/names/"}
    assert 'id="snippet-one"' in unpacked(book())["book/root.xhtml"]


def test_a_block_stands_with_what_it_printed_and_nothing_to_press(book):
    files = unpacked(book())
    assert [pre.text for pre in parsed(files["book/root.xhtml"]).select("pre")] == [
        "print(1 < 2)",
        "True",
    ]
    shown = "".join(text for name, text in files.items() if name.endswith(".xhtml"))
    assert not re.search(r"<(script|button|input|details)|exec=|[\ue000\ue001]", shown)


def test_the_same_pages_are_the_same_bytes(book):
    assert book() == book()


def test_a_page_that_readers_of_xhtml_would_refuse_ends_the_build_by_name(book):
    with pytest.raises(
        PageError, match=r"docs/concepts/norm\.md:1: the page is no XHTML for the book: .*near '<p>a<br>"
    ):
        book(norm="# Norm\n\na<br>b\n")
