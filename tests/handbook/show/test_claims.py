"""How a claim looks on its page: what refutes a misconception, in the words of its statement."""

import pytest

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.runner import Result
from mathref.handbook.show.claims import claim_html
from mathref.handbook.show.formulas import Formulas


@pytest.fixture(scope="module")
def formulas(tmp_path_factory):
    return Formulas(Cache(tmp_path_factory.mktemp("cache")), {})


@pytest.mark.parametrize(
    ("names", "sides", "expected"),
    [
        ("a; b", ["1", "2"], "<b>Fails</b> for x = 3: a = 1, but b = 2."),
        ("a; 0", ["1", "0"], "<b>Fails</b> for x = 3: a = 1."),
        ("0; b", ["0", "-1"], "<b>Fails</b> for x = 3: b = -1."),
        ("", ["1", "2"], "<b>Fails</b> for x = 3: the left side is 1, the right side 2."),
    ],
)
def test_a_side_that_is_a_number_is_not_said_to_equal_itself(names, sides, expected, formulas, monkeypatch):
    monkeypatch.setattr(formulas, "render", lambda tex: tex)
    options = {"statement": "It holds.", "sides": names}
    block = Block("concepts/x.md", "misconception", "claim-it-holds", 1, "", options)
    said = {"counterexample": "x = 3", "example": {"x": "3"}, "sides": sides}
    assert expected in claim_html(block, Result(said=said), formulas)


@pytest.mark.parametrize("said", [{"kind": "truth"}, {"kind": "equality", "vanishing": True}])
def test_a_claim_that_would_not_notice_what_is_nearly_right_needs_a_near_miss(said, formulas, monkeypatch):
    monkeypatch.setattr(formulas, "render", lambda tex: tex)
    block = Block("concepts/x.md", "claim", "claim-it-holds", 7, "", {"statement": "It holds."})
    figures = {"noticed": 200, "noticed_entry": 200, "telling": 200, "vanishing": False}
    said = {"cases": 200, "idle": 0, "sizes": "", "bound": 0, **figures, **said}
    with pytest.raises(PageError, match=r"concepts/x.md:7: .* needs a near miss"):
        claim_html(block, Result(said=said), formulas)
    near_misses = [{"words": "half of it", "failed": 199, "cases": 200}]
    assert "fails in 199 of 200" in claim_html(block, Result(said={**said, "near_misses": near_misses}), formulas)
