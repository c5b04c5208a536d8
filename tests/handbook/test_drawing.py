"""Figures are small, take the page's colours, and come out the same."""

import re
import subprocess
import sys

import numpy as np

from mathref.handbook import drawing


def drawn():
    figure, ax = drawing.axes(height=2)
    drawing.plane(ax, -1, 2)
    drawing.arrow(ax, (1.23456789, 1), "0.30000000000000004", color=drawing.SECOND)
    drawing.cells(ax, [[1, 0], [-2, 3]])
    return drawing.svg(figure)


def test_two_drawings_have_the_same_bytes():
    assert drawn() == drawn()


def test_a_drawing_has_no_style_attribute_and_only_the_pages_colours():
    svg = drawn()
    assert "style=" not in svg
    assert "<style" not in svg
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) == set()
    assert "var(--mr-second)" in svg


def test_words_are_left_as_they_are_and_coordinates_are_short():
    svg = drawn()
    assert "0.30000000000000004" in svg
    tags = "".join(re.findall(r"<[^>]+>", svg))
    assert not re.search(r"\d\.\d{3}", tags)
    assert "font-family" not in svg


def test_a_line_keeps_the_points_that_it_needs_and_stays_where_it_was():
    figure, ax = drawing.axes(height=2)
    ax.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", position=(0, 0, 1, 1))
    ax.axis("off")
    x, y = np.meshgrid(np.linspace(-1, 1, 81), np.linspace(-1, 1, 81))
    ax.contour(x, y, np.hypot(x, y), levels=[0.5])
    [path] = re.findall(r'd="(m[^"]{99,})z"', drawing.svg(figure))
    steps = []
    for way, lengths in re.findall("([mlhv])([^mlhv]*)", path):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", lengths)]
        straight = {"h": (1, 0), "v": (0, 1)}.get(way)
        steps += list(np.outer(numbers, straight) if straight else np.reshape(numbers, (-1, 2)))
    points = np.cumsum(steps, axis=0)
    radii = np.hypot(*(points - (points.max(axis=0) + points.min(axis=0)) / 2).T)
    assert 20 < len(points) < 100  # of about 400
    assert np.ptp(radii) < 0.2
    assert not re.search(r"\d\.\d*0\b|\b0\.", path)


def test_an_arrow_has_a_shaft_and_the_empty_background_is_left_out():
    svg = drawn()
    assert re.search(r'<g [^>]*stroke="var\(--mr-second\)"[^>]*><path d="[^"]*" fill="none"/><path', svg)
    assert not re.search(r'<svg [^>]*>(<defs>.*?</defs>)?<path d="[^"]*" fill="none"/>', svg)


def test_importing_it_leaves_matplotlib_as_it_is():
    ask = "import matplotlib as m; before = dict(m.rcParams); import mathref.handbook.drawing; "
    ask += "assert dict(m.rcParams) == before"
    subprocess.run([sys.executable, "-W", "ignore", "-c", ask], check=True)


def test_a_font_size_is_that_of_one_figure():
    plain = drawn()
    figure, ax = drawing.axes(font_size=20)
    ax.text(0, 0, "large")
    assert "20px" in drawing.svg(figure)
    assert drawn() == plain
