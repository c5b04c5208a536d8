import pytest

from mathref.handbook.read.front_matter import front_matter
from mathref.handbook.read.page import PageError, read, split_front_matter

META = {"part": "P", "needs": [], "aliases": ["a"], "symbols": {}, "equivalents": {"numpy": ["n"]}, "references": []}


def test_a_block_knows_the_line_of_its_first_source_line():
    text = '# T\n\n```python exec="snippet" title="One"\nprint(1)\n```\n'
    [(_, block)] = read("\n" * 4 + text, "docs/a.md").blocks
    assert (block.line, block.source, block.id, block.options) == (8, "print(1)", "snippet-one", {"title": "One"})


def test_blocks_come_in_order_with_their_kinds():
    text = '```python exec="snippet"\n1\n```\n```python exec="claim"\n2\n```\n```python exec="snippet"\n3\n```\n'
    assert [block.kind for _, block in read(text, "a.md").blocks] == ["snippet", "claim", "snippet"]


def test_an_unknown_kind_is_refused_with_its_line():
    with pytest.raises(PageError, match=r'a\.md:2: exec="snipet" is not known'):
        _ = read('\n```python exec="snipet"\n```\n', "a.md").blocks


def test_another_language_is_refused():
    with pytest.raises(PageError, match="only python is executed"):
        _ = read('```bash exec="snippet"\n```\n', "a.md").blocks


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
    assert read("```\n# comment\n```\n# Real { #id }\n").title == "Real"
    with pytest.raises(PageError, match="has no heading"):
        _ = read("text").title


def test_code_in_a_statement_does_not_hide_a_block():
    [(_, block)] = read('```python exec="claim" statement="`det` is linear in a row"\n1\n```\n', "a.md").blocks
    assert block.options["statement"] == "`det` is linear in a row"


def ids(*fences):
    return [
        block.id
        for _, block in read("\n".join(f"```python {first}\n{code}\n```" for first, code in fences), "a.md").blocks
    ]


def test_an_id_comes_from_title_or_statement_and_no_block_before_it_changes_it():
    claim = ('exec="claim" statement="No $x$ comes closer: $\\norm{Ax} \\ge 0$."', "1")
    assert ids(('exec="snippet" title="Läuchli\'s A⁻¹"', "1"), claim) == [
        "snippet-lauchli-s-a-1",
        "claim-no-x-comes-closer-norm-ax-ge-0",
    ]
    assert ids(('exec="snippet"', "0"), claim)[1] == "claim-no-x-comes-closer-norm-ax-ge-0"


def test_an_id_that_is_given_is_taken_and_given_once():
    assert ids(('exec="snippet" title="Long" id="short"', "1")) == ["short"]
    with pytest.raises(PageError, match=r"a\.md:4: another block has the id 'short'"):
        ids(('exec="snippet" id="short"', "1"), ('exec="figure" alt="x" id="short"', "1"))


def test_blocks_that_say_the_same_or_nothing_are_told_apart_by_their_source():
    found = ids(
        *[('exec="snippet" title="Check"', code) for code in "123"], *[('exec="snippet"', code) for code in "11"]
    )
    assert len(set(found)) == 5
    assert ids(*[('exec="snippet" title="Check"', code) for code in "0123"])[1:] == found[:3]


def test_a_text_with_the_body_in_it_gets_a_mark_for_each_block():
    page = read('---\na: 1\n---\n# T\n\n> ```python exec="snippet" title="One"\n> 1\n> ```\n\nend\n', "a.md")
    assert page.marked(f"head\n{page.body.strip()}\nfoot") == "head\n# T\n\n> \ue000snippet-one\ue001\n\nend\nfoot"
    assert page.marked("another text") == "another text"


def test_lines_are_those_of_the_file_where_something_is_included():
    text = '# T\n\n--8<-- "x"\n\n```python exec="snippet"\n1\n```\n'
    page = read(text, "a.md", lambda lines: [*lines[:2], "many", "lines", "come", *lines[3:]])
    assert page.blocks[0][1].line == 6
