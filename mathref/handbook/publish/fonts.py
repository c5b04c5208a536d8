"""Fonts cut down to the characters that the pages show."""

import copy
import html
import io
import re
import string
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mathref.handbook.run.cache import Cache

# The weights that the style sheet uses; a range below 1 is one weight.
_WEIGHTS = {"source-serif-4-latin-wght-normal": (400, 650), "source-serif-4-latin-wght-italic": (400, 400)}
# How finely letters are drawn: to a four-hundredth of their height, a twentieth of a pixel in a line of text.
_UNITS = 400
_ASCII = "".join(map(chr, range(32, 127)))
_FORMULA = re.compile(r"<mr-math.*?</mr-math>", re.DOTALL)
_ITALIC = re.compile(r"<(em|i|cite)\b[^>]*>(.*?)</\1>", re.DOTALL)
_PIECE = re.compile(r'<span(?: class="([^"]*)")?[^>]*>([^<]+)<')
# The font of a formula's letters by a word of their class; all others are in the main font or one of its larger sizes.
_FONTS = {
    "mathnormal": "Math-Italic",
    "mathsf": "SansSerif-Regular",
    "textsf": "SansSerif-Regular",
    "mathbb": "AMS-Regular",
    "amsrm": "AMS-Regular",
    "mathcal": "Caligraphic-Regular",
    "mathbf": "Main-Bold",
    "textbf": "Main-Bold",
}
_MAIN = "Main-Regular"

# The fonts that the first screen of a page may need, by what the page then has.
_FIRST = {
    "fonts/source-serif-4-latin-wght-normal": re.compile(r"<body\b"),
    "fonts/source-serif-4-latin-wght-italic": re.compile(r'<em>(?=.*id="references")', re.DOTALL),
    "fonts/ibm-plex-mono-latin-400-normal": re.compile(r"<code\b"),
    "katex/fonts/KaTeX_Main-Regular": re.compile(r"<mr-math\b"),
    "katex/fonts/KaTeX_Math-Italic": re.compile(r'class="(?:mord )?mathnormal'),
}
# The fonts of what stands before a page's first section: a main formula that grows a little moves what is around it.
_FIRST_FORMULA = {
    "katex/fonts/KaTeX_AMS-Regular": re.compile(r"mathbb|amsrm"),
    "katex/fonts/KaTeX_SansSerif-Regular": re.compile(r"mathsf|textsf"),
    "katex/fonts/KaTeX_Size1-Regular": re.compile(r"small-op|delimsizing size1|delim-size1"),
    "katex/fonts/KaTeX_Size2-Regular": re.compile(r"large-op|delimsizing size2"),
    "katex/fonts/KaTeX_Size3-Regular": re.compile(r"delimsizing size3"),
    "katex/fonts/KaTeX_Size4-Regular": re.compile(r"delimsizing size4|delim-size4"),
}
_FIRST_SHEET = re.compile(r'<link rel="stylesheet" href="((?:\.\./)*|/(?:[^"]*?/)??)assets/')


class Characters:
    """The characters of all pages: those of the text, and those of the formulas by font."""

    def __init__(self) -> None:
        self.text, self.italic = set(_ASCII), set(string.ascii_lowercase)
        self.formulas: dict[str, set[str]] = {name: set() for name in [*_FONTS.values(), _MAIN]}

    def read(self, page: str) -> None:
        """Take the characters of a page or script."""
        self.text.update(page)
        for _, words in _ITALIC.findall(page):
            self.italic.update(words)
        for classes, words in set(_PIECE.findall("".join(_FORMULA.findall(page)))):
            fonts = [font for word, font in _FONTS.items() if word in classes]
            self.formulas[fonts[0] if fonts else _MAIN].update(html.unescape(words))  # < and > stand as entities

    def of(self, path: Path) -> set[str]:
        """What a font file should hold."""
        if path.parent.parent.name != "katex":
            return self.italic if path.stem.endswith("italic") else self.text
        return self.formulas.get(path.stem.removeprefix("KaTeX_"), self.formulas[_MAIN])


def preload(page: str) -> str:
    """The page, asking for its fonts as early as for its styles, so that nothing moves when they come."""
    files = [file for file, shown in _FIRST.items() if shown.search(page)]
    before_sections = page.partition("<article")[2].partition("<h2")[0]
    files += [file for file, shown in _FIRST_FORMULA.items() if shown.search(before_sections)]
    link = '<link rel="preload" href="{}assets/{}.woff2" as="font" type="font/woff2" crossorigin>'
    return _FIRST_SHEET.sub(lambda m: "".join(link.format(m[1], file) for file in files) + m[0], page, count=1)


def shrink(site: Path, characters: Characters, cache: Cache) -> None:
    """Replace each font of the site by one with the glyphs that are used; remove a font without any."""
    for path in sorted((site / "assets").rglob("*.woff2")):
        data = _subset(path, characters.of(path), cache)
        if data:
            path.write_bytes(data)
        else:
            path.unlink()


def _subset(path: Path, wanted: Iterable[str], cache: Cache) -> bytes:
    original, text = path.read_bytes(), "".join(sorted(wanted))
    made_from = ["font", Path(__file__).read_bytes(), original, text]
    return bytes.fromhex(cache.made(made_from, lambda: _cut(original, text, _WEIGHTS.get(path.stem)).hex()))


def _cut(original: bytes, text: str, weights: tuple[int, int] | None) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.scaleUpem import scale_upem
    from fontTools.varLib import instancer

    font: Any = TTFont(io.BytesIO(original), recalcTimestamp=False)
    if not any(ord(character) in font.getBestCmap() for character in text):
        return b""
    # a licence stands beside the fonts, what systems ask of installed fonts is for nothing here
    options = subset.Options(layout_features=["kern", "liga", "lnum"], hinting=False, name_IDs=[])
    options.drop_tables += ["BASE", "STAT", "gasp"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    if weights:
        lightest = instancer.instantiateVariableFont(copy.deepcopy(font), {"wght": weights[0]}, inplace=True)
        if weights[0] == weights[1]:
            font = lightest
            del font["GPOS"]  # kerning, for a few words of a page
        else:
            instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
            font["GPOS"] = lightest["GPOS"]  # one kerning for all weights: the difference cannot be seen, its size can
    scale_upem(font, _UNITS)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
