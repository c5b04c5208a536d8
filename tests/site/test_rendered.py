"""Whatever built the site: no executed fence, formula or reference on a page is left as it was written."""

import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from mathref.handbook.read.page import read

LEFT = {
    "a fence": re.compile(r"```|~~~|\bexec=\"|\bexec=“"),
    "a formula": re.compile(r"(?<!\\)\$[^$\n]*[\\^_{][^$\n]*\$|\\\(|\\\[|\\begin\{"),
    "a link": re.compile(r"\]\([^)\s]*\)|\]\[[\w.`-]*\]"),
    "bold": re.compile(r"\*\*\w|\w\*\*"),
    "an API directive": re.compile(r"^::: \w", re.MULTILINE),
    "an include": re.compile(r"-+8<-+"),
    "a block's mark": re.compile("[\ue000\ue001]"),
}
# cut before anything is parsed: most of a page, and slow to parse
UNREAD = re.compile(r"<(pre|code|samp|script|svg|math|mr-math|annotation)\b.*?</\1>", re.DOTALL)
ID = re.compile(r'<[a-z](?:[^>"]|"[^"]*")*?\sid="([^"]*)"')


def left(page):
    """What of Markdown a reader would see outside code."""
    soup = BeautifulSoup(UNREAD.sub("\n", page), "html.parser")
    text = (soup.select_one("article") or soup).get_text("\n")
    return [name for name, pattern in LEFT.items() if pattern.search(text)]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ('<p>```python exec="snippet"</p>', "a fence"),
        (r"<p>let $\norm{x}$ be</p>", "a formula"),
        ("<p>see [norm](norm.md#use)</p>", "a link"),
        ("<p>see [`det`][mathref.det]</p>", "a link"),
        ("<p>**Linearity**: sums</p>", "bold"),
        ("<p>::: mathref.norm</p>", "an API directive"),
        ('<p>--8<-- "x"</p>', "an include"),
        ("<p>\ue000snippet-one\ue001</p>", "a block's mark"),
    ],
)
def test_what_is_left_is_noticed(page, name):
    assert left(page) == [name]


def test_nothing_of_markdown_is_left_on_any_page(site):
    pages = {path: left(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    assert {str(path.relative_to(site)): found for path, found in pages.items() if found} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.stem)
def test_each_block_of_a_page_is_there_once_and_no_address_is_there_twice(site, path):
    place = path.relative_to(ROOT / "docs").with_suffix("")
    html = (site / (place.parent if place.name == "index" else place) / "index.html").read_text(encoding="utf-8")
    ids = ID.findall(html)
    assert sorted(id for id in set(ids) if ids.count(id) > 1) == []
    shown = [block.id for _, block in read(path.read_text(), str(path)).blocks if block.kind != "table"]
    assert [id for id in shown if id not in ids] == []
