"""Claims that are executed: a property tried on many cases, or a tempting statement refuted by its simplest failure.

A property is a function of the arguments that it names; `mathref.handbook.sharpness` says what it may return. A claim
shows how sharply it was tested, and fails where it is blunt: where most cases say nothing, where a side that is 0.1 %
off would pass, where a bound is never come near.
"""

import os
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from mathref.handbook.cases import Arguments, Case, drawn, near, smallest
from mathref.handbook.sharpness import AtMost, Judgement, at_most, judged, nearness_in_words, notices
from mathref.handbook.strategies import Kind

__all__ = ["Claim", "at_most", "claim", "misconception", "said"]

Property = Callable[..., Any]
CASES = 500
_NEARER = 150  # steps of the search for the case that comes nearest to a bound
_NOTICED = 0.9  # the share of cases in which an equality should notice a side that is off
_NEAR = 0.9  # how near to its bound an inequality should come where its author states nothing else
_MISSED = 0.1  # the share of cases in which a near miss should fail

# What an executed block says of itself beyond its output (anything JSON can hold); the runner hands it to the page.
said: dict[str, Any] = {}


class Claim:
    """A property that holds in all its cases, for neighbours of its statement to be tried on the same ones."""

    def __init__(self, statement: Property, kinds: dict[str, Kind], tolerance: float, cases: list[Case]) -> None:
        self._statement, self._kinds, self._tolerance, self._cases = statement, kinds, tolerance, cases

    def near_miss(self, words: str) -> Callable[[Property], Property]:
        """Check that a neighbour of the statement fails on the same arguments: a claim should tell them apart."""

        def decorate(neighbour: Property) -> Property:
            tried = [judged(neighbour(**_copied(case.arguments))) for case in self._cases[:: len(self._cases) // 100]]
            telling = [judgement for judgement in tried if not judgement.idle]
            failed = sum(not judgement.error <= self._tolerance for judgement in telling)
            if failed < max(1, _MISSED * len(tried)):
                raise AssertionError(f"the near miss {words!r} fails in {failed} of {len(tried)} cases: it should fail")
            said.setdefault("near_misses", []).append({"words": words, "failed": failed, "cases": len(tried)})
            return neighbour

        return decorate


def claim(
    *,
    tolerance: float = 1e-12,
    sizes: tuple[int, int] = (1, 5),
    cases: int = CASES,
    near: float = _NEAR,
    loose: str = "",
    **kinds: Kind,
) -> Callable[[Property], Claim]:
    """Check that a property holds for all drawn arguments, two sides to `tolerance` times their scale.

    `cases` may be lowered to 200 where one takes more than a millisecond. An inequality that comes no nearer to its
    bound than 0.9 says by `near` how near it comes and by `loose` why.
    """
    if near < _NEAR and not loose:
        raise ValueError(f"near is {near:g}; below {_NEAR:g} the claim should say by loose=... why it comes no nearer")

    def decorate(statement: Property) -> Claim:
        count = int(os.environ.get("MATHREF_CLAIM_CASES", cases))
        if count < 200:
            raise AssertionError(f"only {count} cases were tried; at least 200 are needed")
        tried = list(drawn(kinds, sizes, count, _seed(statement)))
        judgements = [_tried(statement, case, tolerance, kinds, sizes) for case in tried]
        vanishing = all(judgement.vanishes for judgement in judgements)
        idle = [judgement.scale == 0 if vanishing else judgement.idle for judgement in judgements]
        telling = [number for number in range(count) if not idle[number]]
        if 2 * len(telling) < count:
            raise AssertionError(f"{count - len(telling)} of {count} cases say nothing: both sides are 0 or trivial")
        kind = judgements[telling[0]].kind
        said.clear()
        said.update(cases=count, idle=count - len(telling), kind=kind, sizes=_sizes(kinds, tried))
        said.update(bound=tolerance if kind == "equality" else 0.0)
        if kind == "equality":
            _report_notices(judgements, telling, tolerance, vanishing)
        if kind == "inequality":
            _report_nearest(statement, tried, judgements, tolerance, (near, loose), kinds, sizes)
        bound = f", error at most {tolerance:g} of the scale" if kind == "equality" else ""
        print(f"holds in {count} cases{bound}")
        return Claim(statement, kinds, tolerance, tried)

    return decorate


def _seed(statement: Property) -> int:
    """One for each claim, of its name; MATHREF_CLAIM_SEED asks for others."""
    return zlib.crc32(f"{statement.__name__}{os.environ.get('MATHREF_CLAIM_SEED', '')}".encode())


def _tried(
    statement: Property, case: Case, tolerance: float, kinds: dict[str, Kind], sizes: tuple[int, int]
) -> Judgement:
    def fails(arguments: Arguments) -> bool:
        return not judged(statement(**_copied(arguments))).error <= tolerance

    judgement = judged(statement(**_copied(case.arguments)))
    if not judgement.error <= tolerance:
        simplest = _simplest(fails, kinds, sizes) or case.arguments
        raise AssertionError(f"counterexample: {_shown(simplest, statement(**_copied(simplest)))}")
    return judgement


def _report_notices(judgements: list[Judgement], telling: list[int], tolerance: float, vanishing: bool) -> None:
    noticed = [notices(judgements[number], tolerance, number, vanishing) for number in telling]
    side, entry = (sum(each) for each in zip(*noticed, strict=True))
    if min(side, entry) < _NOTICED * len(telling):
        raise AssertionError(
            f"blunt: a side 0.1 % off is noticed in {side}, one entry off in {entry} of {len(telling)} cases; "
            "the scale is too large"
        )
    said.update(telling=len(telling), noticed=side, noticed_entry=entry, vanishing=vanishing)


def _report_nearest(
    statement: Property,
    tried: list[Case],
    judgements: list[Judgement],
    tolerance: float,
    wanted: tuple[float, str],
    kinds: dict[str, Kind],
    sizes: tuple[int, int],
) -> None:
    """The case that comes nearest to the bound, among those drawn and by a short search from the best of them."""
    ranked = [-1.0 if judgement.idle else judgement.nearness for judgement in judgements]
    number = int(np.argmax(np.round(ranked, 9)))
    best, nearest = tried[number], ranked[number]
    for step in range(_NEARER):
        if nearest > 1 - 1e-4:
            break
        reach = 0.3 * 0.4 ** (step % 6)  # far and close by turns
        other = near(best, kinds, reach, step)
        judgement = _tried(statement, other, tolerance, kinds, sizes)
        if not judgement.idle and judgement.nearness > nearest + 1e-9:  # not by a rounding, which machines do not share
            best, nearest = other, judgement.nearness
    share, reason = wanted
    if nearest < share:
        raise AssertionError(f"blunt: no case comes nearer than {nearest:.3g} of the bound, and {share:g} is wanted")
    said.update(nearest=nearness_in_words(nearest), loose=reason)


def misconception(*, sizes: tuple[int, int] = (1, 4), **kinds: Kind) -> Callable[[Property], Property]:
    """Find the simplest arguments for which a tempting statement is false; it is an error if there are none."""

    def decorate(statement: Property) -> Property:
        tries = 0

        def fails(arguments: Arguments) -> bool:
            nonlocal tries
            tries += 1
            return not judged(statement(**_copied(arguments))).error <= 1e-6

        simplest = _simplest(fails, kinds, sizes)
        if simplest is None:
            raise AssertionError("no counterexample was found: the statement may be true")
        outcome = statement(**_copied(simplest))
        shown = _shown(simplest, outcome)
        example = {name: _entries(value) for name, value in simplest.items()}
        sides = [_entries(side) for side in _sides(outcome)]
        said.update(counterexample=shown, cases=tries, example=example, sides=sides)
        print(f"fails for {shown}")
        return statement

    return decorate


def _simplest(fails: Callable[[Arguments], bool], kinds: dict[str, Kind], sizes: tuple[int, int]) -> Arguments | None:
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import NoSuchExample

    options = settings(
        max_examples=2000,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        return find(smallest(kinds, sizes), fails, settings=options)
    except NoSuchExample:
        return None


def _sizes(kinds: dict[str, Kind], tried: list[Case]) -> str:
    spans: dict[str, str] = {}
    for name, kind in kinds.items():
        for axis, letter in enumerate(kind.shape):
            if isinstance(letter, str):
                lengths = [np.shape(case.arguments[name])[axis] for case in tried]
                spans[letter] = f"{letter} from {min(lengths)} to {max(lengths)}"
    return ", ".join(spans[letter] for letter in sorted(spans))


def _copied(arguments: Arguments) -> Arguments:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in arguments.items()}


def _sides(outcome: Any) -> list[np.ndarray[Any, Any]]:
    pair = (outcome.left, outcome.right) if isinstance(outcome, AtMost) else outcome
    return [np.asarray(side) for side in pair[:2]] if isinstance(pair, tuple) else []


def _entries(value: Any) -> Any:
    """Numbers as text, in lists as the array has them, for the page to lay out."""
    array = np.asarray(value)
    return [_entries(each) for each in array] if array.ndim else _number(array)


def _shown(arguments: Arguments, outcome: Any) -> str:
    text = ", ".join(f"{name} = {_number(np.asarray(value))}" for name, value in arguments.items())
    if sides := _sides(outcome):
        text += f": left side {_number(sides[0])}, right side {_number(sides[1])}"
    return text


def _number(value: np.ndarray[Any, Any]) -> str:
    if not value.ndim:
        return f"{complex(value):.6g}" if np.iscomplexobj(value) else f"{float(value):.6g}"
    with np.printoptions(precision=6, suppress=True):
        text = np.array2string(value + 0, separator=", ", max_line_width=10_000)
    return text.replace("\n", "").replace("  ", " ")
