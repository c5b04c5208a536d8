"""Where Markdown shows a fence, and where it does not."""

import pytest

from mathref.handbook.read.fences import fences
from mathref.handbook.read.page import read


def test_a_fence_inside_a_longer_fence_is_text():
    text = '````markdown\n```python exec="snippet"\nprint(1)\n```\n````\n'
    assert read(text, "a.md").blocks == []
    assert len(list(fences(text.split("\n")))) == 1


def test_an_indented_fence_loses_its_indent():
    text = '!!! note\n\n    ```python exec="snippet"\n    if 1:\n        print(1)\n    ```\n'
    [(fence, block)] = read(text, "a.md").blocks
    assert block.source == "if 1:\n    print(1)"
    assert fence.prefix == "    "


def test_three_backticks_within_a_line_open_nothing():
    assert list(fences(["```code``` in a line", "text"])) == []


def test_tabs_and_spaces_of_one_width_are_one_indent():
    for opening, line, closing in (("\t", "    ", "\t"), ("    ", "\t", "    "), ("\t", "\t", "    ")):
        text = f'- item\n\n{opening}```python exec="snippet"\n{line}if 1:\n{line}    print(1)\n{closing}```\n'
        assert [block.source for _, block in read(text).blocks] == ["if 1:\n    print(1)"]


FENCE = '```python exec="snippet"\nprint(1)\n\nprint(2)\n```'


def within(before, prefix=""):
    text = "\n".join(
        [*before, *((prefix + line).rstrip() if ">" not in prefix else prefix + line for line in FENCE.split("\n"))]
    )
    return [block.source for _, block in read(text).blocks]


@pytest.mark.parametrize(
    ("before", "prefix"),
    [
        ([], ""),
        (["- item", ""], "    "),
        (["1. item", "   goes on", ""], "    "),
        (["1. item", "", "    paragraph", ""], "    "),
        (["- a", "    - b", ""], "        "),
        (["!!! note", ""], "    "),
        (['??? answer "Answer"', "    Words", ""], "    "),
        (['=== "Tab"', ""], "    "),
        (["term", ":   definition", ""], "    "),
        (["[^1]: note", ""], "    "),
        (["!!!note", ""], "    "),
        (["???+note", ""], "    "),
        (["<!-- a comment -->", ""], ""),
        (["`<!--` opens a comment", ""], ""),
    ],
)
def test_a_fence_that_markdown_shows_is_found(before, prefix):
    assert within(before, prefix) == ["print(1)\n\nprint(2)"]


@pytest.mark.parametrize("prefix", ["> ", ">> ", "> > ", ">"])
def test_a_fence_in_a_quotation_is_found_without_its_marks(prefix):
    assert within(["> words", ">"], prefix) == ["print(1)\n\nprint(2)"]


@pytest.mark.parametrize(
    ("before", "prefix"),
    [
        (["Words", ""], "    "),
        (["- item", ""], "            "),
        (["## Heading", ""], "    "),
        (["1) no item of a list", ""], "    "),
        (["/// admonition | a block is not indented", ""], "    "),
        (["<!-- a comment", ""], ""),
        (["Words <!--"], ""),
    ],
)
def test_a_fence_in_a_comment_or_in_indented_code_is_none(before, prefix):
    assert within(before, prefix) == []


def test_a_fence_after_a_comment_of_several_lines_is_found():
    assert within(["<!--", FENCE, "-->", ""]) == ["print(1)\n\nprint(2)"]
