"""A page as script, notebook and Markdown."""

import base64
import contextlib
import io
import json
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import read
from mathref.handbook.run.runner import Result
from mathref.handbook.take import downloads

PAGE = r"""---
part: P
needs: []
aliases: []
symbols: {}
equivalents: {}
references: []
---
# Determinant

Words with $A\T$ and [norm](norm.md#snippet-one), see [D2](../tutorial-set-right.md#d2).

```python exec="snippet" title="One"
print(1)
```

```python exec="snippet" title="Wrong" error="ValueError"
raise ValueError("no")
```

??? answer "Answer"
    Hidden words.

    ```python exec="answer" is="2"
    print(2)
    ```

    More.

```python exec="claim" statement="$x = x$"
claim()
```
"""
RESULTS = {
    "One": Result(output="1\n"),
    "Wrong": Result(error={"message": "ValueError: no", "line": 1, "names": ["ValueError"]}),
    None: Result(output="2\n", said={"cases": 200}),
}
MACROS = {r"\T": r"^{\mathsf{T}}", r"\norm": r"\left\lVert #1 \right\rVert"}


@pytest.fixture
def concept():
    return Concept(
        "determinant", read(PAGE, "docs/concepts/determinant.md"), "mathref.determinant", Path("mathref/norm.py")
    )


def result_of(block):
    return RESULTS[block.options.get("title")]


def test_a_script_prints_what_the_snippets_print_and_its_expected_errors(concept):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(downloads.script(concept), {"__name__": "__main__"})
    assert printed.getvalue() == "1\nValueError: no\n"


def test_a_notebook_is_valid_and_marks_expected_errors(concept):
    text = downloads.notebook(concept, result_of, MACROS, bytes)
    nbformat.validate(json.loads(text))
    code = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert [cell["metadata"] for cell in code] == [{}, {"tags": ["raises-exception"]}, {"tags": ["answer"]}]
    assert code[1]["outputs"][0]["ename"] == "ValueError"


def test_a_notebook_holds_a_figure_with_its_text_alternative_and_caption():
    page = PAGE + '\n```python exec="figure" alt="The set [0, 1), a_i and x*" caption="What is *not* 1."\nshow()\n```\n'
    concept = Concept("determinant", read(page, "docs/concepts/determinant.md"), "mathref.determinant", Path("x.py"))
    drawn = {"figure": Result(output="<svg/>")}
    text = downloads.notebook(concept, lambda block: drawn.get(block.kind) or result_of(block), MACROS, str.encode)
    nbformat.validate(json.loads(text))
    (cell,) = [cell for cell in json.loads(text)["cells"] if "attachments" in cell]
    ((name, data),) = cell["attachments"].items()
    assert base64.b64decode(data["image/png"]) == b"<svg/>"
    picture, caption = BeautifulSoup(Markdown().convert(cell["source"]), "html.parser").find_all("p")
    assert (picture.img["alt"], picture.img["src"]) == ("The set [0, 1), a_i and x*", f"attachment:{name}")
    assert caption.text == "What is *not* 1."


def test_markdown_holds_outputs_plain_words_and_links_that_lead_somewhere(concept):
    text = downloads.markdown(concept, result_of, MACROS, "")
    assert "```python\nprint(1)\n```\n\n```text\n1\n```" in text
    assert "$A^{\\mathsf{T}}$" in text
    assert "[norm](../norm/index.md#snippet-one), see [D2](../../tutorial-set-right/#d2)" in text
    assert "**Answer**\n\nHidden words.\n" in text
    assert "\nMore.\n" in text
    assert "exec=" not in text
    assert "**Holds** in 200 cases: $x = x$" in text


def test_macros_are_written_out_with_their_arguments():
    assert downloads.expand(r"\norm{\norm{x}_2} \normal", MACROS) == (
        r"\left\lVert \left\lVert x \right\rVert_2 \right\rVert \normal"
    )
    assert downloads.expand(r"\norm\Lambda + \norm x", MACROS) == (
        r"\left\lVert \Lambda \right\rVert + \left\lVert x \right\rVert"
    )


def test_tabs_become_words_and_a_claim_says_why_it_holds(concept):
    page = '=== "PyTorch"\n\n    One way.\n\n=== "JAX"\n\n    Another.\n'
    assert downloads._plain(page).split() == ["**PyTorch**", "One", "way.", "**JAX**", "Another."]
    [claim] = [block for _, block in concept.fences if block.kind == "claim"]
    claim.options["because"] = "$x$ is $x$."
    assert downloads.in_words(claim, result_of(claim)) == "**Holds** in 200 cases: $x = x$ $x$ is $x$."
