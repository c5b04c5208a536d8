"""Where a page explains a name."""

from pathlib import Path

import pytest

from mathref.handbook.read import concepts
from mathref.handbook.read.page import read
from mathref.handbook.show.passages import naming

PAGE = """---
part: P
needs: []
aliases: []
symbols: {}
equivalents: {}
references: []
---
# Vector

A vector is a **list**, whose length is its **order**, and has a norm.

## What goes wrong

**A length is no order.** The shape is more.

## Later

Its **[length](norm.md)** is its **`norm`**, Euler’s matrices aside.
"""


@pytest.mark.parametrize(
    ("name", "anchor"),
    [
        ("order", ""),
        ("length", "later"),
        ("norm", "later"),
        ("shape", "what-goes-wrong"),
        ("Euler's matrix", "later"),
        ("what goes wrong", "what-goes-wrong"),
        ("rank", None),
    ],
)
def test_a_name_is_explained_where_it_is_a_term_in_bold_else_where_it_is_said_first(name, anchor):
    concept = concepts.load([read(PAGE, "docs/concepts/vector.md")], Path("mathref"))["vector"]
    found = naming(concept, name)
    assert (found.anchor if found else None) == anchor
