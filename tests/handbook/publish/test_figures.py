"""A figure as a file of its own."""

from xml.etree import ElementTree

from mathref.handbook.publish import figures

PATH = '<path fill="var(--mr-ink)" stroke="var(--mr-accent)"/>'
DRAWN = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{PATH}</svg>'


def test_a_figure_alone_needs_no_variables_and_knows_both_schemes():
    alone = figures.alone(DRAWN)
    style, path = ElementTree.fromstring(alone)
    assert (path.attrib["fill"], path.attrib["stroke"]) == (figures.LIGHT["ink"], figures.LIGHT["accent"])
    assert f'[fill="{figures.LIGHT["ink"]}"]{{fill:{figures.DARK["ink"]}}}' in style.text
    assert "var(" not in alone


def test_each_colour_of_the_drawings_has_a_light_and_a_dark_value_and_none_is_taken_for_another():
    assert (
        figures.LIGHT.keys() == figures.DARK.keys() >= {"ink", "muted", "faint", "paper", "accent", "second", "third"}
    )
    assert len({*figures.LIGHT.values(), *figures.DARK.values()}) == 2 * len(figures.LIGHT)
