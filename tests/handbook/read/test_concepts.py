"""Front matter and docstrings decide titles, summaries and order."""

from pathlib import Path

import pytest

from mathref.handbook.read import concepts
from mathref.handbook.read.page import PageError, read

LIBRARY = Path("toybox")


def page(title="T", part="P", needs=()):
    return (
        f"---\npart: {part}\nneeds: [{', '.join(needs)}]\naliases: []\nsymbols: {{}}\n"
        f"equivalents: {{}}\nreferences: []\n---\n# {title}\n"
    )


def load(**pages):
    return concepts.load(
        [read(text, f"docs/concepts/{slug.replace('_', '-')}.md") for slug, text in pages.items()], LIBRARY
    )


def test_within_a_part_what_is_needed_comes_first_then_the_alphabet():
    found = load(
        zebra=page("Zebra"), apple=page("Apple", needs=["zebra"]), bear=page("Bear"), other=page("O", part="Q")
    )
    ordered = concepts.in_order(found, ["Q", "P"])
    assert {part: [c.slug for c in here] for part, here in ordered.items()} == {
        "Q": ["other"],
        "P": ["bear", "zebra", "apple"],
    }


def test_a_need_without_a_page_is_refused():
    with pytest.raises(PageError, match=r"docs/concepts/a\.md:1: front matter field 'needs' names 'nothing'"):
        load(a=page(needs=["nothing"]))


def test_needs_in_a_circle_are_refused():
    with pytest.raises(PageError, match="goes in a circle: a needs b needs a"):
        concepts.in_order(load(a=page(needs=["b"]), b=page(needs=["a"])), ["P"])


def test_an_unknown_part_is_refused():
    with pytest.raises(PageError, match="field 'part' is 'P', not one of 'Q'"):
        concepts.in_order(load(a=page()), ["Q"])


def test_the_module_of_a_page_is_its_slug_with_underscores(tmp_path):
    (tmp_path / "kl_divergence.py").write_text('"""KL: what it is."""\n')
    text = [read(page(), "docs/concepts/kl-divergence.md")]
    concept = concepts.load(text, tmp_path)["kl-divergence"]
    assert concept.module.endswith(".kl_divergence")
    assert concept.summary == "What it is."


def test_a_docstring_without_a_definition_is_refused(tmp_path):
    (tmp_path / "a.py").write_text('"""Something."""\n')
    with pytest.raises(PageError, match="first line should be"):
        _ = concepts.load([read(page(), "docs/concepts/a.md")], tmp_path)["a"].summary
