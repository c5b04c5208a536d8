"""How a claim looks on its page: what refutes a misconception, in the words of its statement."""

import re

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
    assert expected in re.sub("</?span[^>]*>", "", claim_html(block, Result(said=said), formulas))


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


@pytest.mark.parametrize(
    ("noticed", "idle", "verdict", "terms"),
    [
        (
            (480, 480),
            20,
            "in all 500 cases. A side or one entry 0.1\u00a0% off is noticed in 480 of 480.",
            "Tried with n from 1 to 5; 20 cases say nothing. Both sides are equal to 1e-12 of |x|.",
        ),
        (
            (500, 490),
            0,
            "in all 500 cases. A side 0.1\u00a0% off is noticed in 500 of 500, one entry off in 490.",
            "Tried with n from 1 to 5. Both sides are equal to 1e-12 of |x|.",
        ),
    ],
)
def test_how_sharp_a_claim_is_stands_in_sight_and_the_terms_of_the_trial_with_its_check(
    noticed, idle, verdict, terms, formulas, monkeypatch
):
    monkeypatch.setattr(formulas, "render", lambda tex: tex)
    block = Block("concepts/x.md", "claim", "claim-it-holds", 7, "", {"statement": "It holds.", "of": "$|x|$"})
    said = {"kind": "equality", "cases": 500, "idle": idle, "sizes": "n from 1 to 5", "bound": 1e-12}
    said |= {"noticed": noticed[0], "noticed_entry": noticed[1], "telling": 500 - idle, "vanishing": False}
    seen, folded = claim_html(block, Result(said=said), formulas).split("<details>")
    assert f">Holds</a></b> {verdict}</p>" in seen
    assert f'<p class="mr-claim__terms">{terms}</p>' in folded
