import pytest

from mathref.handbook.read.page import PageError, blocks, fences, front_matter, split_front_matter, title

META = {"part": "P", "needs": [], "aliases": ["a"], "symbols": {}, "equivalents": {"numpy": ["n"]}, "references": []}


def test_a_block_knows_the_line_of_its_first_source_line():
    text = '# T\n\n```python exec="snippet" title="One"\nprint(1)\n```\n'
    [(_, block)] = blocks(text, "docs/a.md", first_line=5)
    assert (block.line, block.source, block.id, block.options) == (8, "print(1)", "a-1", {"title": "One"})


def test_kinds_are_counted_apart():
    text = '```python exec="snippet"\n1\n```\n```python exec="claim"\n2\n```\n```python exec="snippet"\n3\n```\n'
    assert [block.id for _, block in blocks(text, "a.md")] == ["a-1", "a-claim-1", "a-2"]


def test_a_fence_inside_a_longer_fence_is_text():
    text = '````markdown\n```python exec="snippet"\nprint(1)\n```\n````\n'
    assert blocks(text, "a.md") == []
    assert len(list(fences(text.split("\n")))) == 1


def test_an_indented_fence_loses_its_indent():
    text = '!!! note\n\n    ```python exec="snippet"\n    if 1:\n        print(1)\n    ```\n'
    [(fence, block)] = blocks(text, "a.md")
    assert block.source == "if 1:\n    print(1)"
    assert fence.indent == "    "


def test_an_unknown_kind_is_refused_with_its_line():
    with pytest.raises(PageError, match=r'a\.md:2: exec="snipet" is not known'):
        blocks('\n```python exec="snipet"\n```\n', "a.md")


def test_another_language_is_refused():
    with pytest.raises(PageError, match="only python is executed"):
        blocks('```bash exec="snippet"\n```\n', "a.md")


def test_the_body_begins_on_the_line_after_the_front_matter():
    meta, body, line = split_front_matter("---\na: 1\n---\n# T\n", "a.md")
    assert (meta, body, line) == ({"a": 1}, "# T\n", 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"part": None}, "field 'part' should be a word, not None"),
        ({"aliases": "x"}, "field 'aliases' should be a list of strings"),
        ({"equivalents": ["x"]}, "field 'equivalents' should be a mapping"),
        ({"alias": ["x"]}, "unknown field 'alias'"),
    ],
)
def test_a_field_of_another_type_or_name_is_refused_with_file_and_field(change, message):
    with pytest.raises(PageError, match=rf"a\.md:1: .*{message}"):
        front_matter({**META, **change}, "a.md")


@pytest.mark.parametrize("name", META)
def test_a_missing_field_is_refused_with_file_and_field(name):
    with pytest.raises(PageError, match=rf"a\.md:1: front matter lacks the field '{name}'"):
        front_matter({key: value for key, value in META.items() if key != name}, "a.md")


def test_the_title_is_the_first_heading_outside_code():
    assert title("```\n# comment\n```\n# Real { #id }\n", "a.md") == "Real"
    with pytest.raises(PageError, match="has no heading"):
        title("text", "a.md")


def test_code_in_a_statement_does_not_hide_a_block():
    [(_, block)] = blocks('```python exec="claim" statement="`det` is linear in a row"\n1\n```\n', "a.md")
    assert block.options["statement"] == "`det` is linear in a row"


def test_three_backticks_within_a_line_open_nothing():
    assert list(fences(["```code``` in a line", "text"])) == []
