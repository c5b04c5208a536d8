"""Markdown in, HTML out: what a page shows of an executed fence."""

import markdown
import pytest
from bs4 import BeautifulSoup

from mathref.handbook.read.page import PageError, Place
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner
from mathref.handbook.show.fences import ExecutionExtension


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    runner = Runner(Library("mathref"), Cache(tmp_path_factory.mktemp("cache")))
    yield runner
    runner.close()


def convert(text, runner, **place):
    extensions = ["pymdownx.superfences", "admonition", ExecutionExtension(runner, place=Place(**place))]
    return BeautifulSoup(markdown.markdown(text, extensions=extensions), "html.parser")


def test_a_snippet_holds_its_source_and_its_output_as_they_are(runner):
    source = 'x = "<&>"\nprint(x)\nprint("  [1 2]")'
    page = convert(f'```python exec="snippet" title="A & B"\n{source}\n```', runner, page="docs/a.md")
    snippet = page.select_one("[data-snippet]")
    assert snippet["data-snippet"] == snippet["id"] == "snippet-a-b"
    assert snippet.select_one("[data-snippet-source]").get_text() == source
    assert snippet.select_one("[data-snippet-output]").get_text() == "<&>\n  [1 2]"
    assert snippet.select_one('a[href="#snippet-a-b"]')


def test_an_expected_error_shows_what_was_printed_and_its_last_line(runner):
    page = convert('```python exec="snippet" error="KeyError"\nprint(1)\n{}["a"]\n```', runner)
    snippet = page.select_one("[data-snippet]")
    assert snippet["data-snippet-error"] == "KeyError"
    assert snippet.select_one("[data-snippet-output]").get_text() == "1\nKeyError: 'a'"


def test_a_snippet_in_an_admonition_is_executed(runner):
    page = convert('!!! note\n\n    ```python exec="snippet"\n    print(7 * 6)\n    ```\n', runner)
    assert page.select_one(".admonition [data-snippet-output]").get_text() == "42"


def test_a_table_is_the_markdown_that_a_block_prints(runner):
    page = convert('```python exec="table"\nprint("| a |\\n| --- |\\n| 1 |")\n```', runner)
    assert page.select_one("table td").get_text() == "1"


def test_a_fence_that_is_not_executed_stays_code(runner):
    page = convert("```python\n1 / 0\n```", runner)
    assert not page.select("[data-snippet]")
    assert "1 / 0" in page.get_text()


def test_a_snippet_that_fails_stops_the_page_with_its_line(runner):
    with pytest.raises(PageError, match=r"docs/a\.md:14: snippet fails: ZeroDivisionError"):
        convert('Text\n\n```python exec="snippet"\n1 / 0\n```', runner, page="docs/a.md", first_line=11)


def test_all_faults_of_a_build_can_be_gathered(runner):
    faults = []
    text = '```python exec="snippet"\n1 / 0\n```\n\n```python exec="snippet"\nprint(nope)\n```'
    page = convert(text, runner, faults=faults)
    assert [str(fault).split(":")[1] for fault in faults] == ["2", "6"]
    assert "Traceback" not in page.get_text()
