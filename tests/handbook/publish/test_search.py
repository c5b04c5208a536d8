"""The index of search: what is declared, what stands on the pages, and no more."""

import json
from pathlib import Path

import pytest

from mathref.handbook.publish import search
from mathref.handbook.read import concepts
from mathref.handbook.read.page import PageError, read

PAGE = """---
part: P
needs: []
aliases: [magnitude, length]
symbols: {x: ['|x|']}
equivalents: {vector_norm: [numpy.linalg.norm]}
references: []
questions: [how long is a vector]
second_for: [length]
---
# Norm
"""
ENTRIES = [
    {
        "location": "concepts/norm/",
        "title": "Norm",
        "text": "<p>Words&nbsp;<b>here</b></p><pre><code>code</code></pre>",
    },
    {"location": "concepts/norm/#use", "title": "Use", "text": "Used."},
    {"location": "concepts/norm/#references", "title": "References", "text": "A book."},
    {"location": "api/norm/", "title": "mathref.norm", "text": "w " * 200},
]
SNIPPET = {
    "address": "concepts/norm/#snippet-one",
    "title": "One",
    "source": "import numpy as np\n\nnp.ones(2)",
    "message": "ValueError: no",
    "warnings": [],
    "cause": "Why.",
    "explained_by": "norm",
}
NONE = Path("no-such-file.yml")
CONCEPTS = concepts.load([read(PAGE, "docs/concepts/norm.md")], Path("mathref"))


def index(coming=NONE):
    script = search.index(ENTRIES, CONCEPTS, [SNIPPET], {}, coming)
    return json.loads(script.removeprefix("self.handbook = ").rstrip().rstrip(";"))


def test_a_concept_brings_its_names_questions_and_messages():
    page = index()["pages"][0]
    names = {name: weight for name, weight, _ in page["names"]}
    assert names["magnitude"] > names["length"]
    assert {"norm", "|x|", "vector_norm", "numpy.linalg.norm"} <= names.keys()
    assert page["questions"] == ["how long is a vector"]
    assert page["errors"] == ["ValueError: no", "Why."]


def test_sections_hold_words_but_no_code_and_no_lists_of_sources():
    sections = index()["sections"]
    assert sections[0] == [0, 0, "", "Words here"]
    assert sections[-1][4] == "np.ones(2)"


def test_an_address_is_given_by_how_it_begins_where_the_title_tells_the_rest():
    assert [section[1] for section in index()["sections"]] == [0, 0, 0, 1]  # "", use, "", snippet-one
    entry = {**ENTRIES[1], "title": "Use it", "location": "concepts/norm/#use_1"}
    script = search.index([ENTRIES[0], entry], {}, [], {}, NONE).removeprefix("self.handbook = ").rstrip(";\n")
    assert json.loads(script)["sections"][1][1] == "use_1"


def test_of_a_long_snippet_its_names_and_last_lines_are_kept():
    source = "import numpy as np\n\nfor k in range(3):\n    total = np.hypot(k, k)\nprint(total)\nprint(1)"
    script = search.index(ENTRIES, {}, [{**SNIPPET, "source": source}], {}, NONE).removeprefix("self.handbook = ")
    kept = json.loads(script.rstrip(";\n"))["sections"][-1][4]
    assert kept == "range total np hypot\nprint(total)\nprint(1)"


def test_a_long_formula_is_no_words():
    entry = {**ENTRIES[0], "text": "<p>A short x=1 and p(x|y)=p(y|x)p(x)/p(y) here.</p>"}
    script = search.index([entry], {}, [], {}, NONE).removeprefix("self.handbook = ").rstrip(";\n")
    assert json.loads(script)["sections"][0][3] == "A short x=1 and … here."


def test_pages_that_are_no_concept_bring_their_beginning_only():
    assert len(index()["sections"][2][3]) <= 60


def test_a_page_that_is_no_concept_brings_the_names_and_questions_that_it_declares():
    page = read("---\naliases: [install]\nquestions: [what is this]\n---\n# About\n", "docs/about.md")
    entry = {"location": "about/", "title": "About", "text": ""}
    script = search.index([entry], {}, [], {"about.md": page}, NONE).removeprefix("self.handbook = ").rstrip(";\n")
    assert json.loads(script)["pages"] == [
        {"url": "about/", "title": "About", "kind": "other", "aliases": ["install"], "questions": ["what is this"]}
    ]


def test_a_word_without_a_page_brings_the_passage_nearest_to_it(tmp_path):
    file = tmp_path / "coming.yml"
    file.write_text("norm#use: [weight decay]\nnorm: [length]\n")
    assert index(file)["coming"] == [[0, "use", ["weight decay"]], [0, "", ["length"]]]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("norm#nowhere: [weight decay]", "'weight decay' is said to be nearest to 'norm#nowhere', which is no passage"),
        ("decay: [weight decay]", "'weight decay' is said to be nearest to 'decay', which is no passage"),
        ("norm#use: [Norm]", "'norm' is said to have no page, but docs/concepts/norm.md is on it"),
    ],
)
def test_a_word_that_has_a_page_or_leads_nowhere_stops_the_build(said, fault, tmp_path):
    file = tmp_path / "coming.yml"
    file.write_text(said)
    with pytest.raises(PageError, match=f"coming.yml:1: {fault}"):
        index(file)
