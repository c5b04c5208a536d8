"""A result depends on the modules that it reaches, and on no others."""

import pytest

from mathref.handbook.run.dependencies import Library


@pytest.fixture
def library(tmp_path, monkeypatch):
    package = tmp_path / "toybox"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_base.py").write_text("import numpy\n\nONE = 1\n")
    (package / "cube.py").write_text("from toybox._base import ONE\n")
    (package / "ball.py").write_text("TWO = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    return Library("toybox")


CUBE, BALL = "from toybox.cube import ONE", "from toybox.ball import TWO"


def test_modules_are_reached_through_others(library):
    assert [name for name, _ in library.reached(CUBE)] == ["toybox", "toybox._base", "toybox.cube"]
    assert library.foreign(CUBE) == {"numpy"}
    assert set(library.versions(CUBE)) == {"python", "numpy"}


def test_a_changed_line_changes_the_key_of_exactly_the_blocks_that_reach_it(library):
    before = library.key("snippet", CUBE, ""), library.key("snippet", BALL, "")
    path = library.folder / "_base.py"
    path.write_text(path.read_text().replace("ONE = 1", "ONE = 3"))
    library.fresh()
    after = library.key("snippet", CUBE, ""), library.key("snippet", BALL, "")
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_the_key_depends_on_source_kind_and_limits(library):
    keys = {
        library.key(*parts)
        for parts in [("snippet", "1", "a"), ("claim", "1", "a"), ("snippet", "2", "a"), ("snippet", "1", "b")]
    }
    assert len(keys) == 4


def test_the_key_depends_on_versions(library, monkeypatch):
    before = library.key("snippet", CUBE, "")
    monkeypatch.setattr("mathref.handbook.run.dependencies._version", lambda top: "99")
    assert library.key("snippet", CUBE, "") != before
