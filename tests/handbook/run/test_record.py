"""A block that needs a framework is shown from its record where the framework is not installed."""

import json

import pytest

from mathref.handbook.__main__ import main
from mathref.handbook.read.page import PageError, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.record import place, recorded
from mathref.handbook.run.runner import Runner, checked

PAGE = '# Page\n\n```python exec="snippet" with="{}" title="One"\nprint({})\n```\n'


def _page(folder, framework, printed):
    path = folder / "docs" / "page.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(PAGE.format(framework, printed))
    ((_, block),) = read(path.read_text(), "docs/page.md").blocks
    return block


@pytest.fixture
def runner(tmp_path):
    runner = Runner(Library("mathref"), Cache(kept=False))
    runner.root = tmp_path
    yield runner
    runner.close()


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A record that was made where a module, here one that Python always has, is installed."""
    monkeypatch.chdir(tmp_path)
    block = _page(tmp_path, "colorsys", "6 * 7")
    assert main(["record"]) == 0
    return block


def test_a_record_holds_what_the_block_printed(made, tmp_path):
    assert recorded(made, tmp_path).output == "42\n"


def test_without_the_framework_the_record_is_shown(made, runner, tmp_path):
    block = _page(tmp_path, "no_such_framework", "6 * 7")
    path = tmp_path / place(block.page)
    with pytest.raises(PageError, match=r"docs/page\.md:4: snippet fails: .*no record of this source.*handbook record"):
        checked(block, runner.result(block))
    (entry,) = json.loads(path.read_text()).values()
    from mathref.handbook.run.record import digest

    path.write_text(json.dumps({digest(block): {**entry, "output": "recorded\n"}}))
    assert checked(block, runner.result(block)).output == "recorded\n"


def test_a_record_of_another_source_is_stale(made, runner, tmp_path):
    block = _page(tmp_path, "no_such_framework", "6 * 8")
    with pytest.raises(PageError, match=r"docs/page\.md:4: snippet fails: .*no record of this source"):
        checked(block, runner.result(block))


def test_a_block_that_should_fail_is_not_taken_for_one_that_has_no_record(runner, tmp_path):
    block = _page(tmp_path, "no_such_framework", "6 * 8")
    block.options["error"] = "RuntimeError"
    with pytest.raises(PageError, match=r"should have raised RuntimeError\): .*no record"):
        checked(block, runner.result(block))


def test_an_output_that_changed_is_found_with_page_and_line(made, tmp_path, capsys):
    path = tmp_path / place(made.page)
    path.write_text(path.read_text().replace("42", "41"))
    assert main(["record", "--check"]) == 1
    assert "docs/page.md:4: now '42\\n', in the record '41\\n'" in capsys.readouterr().out


def test_an_unchanged_record_is_confirmed(made, capsys):
    assert main(["record", "--check"]) == 0
    assert "1 blocks run anew, 0 differ" in capsys.readouterr().out


def test_recording_needs_what_the_blocks_need(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _page(tmp_path, "no_such_framework", "6 * 7")
    assert main(["record"]) == 1
    assert "no_such_framework should be installed" in capsys.readouterr().err
