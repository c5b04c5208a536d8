"""Each name that a page gives in other libraries exists, and is the same as ours or not quite, as the page says."""

import warnings
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest

from mathref.handbook.read import concepts
from mathref.handbook.read.page import read

jax = pytest.importorskip("jax")
torch = pytest.importorskip("torch")

from frameworks.cases import CASES  # noqa: E402

ROOT = Path(__file__).parents[2]
PAGES = [read(path.read_text(), str(path.relative_to(ROOT))) for path in sorted((ROOT / "docs/concepts").glob("*.md"))]
CONCEPTS = concepts.load(PAGES, ROOT / "mathref").values()
NAMES = [
    pytest.param(concept, ours, theirs, id=f"{concept.slug}-{ours}-{theirs}")
    for concept in CONCEPTS
    for ours, names in concept.meta.equivalents.items()
    for theirs in names
]
REAL, COMPLEX = 20, 5
# Results agree to this in proportion to the largest entry; inputs are in general position, far from singular.
CLOSE = 1e-9
INTO = {"torch": torch.from_numpy, "jax": jax.numpy.asarray, "math": np.ndarray.tolist}
INTO["statistics"] = INTO["math"]


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what others will change; the values count
        yield


def _draws(complex_too):
    """A function for each case that draws an array of a shape; raw streams of RandomState never change."""
    for seed in range(REAL + (COMPLEX if complex_too else 0)):
        random = np.random.RandomState(seed)

        def draw(*shape, random=random, is_complex=seed >= REAL):
            parts = 2 * random.random_sample((2, *shape)) - 1
            return parts[0] + 1j * parts[1] if is_complex else parts[0]

        yield draw


def _crossing(function, kind):
    """The function with arrays made its library's own on the way in, and NumPy's on the way out."""
    if not callable(function):
        return function

    def crossed(*arguments, **options):
        return _out(function(*(_in(argument, kind) for argument in arguments), **options), kind)

    return crossed


def _in(argument, kind):
    if isinstance(argument, list | tuple):
        return type(argument)(_in(each, kind) for each in argument)
    return INTO[kind](argument) if isinstance(argument, np.ndarray) and kind in INTO else argument


def _out(result, kind):
    if isinstance(result, list | tuple):
        return tuple(_out(each, kind) for each in result)
    if isinstance(result, torch.Tensor):
        # In double precision, as NumPy has not all formats.
        return (result.double() if result.is_floating_point() else result).detach().numpy()
    return np.asarray(result) if isinstance(result, jax.Array) else _crossing(result, kind)


def _agree(theirs, ours):
    """Whether the parts that both have are equal up to rounding: one may give more than the other after them."""
    theirs, ours = ([*result] if isinstance(result, list | tuple) else [result] for result in (theirs, ours))
    return bool(theirs) and all(map(_close, theirs, ours))


def _close(theirs, ours):
    if isinstance(ours, list | tuple):
        return isinstance(theirs, list | tuple) and _agree(theirs, ours)
    theirs, ours = np.asarray(theirs), np.asarray(ours)
    if theirs.shape != ours.shape or theirs.dtype.kind not in "biufc":
        return False
    largest = np.abs(ours[np.isfinite(ours)]).max(initial=0)
    return np.allclose(theirs, ours, rtol=CLOSE, atol=CLOSE * largest, equal_nan=True)


def _tried(concept, ours, theirs):
    """Whether they agree, input by input, or the error that theirs raises."""
    case = CASES[ours]
    own = resolve_name(f"{concept.module}:{ours}")
    other = _crossing(resolve_name(theirs), theirs.partition(".")[0])
    call = case.calls.get(theirs, case.call)
    for arguments in [*map(case.inputs, _draws(case.complex)), *case.traps]:
        wanted = case.meaning(case.call(own, *arguments))
        try:
            yield _agree(case.meaning(call(other, *arguments)), wanted)
        except Exception as error:
            yield error


@pytest.mark.parametrize(("concept", "ours", "theirs"), NAMES)
def test_a_name_elsewhere_is_the_same_unless_its_page_says_not_quite(concept, ours, theirs):
    outcomes = [*_tried(concept, ours, theirs)]
    others = [outcome for outcome in outcomes if outcome is not True]
    if any(theirs in names for names in concept.meta.not_quite.values()):
        assert others, f"{theirs} gives what ours gives {len(outcomes)} times, so not_quite should not have it"
    else:
        assert not others, f"{theirs} differs {len(others)} times of {len(outcomes)}: {others[0]!r}"
