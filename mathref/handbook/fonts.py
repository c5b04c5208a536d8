"""Fonts cut down to the characters that the pages show."""

import hashlib
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mathref.handbook.cache import Cache

# The weights that the style sheet uses; a range below 1 is one weight.
_WEIGHTS = {"source-serif-4-latin-wght-normal": (400, 650), "source-serif-4-latin-wght-italic": (400, 400)}
_ASCII = "".join(map(chr, range(32, 127)))
_FORMULA = re.compile(r"<mr-math.*?</mr-math>", re.DOTALL)
_PIECE = re.compile(r'<span(?: class="([^"]*)")?[^>]*>([^<]+)<')
# The font of a formula's letters by a word of their class; everything else may come from any other font.
_FONTS = {"mathnormal": "Math", "mathsf": "SansSerif", "textsf": "SansSerif", "mathbb": "AMS", "mathcal": "Caligraphic"}


class Characters:
    """The characters of all pages: those of the text, and those of the formulas by font."""

    def __init__(self) -> None:
        self.text = set(_ASCII)
        self.formulas: dict[str, set[str]] = {name: set() for name in [*_FONTS.values(), "Main"]}

    def read(self, page: str) -> None:
        """Take the characters of a page or script."""
        self.text.update(page)
        for formula in _FORMULA.findall(page):
            for classes, words in _PIECE.findall(formula):
                fonts = [font for word, font in _FONTS.items() if word in classes]
                self.formulas[fonts[0] if fonts else "Main"].update(words)

    def of(self, path: Path) -> set[str]:
        """What a font file should hold."""
        if path.parent.parent.name != "katex":
            return self.text
        family = path.stem.removeprefix("KaTeX_").partition("-")[0]
        own = self.formulas.get(family, set())
        return own if family in ("Math", "SansSerif", "Caligraphic") else own | self.formulas["Main"]


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
    key = hashlib.sha256(b"font" + Path(__file__).read_bytes() + original + text.encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        kept = {"font": _cut(original, text, _WEIGHTS.get(path.stem)).hex()}
        cache.put(key, kept)
    return bytes.fromhex(kept["font"])


def _cut(original: bytes, text: str, weights: tuple[int, int] | None) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font: Any = TTFont(io.BytesIO(original), recalcTimestamp=False)
    if not any(ord(character) in font.getBestCmap() for character in text):
        return b""
    options = subset.Options(layout_features=["kern", "liga", "lnum", "mark"], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    if weights:
        font = instancer.instantiateVariableFont(font, {"wght": weights if weights[0] < weights[1] else weights[0]})
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
