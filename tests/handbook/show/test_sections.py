"""What is generated around a page's own words."""

from pathlib import Path

import pytest

from mathref.handbook.read import concepts, names
from mathref.handbook.read.bibliography import Bibliography
from mathref.handbook.read.page import PageError, read
from mathref.handbook.show import sections

PAGE = """---
part: P
needs: []
aliases: []
symbols: {{}}
equivalents: {{dot: [numpy.vecdot, numpy.dot, torch.dot]}}
not_quite: {}
references: []
---
# Vector
"""


def vector(*names):
    not_quite = f"{{does not conjugate: [{', '.join(names)}]}}" if names else "{}"
    return concepts.load([read(PAGE.format(not_quite), "docs/concepts/vector.md")], Path("mathref"))


def elsewhere(concept):
    """Its names in other libraries, as they stand in the foot of its page."""
    foot = sections.foot(concept, {}, [], Bibliography(Path("references.bib")))
    return foot.partition("## In other libraries")[2].partition("\n\n## See also")[0]


def test_a_name_that_is_not_quite_the_same_has_a_star_and_says_how_it_differs():
    shown = elsewhere(vector("numpy.dot", "torch.dot")["vector"])
    numpy = "https://numpy.org/doc/stable/reference/generated/numpy"
    assert f"[`vecdot`]({numpy}.vecdot.html), [`dot`]({numpy}.dot.html)\\* |" in shown
    assert f"\n- [`numpy.dot`]({numpy}.dot.html), [`torch.dot`](" in shown
    assert shown.endswith("generated/torch.dot.html): does not conjugate\n")


def test_without_such_a_name_there_is_no_star():
    shown = elsewhere(vector()["vector"])
    assert "numpy" in shown
    assert "*" not in shown


def test_a_difference_of_a_name_that_the_page_does_not_give_is_refused():
    with pytest.raises(PageError, match=r"vector.md:1: not_quite has 'numpy.inner', which is none of"):
        names.check(vector("numpy.inner"))


def test_of_the_letters_of_the_main_formula_single_ones_are_explained_where_one_points_at_them():
    letters = "letters: {'a, b': the sides, v_i: its entries, c: 'a power of $e$'}\n---"
    page = read(PAGE.format("{}").replace("---\n# V", f"{letters}\n# V"), "docs/concepts/vector.md")
    concept = concepts.load([page], Path("mathref"))["vector"]
    assert sections.titles_of_main(concept) == {"a": "a: the sides", "b": "b: the sides"}


def test_an_exercise_is_folded_in_under_its_title_which_stays_a_heading_with_its_link_beside_it():
    link = '<a class="headerlink" href="#one" title="Link">#</a>'
    before, after = '<h2 id="compute-it">C</h2><h3 id="x">X</h3>', '<h2 id="symbols">S</h2><h3 id="y">Y</h3>'
    exercises = f'<h2 id="exercises">E</h2><h3 id="one">A <em>t</em>{link}</h3><p>?</p><h3 id="two">B</h3><p>!</p>'
    assert sections.exercises_folded(before + exercises + after) == (
        f'{before}<h2 id="exercises">E</h2>'
        f'<details class="mr-exercise"><summary><h3 id="one">A <em>t</em></h3></summary>{link}<p>?</p></details>'
        f'<details class="mr-exercise"><summary><h3 id="two">B</h3></summary><p>!</p></details>{after}'
    )
    assert sections.exercises_folded(before + after) == before + after
