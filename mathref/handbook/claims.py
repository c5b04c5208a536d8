"""Claims that are executed: a property tried on many generated cases, or refuted by the smallest counterexample.

A property is a function of the arguments that it names. It returns True or False, or two sides that should be equal,
or two sides and the scale that their difference is measured by (the size of the numbers that were added to get them).
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample

from mathref.handbook.report import report
from mathref.handbook.strategies import Kind, cases

Property = Callable[..., Any]
CASES = 200


def _settings() -> settings:
    fresh = os.environ.get("MATHREF_CLAIM_SEED")
    return settings(
        max_examples=int(os.environ.get("MATHREF_CLAIM_CASES", CASES)),
        derandomize=fresh is None,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def claim(
    *, tolerance: float = 1e-12, sizes: tuple[int, int] = (1, 5), **kinds: Kind
) -> Callable[[Property], Property]:
    """Check that a property holds for all generated arguments, two sides to `tolerance` times their scale."""

    def decorate(statement: Property) -> Property:
        tally = _Tally()

        def holds(arguments: dict[str, Any]) -> None:
            outcome = statement(**_copied(arguments))
            error = _error(outcome)
            if not error <= tolerance:
                raise AssertionError(f"counterexample: {_shown(arguments, outcome)}")
            tally.add(arguments, isinstance(outcome, tuple))

        test = given(arguments=cases(kinds, sizes))(holds)
        if (fresh := os.environ.get("MATHREF_CLAIM_SEED")) is not None:
            test = seed(int(fresh))(test)
        _settings()(test)()
        if tally.count < CASES:
            raise AssertionError(f"only {tally.count} cases were tried; at least {CASES} are needed")
        report(cases=tally.count, sizes=tally.sizes(kinds), bound=tolerance if tally.compares else 0.0)
        bound = f", error at most {tolerance:g} of the scale" if tally.compares else ""
        print(f"holds in {tally.count} cases{bound}")
        return statement

    return decorate


def misconception(*, sizes: tuple[int, int] = (1, 4), **kinds: Kind) -> Callable[[Property], Property]:
    """Find the smallest arguments for which a tempting statement is false; it is an error if there are none."""

    def decorate(statement: Property) -> Property:
        def fails(arguments: dict[str, Any]) -> bool:
            return not _error(statement(**_copied(arguments))) <= 1e-6

        tried = 0

        def counted(arguments: dict[str, Any]) -> bool:
            nonlocal tried
            tried += 1
            return fails(arguments)

        options = settings(_settings(), max_examples=2000, derandomize=True)
        try:
            smallest = find(cases(kinds, sizes), counted, settings=options)
        except NoSuchExample:
            raise AssertionError("no counterexample was found: the statement may be true") from None
        shown = _shown(smallest, statement(**_copied(smallest)))
        report(counterexample=shown, cases=tried)
        print(f"fails for {shown}")
        return statement

    return decorate


class _Tally:
    def __init__(self) -> None:
        self.count = 0
        self.compares = False
        self.shapes: dict[str, list[tuple[int, ...]]] = {}

    def add(self, arguments: dict[str, Any], compares: bool) -> None:
        self.count += 1
        self.compares = compares
        for name, value in arguments.items():
            self.shapes.setdefault(name, []).append(np.shape(value))

    def sizes(self, kinds: dict[str, Kind]) -> str:
        spans: dict[str, str] = {}
        for name, kind in kinds.items():
            for axis, letter in enumerate(kind.shape):
                lengths = [shape[axis] for shape in self.shapes[name]]
                if isinstance(letter, str):
                    spans[letter] = f"{letter} from {min(lengths)} to {max(lengths)}"
        return ", ".join(spans[letter] for letter in sorted(spans))


def _copied(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in arguments.items()}


def _error(outcome: Any) -> float:
    """How far two sides lie apart, in units of the scale; 0 or infinity for a truth value."""
    if isinstance(outcome, (bool, np.bool_)):
        return 0.0 if outcome else float("inf")
    left, right, *rest = outcome
    left, right = np.asarray(left), np.asarray(right)
    if left.shape != right.shape:
        return float("inf")
    scale = float(rest[0]) if rest else float(max(np.abs(left).max(), np.abs(right).max()))
    difference = float(np.abs(left - right).max()) if not np.array_equal(left, right) else 0.0
    return difference / scale if scale else difference


def _shown(arguments: dict[str, Any], outcome: Any) -> str:
    parts = [f"{name} = {_number(value)}" for name, value in arguments.items()]
    text = ", ".join(parts)
    if isinstance(outcome, tuple):
        text += f": left side {_number(outcome[0])}, right side {_number(outcome[1])}"
    return text


def _number(value: Any) -> str:
    with np.printoptions(precision=6, suppress=True):
        if isinstance(value, np.ndarray) and value.ndim:
            return (
                np.array2string(value + 0, separator=", ", max_line_width=10_000)
                .replace("\n", "")
                .replace(" " * 2, " ")
            )
        return f"{complex(value):.6g}" if np.iscomplexobj(value) else f"{float(value):.6g}"
