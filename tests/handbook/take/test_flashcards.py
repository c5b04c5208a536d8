"""Cards to learn from, unpacked and read as Anki reads them."""

import csv
import html
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.runner import Result
from mathref.handbook.take import flashcards

PAGE = r"""---
part: Two words
needs: []
aliases: []
symbols: {}
equivalents: {}
references: []
letters: {'x': a vector}
---
# Norm

$$
\norm{x} < \infty .
$$

```python exec="claim" statement="$\norm{x} \ge 0$." because="Squares."
claim()
```

```python exec="misconception" statement="$\norm{x} = x_1$."
misconception()
```

```python exec="claim" statement="`norm` is fast." because="So it is."
other()
```

## Exercises

### The length of $x$

How long is $(3, 4)$?

??? answer "Answer"
    It is $\norm{x} = 5$, or

    | a | b |
    | --- | --- |
    | $x\T$ | 1 |

    ```python exec="answer" is="5 < 6"
    print("5 < 6")  # $5$
    ```

### Another

Why? See [roots](root.md#root).

??? answer "Answer"
    Because.

    ```python exec="answer" is="5 < 6"
    print("5 < 6")
    ```
"""
SAID = {"cases": 500, "example": {"x": ["1", "2"]}, "sides": ["2.23607", "1"], "counterexample": "x = [1., 2.]"}
MACROS = {r"\T": r"^{\mathsf{T}}", r"\norm": r"\left\lVert #1 \right\rVert"}


def result_of(block):
    return Result(output="5 < 6\n") if block.kind == "answer" else Result(said=SAID)


def of_the_page(address="", page=PAGE):
    concept = Concept("norm", read(page, "docs/concepts/norm.md"), "mathref.norm", Path("mathref/norm.py"))
    return flashcards.cards({"Two words": [concept]}, result_of, MACROS, address, Cache(kept=False))


def words(side):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", side)).strip()


def test_claims_misconceptions_exercises_and_main_formulas_become_cards_but_not_what_is_said_of_the_library():
    kinds = [card.tags[1] for card in of_the_page()]
    assert kinds == [f"mathref::{kind}" for kind in ("formula", "statement", "statement", "exercise", "exercise")]


def test_a_card_says_true_with_the_reason_or_false_with_the_counterexample():
    _, claim, misconception, *_ = of_the_page()
    assert "True or false?" in words(claim.front)
    assert words(claim.back) == "True , in all 500 cases tried. Squares. Norm"
    assert words(misconception.back).startswith(r"False for \(x = (1, 2)\) : the left side is \(2.23607\)")


def test_an_exercise_asks_on_its_front_and_answers_with_words_code_and_output_on_its_back():
    *_, exercise, _ = of_the_page()
    assert words(exercise.front) == r"Norm: The length of \(x\) How long is \((3, 4)\) ?"
    assert r"It is \(\left\lVert x \right\rVert = 5\) , or" in words(exercise.back)
    assert "<td>1</td>" in exercise.back
    assert [html.unescape(code) for code in re.findall("<pre.*?><code.*?>(.*?)</code></pre>", exercise.back)] == [
        'print("5 < 6")  # $5$',
        "5 < 6",
    ]


def test_formulas_have_our_macros_written_out_and_stand_as_anki_takes_them():
    for card in of_the_page():
        prose = re.sub(r"<pre.*?</pre>", "", card.front + card.back, flags=re.DOTALL)
        assert not re.search(r"\\norm|\\T\b|\$|\*\*|\]\(", prose)
    assert r"\left\lVert x \right\rVert &lt; \infty" in of_the_page()[0].back


def test_a_card_leads_to_its_page_if_that_has_an_address_and_nowhere_else():
    for card in of_the_page():
        assert "<a " not in card.front + card.back
    _, claim, *_, exercise = of_the_page("https://a.b/")
    assert f'<a href="https://a.b/concepts/{claim.name.replace("#", "/#")}">Norm</a>' in claim.back
    assert '<a href="https://a.b/concepts/root/#root">roots</a>' in exercise.front
    assert '<a href="https://a.b/concepts/norm/#another">Norm</a>' in exercise.back


def test_the_text_has_ankis_head_and_a_row_of_four_columns_for_each_card():
    cards = of_the_page()
    head, rows = [], io.StringIO(flashcards.tsv(cards, "mathref"))
    while (line := next(rows)).startswith("#"):
        head.append(line.strip().partition(":")[::2])
    assert dict(head) == {
        "#separator": "tab", "#html": "true", "#notetype": "Basic", "#deck": "mathref",
        "#guid column": "1", "#tags column": "4",
    }  # fmt: skip
    found = list(csv.reader(io.StringIO(line + rows.read()), delimiter="\t"))
    assert found == [[card.guid, card.front, card.back, " ".join(card.tags)] for card in cards]
    assert not {tag for card in cards for tag in card.tags if " " in tag}


@pytest.fixture
def unpacked(tmp_path):
    def unpacked(data):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            packed.extractall(tmp_path)
        return sqlite3.connect(tmp_path / "collection.anki2")

    return unpacked


def test_the_package_holds_each_card_in_the_deck_of_its_part(unpacked):
    cards = of_the_page()
    store = unpacked(flashcards.apkg(cards, "mathref", 1_700_000_000))
    notes = store.execute("SELECT guid, flds, tags FROM notes ORDER BY id").fetchall()
    assert [(guid, *fields.split("\x1f"), tags.split()) for guid, fields, tags in notes] == [
        (card.guid, card.front, card.back, card.tags) for card in cards
    ]
    ((decks,),) = store.execute("SELECT decks FROM col")
    names = {int(deck): facts["name"] for deck, facts in json.loads(decks).items()}
    assert {names[deck] for (deck,) in store.execute("SELECT did FROM cards")} == {"mathref::Two words"}
    store.close()


def test_a_later_package_changes_what_an_earlier_one_brought(unpacked):
    """By the same ids of note type and deck, the same guids, and a later moment."""
    facts = []
    for moment, page in ((1_700_000_000, PAGE), (1_700_000_060, PAGE.replace("Squares", "Roots"))):
        store = unpacked(flashcards.apkg(of_the_page(page=page), "mathref", moment))
        notes = store.execute("SELECT guid, mid, mod FROM notes ORDER BY id").fetchall()
        facts.append((store.execute("SELECT DISTINCT did FROM cards").fetchall(), [note[:2] for note in notes]))
        assert {changed for *_, changed in notes} == {moment}
        store.close()
    assert facts[0] == facts[1]


def test_the_same_cards_at_one_moment_are_the_same_bytes():
    first, second = (flashcards.apkg(of_the_page(), "mathref", 1_700_000_000) for _ in range(2))
    assert first == second
