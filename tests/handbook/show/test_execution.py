"""Markdown in, HTML out: what a page shows of an executed fence."""

import markdown
import pytest
from bs4 import BeautifulSoup

from mathref.handbook.read.page import PageError, Place, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner
from mathref.handbook.show.execution import ExecutionExtension


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    runner = Runner(Library("mathref"), Cache(tmp_path_factory.mktemp("cache")))
    yield runner
    runner.close()


def convert(text, runner, path=None, faults=None):
    page = read(text, path) if path else None
    extensions = ["pymdownx.superfences", "admonition", "toc", ExecutionExtension(runner, place=Place(page, faults))]
    given = page.marked(page.body) if page else text
    return BeautifulSoup(markdown.markdown(given, extensions=extensions), "html.parser")


def test_a_snippet_holds_its_source_and_its_output_as_they_are(runner):
    source = 'x = "<&>"\nprint(x)\nprint("  [1 2]")'
    page = convert(f'```python exec="snippet" title="A & B"\n{source}\n```', runner, "docs/a.md")
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


@pytest.mark.parametrize(
    ("section", "indent", "shown_as"),
    [
        ("What goes wrong", "", "details"),
        ("In PyTorch and JAX", "", "details"),
        ("In PyTorch and JAX", "    ", "div"),
        ("Compute it", "", "div"),
    ],
)
def test_a_snippet_of_what_one_looks_over_is_folded_in_under_its_title(section, indent, shown_as, runner):
    fence = ['```python exec="snippet" title="A title" error="KeyError"', '{}["a"]', "```"]
    lines = [f"## {section}", "", *(["!!! note", ""] if indent else []), *(indent + line for line in fence)]
    page = convert("\n".join(lines), runner, "docs/a.md")
    snippet = page.select_one("[data-snippet]")
    assert (snippet.name, snippet["id"]) == (shown_as, "snippet-a-title")
    head = " ".join(snippet.select_one(".mr-snippet__head").stripped_strings)
    assert head == ("A title KeyError" if shown_as == "details" else "A title #")
    assert snippet.select_one('a[href="#snippet-a-title"]')


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
        convert("---\na: 1\n---\n" + "\n" * 7 + 'Text\n\n```python exec="snippet"\n1 / 0\n```', runner, "docs/a.md")


def test_all_faults_of_a_build_can_be_gathered(runner):
    faults = []
    text = '```python exec="snippet"\n1 / 0\n```\n\n```python exec="snippet"\nprint(nope)\n```'
    page = convert(text, runner, faults=faults)
    assert [str(fault).split(":")[1] for fault in faults] == ["2", "6"]
    assert "Traceback" not in page.get_text()


def test_a_fence_in_a_quotation_is_run(runner):
    page = convert('> Words\n>\n> ```python exec="snippet"\n> print(6)\n> ```\n', runner)
    assert page.select_one("blockquote [data-snippet-output]").get_text() == "6"


def test_a_fence_in_a_comment_or_in_indented_code_is_not_run(runner):
    fence = '```python exec="snippet"\n1 / 0\n```\n'
    indented = "".join(f"    {line}\n" for line in fence.split("\n"))
    page = convert(f"Text\n\n<!--\n{fence}-->\n\nText\n\n{indented}", runner, "docs/a.md")
    assert not page.select("[data-snippet]")
    assert "1 / 0" in page.select_one("pre").get_text()


@pytest.mark.parametrize("text", ['```python exec="snippet"\n1', 'Text\n> > ```python exec="snippet"\n> > 1\nno\n'])
def test_a_fence_that_is_shown_but_cannot_be_run_is_named_with_its_line(runner, text):
    with pytest.raises(PageError, match=r"docs/a\.md:(3|4): this fence is not run"):
        convert(f"# T\n\n{text}", runner, "docs/a.md")


def test_a_mark_that_stands_for_no_block_is_text(runner):
    page = convert('\ue000x\ue001\n\n```python exec="snippet"\nprint(6)\n```\n', runner)
    assert page.select_one("[data-snippet-output]").get_text() == "6"


def test_a_heading_and_a_block_of_one_address_are_refused(runner):
    text = '# Step one\n\n```python exec="snippet" id="step-one"\nprint(1)\n```\n'
    with pytest.raises(PageError, match=r"docs/a\.md:3: a heading of the page has the id 'step-one' too"):
        convert(text, runner, "docs/a.md")


@pytest.fixture
def included(tmp_path):
    (tmp_path / "x.py").write_text("print(3)\nprint(4)\n")
    return {"pymdownx.snippets": {"base_path": [str(tmp_path)]}}


def alone(text, configs):
    extensions = ["pymdownx.superfences", *configs, "mathref.handbook.show.execution:ExecutionExtension"]
    return BeautifulSoup(markdown.markdown(text, extensions=extensions, extension_configs=configs), "html.parser")


def test_without_any_host_included_code_is_run_and_lines_after_it_are_right(included):
    page = alone('```python exec="snippet"\n--8<-- "x.py"\n```\n', included)
    assert page.select_one("[data-snippet-output]").get_text() == "3\n4"
    with pytest.raises(PageError, match="text:4: snippet fails: ZeroDivisionError"):
        alone('--8<-- "x.py"\n\n```python exec="snippet"\n1 / 0\n```\n', included)


def test_an_included_file_that_is_missing_is_named_with_its_line(included):
    with pytest.raises(PageError, match=r"text:4: the included file 'y\.py' does not exist"):
        alone('# T\n\n```python exec="snippet"\n--8<-- "y.py"\n```\n', included)
