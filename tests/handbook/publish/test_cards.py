"""A picture for links is drawn once for its words and its font."""

import pytest

from mathref.handbook.publish import cards
from mathref.handbook.run.cache import Cache
from mathref.handbook.show.formulas import KATEX

(FONT,) = (KATEX.parent / "fonts").glob("*-wght-normal.woff2")


def test_a_picture_is_drawn_again_only_for_other_words(tmp_path, monkeypatch):
    cache = Cache(tmp_path)
    first = cards.kept("Norm", "The length of a vector.", "mathref", FONT, cache)
    assert first == cards.card("Norm", "The length of a vector.", "mathref", FONT)
    monkeypatch.setattr(cards, "card", None)
    assert cards.kept("Norm", "The length of a vector.", "mathref", FONT, cache) == first
    with pytest.raises(TypeError):
        cards.kept("Norm", "Another line.", "mathref", FONT, cache)
