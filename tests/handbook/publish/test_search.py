"""The index of search: what is declared, what stands on the pages, and no more."""

import json
from pathlib import Path

from mathref.handbook.publish import search
from mathref.handbook.read import concepts

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


def index():
    found = concepts.load({"docs/concepts/norm.md": PAGE}, Path("mathref"))
    script = search.index(ENTRIES, found, [SNIPPET])
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
    assert sections[0] == [0, "", "", "Words here"]
    assert [section[1] for section in sections] == ["", "use", "", "snippet-one"]
    assert sections[-1][4] == "np.ones(2)"


def test_pages_that_are_no_concept_bring_their_beginning_only():
    assert len(index()["sections"][2][3]) <= 100


def test_the_worker_is_ours_and_says_what_to_try():
    config = '{"search": "../assets/javascripts/workers/search.a1b2.min.js", "none": "No matching documents"}'
    assert search.in_place(config).startswith('{"search": "../static/search-worker.js", "none": "Nothing found. Try')


def test_what_is_fetched_with_each_page_is_empty(tmp_path):
    (tmp_path / "search").mkdir()
    search.write(tmp_path, "self.handbook = {};")
    assert json.loads((tmp_path / "search" / "search_index.json").read_text())["docs"] == []
    assert (tmp_path / "search" / "search_index.js").read_text().startswith("var __index = {")
