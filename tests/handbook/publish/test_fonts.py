"""Fonts hold the characters that the pages show, and no others."""

import io
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from mathref.handbook.publish import fonts
from mathref.handbook.run.cache import Cache
from mathref.handbook.show.formulas import KATEX

ASSETS = KATEX.parent


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MATHREF_CACHE_DIR", str(tmp_path / "cache"))
    found = Cache()
    yield found
    found.close()


def characters(path: Path) -> set[str]:
    return {chr(code) for code in TTFont(io.BytesIO(path.read_bytes())).getBestCmap()}


def site(folder: Path) -> Path:
    (folder / "assets" / "katex").mkdir(parents=True)
    shutil.copytree(ASSETS / "katex" / "fonts", folder / "assets" / "katex" / "fonts")
    shutil.copytree(ASSETS / "fonts", folder / "assets" / "fonts")
    return folder


def test_each_font_keeps_what_is_shown_in_it(tmp_path, cache):
    found = fonts.Characters()
    found.read('<p>é</p><mr-math><span class="mord mathnormal">x</span><span class="mord">3</span></mr-math>')
    found.read('<mr-math><span class="mrel">&lt;</span><span class="mrel">&gt;</span></mr-math>')
    found.read('<mr-math><span class="mathbf">1</span></mr-math>')
    folder = site(tmp_path / "site")
    fonts.shrink(folder, found, cache)
    katex = folder / "assets" / "katex" / "fonts"
    assert characters(katex / "KaTeX_Math-Italic.woff2") == {"x"}
    assert characters(katex / "KaTeX_Main-Regular.woff2") == {"3", "<", ">"}
    assert characters(katex / "KaTeX_Main-Bold.woff2") == {"1"}
    assert not (katex / "KaTeX_Size3-Regular.woff2").exists()
    text = characters(folder / "assets" / "fonts" / "source-serif-4-latin-wght-normal.woff2")
    assert "é" in text
    assert "è" not in text


def test_a_font_of_the_cache_is_the_same_to_the_byte(tmp_path, cache):
    found = fonts.Characters()
    made = []
    for name in ("first", "second"):
        folder = site(tmp_path / name)
        fonts.shrink(folder, found, cache)
        made.append({path.name: path.read_bytes() for path in folder.rglob("*.woff2")})
    assert made[0] == made[1]


def test_a_page_asks_for_its_fonts_with_its_first_sheet():
    head = '<link rel="stylesheet" href="../assets/a.css"><link rel="stylesheet" href="../assets/b.css"><body>'
    asked = fonts.preload(head + "<p><code>x</code>")
    assert asked.count("preload") == 2
    assert asked.startswith('<link rel="preload" href="../assets/fonts/source-serif-4-latin-wght-normal.woff2"')
    assert "KaTeX_Math-Italic" in fonts.preload(head + '<mr-math><span class="mord mathnormal">x</span></mr-math>')
    assert 'href="/assets/fonts/' in fonts.preload('<link rel="stylesheet" href="/assets/a.css"><body>')
