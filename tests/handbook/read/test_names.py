"""Names of concepts: each belongs to one page first, and leads to an official page elsewhere."""

from pathlib import Path

import pytest

from mathref.handbook.read import concepts, names
from mathref.handbook.read.page import PageError, read

LIBRARY = Path("mathref")


def load(*, second=()):
    texts = {
        slug: f"---\npart: P\nneeds: []\naliases: [magnitude]\nsymbols: {{}}\nequivalents: {{}}\nreferences: []\n"
        f"second_for: [{', '.join(second) if slug == 'vector' else ''}]\n---\n# {slug.capitalize()}\n"
        for slug in ("norm", "vector")
    }
    return concepts.load([read(text, f"docs/concepts/{slug}.md") for slug, text in texts.items()], LIBRARY)


def test_a_name_of_two_pages_is_refused():
    with pytest.raises(PageError, match=r"vector.md:1: 'magnitude' is a name of .*norm.md and .*second_for"):
        names.check(load())


def test_a_name_that_one_page_leaves_to_the_other_is_accepted():
    names.check(load(second=["Magnitude"]))


def test_a_name_left_to_a_page_that_has_it_not_is_refused():
    with pytest.raises(PageError, match="second_for names 'nothing'"):
        names.check(load(second=["magnitude", "nothing"]))


def test_a_page_answers_to_title_aliases_and_functions():
    found = names.exact(load()["norm"])
    assert (found["norm"], found["magnitude"], found["vector_norm"]) == ("title", "alias", "function")


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("numpy.linalg.det", "https://numpy.org/doc/stable/reference/generated/numpy.linalg.det.html"),
        ("torch.linalg.det", "https://docs.pytorch.org/docs/stable/generated/torch.linalg.det.html"),
        ("math.log", "https://docs.python.org/3/library/math.html#math.log"),
        ("abs", "https://docs.python.org/3/library/functions.html#abs"),
    ],
)
def test_a_name_elsewhere_has_its_official_page(name, page):
    assert names.official_page(name) == page
