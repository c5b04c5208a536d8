"""A figure as files of its own."""

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from PIL import Image

from mathref.handbook.run.cache import Cache
from mathref.handbook.take import figures

PATH = '<path fill="var(--mr-ink)" stroke="var(--mr-accent)"/>'
DRAWN = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{PATH}</svg>'
INK = 'fill="var(--mr-ink)"'


def drawing(inside):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 24">{inside}</svg>'


def words(text):
    return drawing(f'<text x="9" y="18" font-size="10px" {INK}>{text}</text>')


def pixels(svg, scheme="light"):
    picture = Image.open(io.BytesIO(figures.png(svg, scheme, Cache(kept=False)))).convert("RGB")
    return np.asarray(picture, dtype=int)


def outline(letter, font):
    """A letter as its font draws it."""
    pen, scale = SVGPathPen(font.getGlyphSet()), 10 / font["head"].unitsPerEm
    font.getGlyphSet()[font.getBestCmap()[ord(letter)]].draw(pen)
    return drawing(f'<path transform="translate(9 18) scale({scale} {-scale})" d="{pen.getCommands()}" {INK}/>')


def test_a_figure_alone_needs_no_variables_and_knows_both_schemes():
    alone = figures.alone(DRAWN)
    style, path = ElementTree.fromstring(alone)
    assert (path.attrib["fill"], path.attrib["stroke"]) == (figures.LIGHT["ink"], figures.LIGHT["accent"])
    assert f'[fill="{figures.LIGHT["ink"]}"]{{fill:{figures.DARK["ink"]}}}' in style.text
    assert "var(" not in alone


def test_a_font_whose_name_holds_a_number_is_named_as_a_string():
    (family,) = re.findall('font-family="([^"]*)"', figures.alone(DRAWN))
    assert [name for name in family.split(",") if not re.fullmatch(r"'[^']+'|[A-Za-z-]+( [A-Za-z-]+)*", name)] == []


def test_each_colour_of_the_drawings_has_a_light_and_a_dark_value_and_none_is_taken_for_another():
    assert (
        figures.LIGHT.keys() == figures.DARK.keys() >= {"ink", "muted", "faint", "paper", "accent", "second", "third"}
    )
    assert len({*figures.LIGHT.values(), *figures.DARK.values()}) == 2 * len(figures.LIGHT)


@pytest.mark.parametrize(("scheme", "colours"), [("light", figures.LIGHT), ("dark", figures.DARK)])
def test_a_picture_has_the_paper_and_the_ink_of_its_scheme_at_two_pixels_for_one(scheme, colours):
    seen = pixels(drawing(f'<path d="M0 0h45v24h-45z" {INK}/>'), scheme)
    assert seen.shape == (64, 240, 3)
    colour = {name: [int(value[n : n + 2], 16) for n in (1, 3, 5)] for name, value in colours.items()}
    assert seen[32, 30].tolist() == colour["ink"]
    assert seen[32, 200].tolist() == colour["paper"]


@pytest.mark.parametrize("letter", "agQ")
def test_a_letter_of_a_picture_has_the_outline_that_the_sites_own_font_gives_it(letter):
    nothing, drawn, expected = pixels(words("")), pixels(words(letter)), pixels(outline(letter, TTFont(figures._FONT)))
    assert np.abs(drawn - expected).sum() < 0.1 * np.abs(nothing - expected).sum()  # but for how edges are smoothed


@pytest.mark.parametrize("letter", "ℝλκΣσμβη∇∂∞√∘‖→₁₂₃ᵀᴴ⁺⁻⁸")
def test_a_letter_that_the_font_lacks_is_drawn_in_its_place_and_changes_no_other(letter):
    alone, beside = pixels(words(letter)), pixels(words(f"flow {letter}"))
    nothing, missing = pixels(words("")), pixels(words("\U000f0000"))
    assert np.abs(alone - nothing).sum() > 0
    assert np.abs(alone - missing).sum() > 0
    plain = pixels(words("flow "))
    width = np.abs(plain - nothing).any(axis=(0, 2)).nonzero()[0].max() + 1
    assert (beside[:, :width] == plain[:, :width]).mean() > 0.999
    right = np.abs(beside - nothing)[:, width:].sum()
    assert right == pytest.approx(np.abs(alone - nothing).sum(), rel=0.15)


def test_a_picture_is_drawn_again_only_for_another_drawing(tmp_path, monkeypatch):
    kept = Cache(tmp_path)
    first = figures.png(DRAWN, "dark", kept)
    figures.png.cache_clear()
    monkeypatch.setattr(figures, "_drawn", None)
    assert figures.png(DRAWN, "dark", kept) == first
    with pytest.raises(TypeError):
        figures.png(DRAWN, "light", kept)
