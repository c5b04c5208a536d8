"""Paths through the concepts: each after all that it needs."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from mathref.handbook.read.page import PageError
from mathref.handbook.show import ways

NEEDS = {"leaf": ["stem", "root"], "other": ["root"], "stem": ["root"], "root": []}
CONCEPTS = {slug: SimpleNamespace(slug=slug, minutes=2, meta=SimpleNamespace(needs=n)) for slug, n in NEEDS.items()}


def loaded(tmp_path: Path, to: str) -> ways.Way:
    (tmp_path / "paths.yml").write_text(f"- {{title: To the leaf, to: [{to}], why: It is green.}}\n")
    return ways.load(tmp_path / "paths.yml", CONCEPTS)[0]


def test_a_path_goes_through_what_is_needed_and_nothing_else_each_once(tmp_path):
    way = loaded(tmp_path, "leaf")
    assert [step.slug for step in way.steps] == ["root", "stem", "leaf"]
    assert (way.slug, way.minutes) == ("to-the-leaf", 6)


def test_what_is_next_on_a_path_is_known_but_of_its_end(tmp_path):
    way = loaded(tmp_path, "leaf, other")
    assert way.after(CONCEPTS["stem"]) is CONCEPTS["leaf"]
    assert way.after(CONCEPTS["other"]) is None


def test_a_path_to_a_page_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PageError, match=r"paths.yml:1: the path 'To the leaf' leads to 'flower', which has no page"):
        loaded(tmp_path, "flower")


def test_without_a_file_there_are_no_paths(tmp_path):
    assert ways.load(tmp_path / "paths.yml", CONCEPTS) == []
