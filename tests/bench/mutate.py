"""Whether the checks have teeth: a concept's module is broken in many small ways, and each must show on its page.

A mutant changes one sign, operator, transpose, axis, comparison, constant, function or condition. It counts if it
changes a result of the module's public functions (`battery`). It is caught if a snippet of the page prints something
else or fails, a claim is false, or a misconception has no counterexample any more. With ``--tests`` the unit tests are
asked about those that the page lets pass. Run it by hand: ``nice python tests/bench/mutate.py norm entropy``; with
``--record`` it writes what the page of claims shows, where a reason is then added by hand for each new survivor.

Each mutant runs in a fork of this process, so that nothing is imported twice, and claims are tried on the cases that
Hypothesis drew for the unbroken module, so that none is drawn twice.
"""

import argparse
import contextlib
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Pipe, wait
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "mutations.json"  # what the page of claims shows
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MATHREF_CLAIM_CASES="200", MPLBACKEND="agg")
_EXAMPLES = tempfile.TemporaryDirectory(prefix="mutate-")  # those of mutants stay out of the tree
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = _EXAMPLES.name

import battery  # noqa: E402
import pytest  # noqa: E402
import scipy.optimize  # noqa: E402
import scipy.stats  # noqa: E402, F401
from mutants import Mutant, mutants  # noqa: E402

from mathref.handbook import claims  # noqa: E402
from mathref.handbook.read.page import Block, read  # noqa: E402
from mathref.handbook.run import program  # noqa: E402
from mathref.handbook.run.dependencies import Library  # noqa: E402

LIBRARY = Library("mathref")
CONCEPTS = battery.CONCEPTS
CHECKS = ("snippet", "claim", "misconception")


def private_modules(concept: str) -> list[str]:
    """Private modules that no other concept reaches."""
    reach = {
        name: {m.removeprefix("mathref.") for m, _ in LIBRARY.reached(f"import mathref.{name}")} for name in CONCEPTS
    }
    others = set().union(*(reach[name] for name in CONCEPTS if name != concept))
    return sorted(name for name in reach[concept] - others if name[0] == "_" and "." in name)


def installed(concept: str, mutant: Mutant | None) -> ModuleType:
    """The concept's module, in this process with the mutant in place of the module that it changes."""
    if mutant is not None:
        changed = f"mathref.{mutant.module}"
        for name in [name for name in sys.modules if name.startswith("mathref.") and "handbook" not in name]:
            if changed in dict(LIBRARY.reached(f"import {name}")):
                package, _, last = name.rpartition(".")
                del sys.modules[name]
                delattr(sys.modules[package], last)
        module = ModuleType(changed)
        module.__file__ = mutant.code.co_filename
        sys.modules[changed] = module
        package, _, last = changed.rpartition(".")
        setattr(sys.modules[package], last, module)
        exec(mutant.code, module.__dict__)
    return __import__(f"mathref.{concept}", fromlist=[concept])


def in_forks(work: Callable[[Any], Any], items: Iterable[Any], jobs: int, seconds: float) -> Iterator[tuple[Any, Any]]:
    """Each item with work(item), done in a process of its own; None if that died or used more seconds."""
    waiting, running = list(items)[::-1], {}
    while waiting or running:
        while waiting and len(running) < jobs:
            item = waiting.pop()
            here, there = Pipe(duplex=False)
            if not (pid := os.fork()):
                with contextlib.suppress(BaseException):
                    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
                    resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
                    for stream in (1, 2):  # LAPACK complains on the first
                        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
                    there.send(work(item))
                os._exit(0)
            there.close()
            running[here] = pid, item
        for connection in wait(list(running)):
            pid, item = running.pop(connection)
            try:
                answer = connection.recv()
            except EOFError:
                answer = None
            connection.close()
            os.waitpid(pid, 0)
            yield item, answer


def outcome(block: Block) -> tuple[Any, ...]:
    """What a reader sees of a block; of a claim or misconception only whether it holds."""
    result = program.run(block.source)
    error = result["error"] and (result["error"]["names"][0], result["error"]["message"])
    return (result["output"], result["warnings"], error) if block.kind == "snippet" else (error is None,)


def recorded(block: Block) -> tuple[Any, list[Any]]:
    """The outcome of a block with the unbroken module, and the arguments that each of its checks was tried with."""
    kept: list[list[Any]] = []

    def listening(check: Callable[..., Any]) -> Callable[..., Any]:
        def with_options(**options: Any) -> Callable[[Any], Any]:
            def decorate(statement: Any) -> Any:
                kept.append([])

                def heard(**arguments: Any) -> Any:
                    kept[-1].append(claims._copied(arguments))
                    return statement(**arguments)

                check(**options)(heard)
                return statement

            return decorate

        return with_options

    claims.claim, claims.misconception = listening(claims.claim), listening(claims.misconception)
    return outcome(block), kept


def replayed(block: Block, kept: list[list[Any]]) -> Any:
    """The outcome of a block whose checks are tried with the recorded arguments."""
    waiting, search = iter(kept), claims.misconception

    def is_false(statement: Any, arguments: Any, tolerance: float) -> bool:
        return not claims._error(statement(**claims._copied(arguments))) <= tolerance

    def claim(*, tolerance: float = 1e-12, **_: Any) -> Callable[[Any], Any]:
        def decorate(statement: Any) -> Any:
            assert not any(is_false(statement, arguments, tolerance) for arguments in next(waiting))
            return statement

        return decorate

    def misconception(**options: Any) -> Callable[[Any], Any]:
        def decorate(statement: Any) -> Any:
            smallest = next(waiting)[-1]
            return statement if is_false(statement, smallest, 1e-6) else search(**options)(statement)

        return decorate

    claims.claim, claims.misconception = claim, misconception
    try:
        return outcome(block)
    finally:
        claims.misconception = search


class Trial:
    """A concept, its page and what both give unbroken."""

    def __init__(self, concept: str, jobs: int) -> None:
        self.concept, self.jobs = concept, jobs
        page = ROOT / "docs" / "concepts" / f"{concept.replace('_', '-')}.md"
        found = [block for _, block in read(page.read_text(), str(page)).blocks]
        checks = [block for kind in CHECKS for block in found if block.kind == kind]
        begun = time.process_time()
        self.results = battery.results(installed(concept, None))
        self.seconds = time.process_time() - begun
        known = dict(in_forks(recorded, checks, jobs, 120))
        self.checks = [(block, *known[block]) for block in checks if known[block]]
        for block in checks:
            if not known[block] or known[block][0] == (False,):
                print(f"{page}:{block.line}: this {block.kind} fails without a mutant and can catch none")
        ((_, differs),) = in_forks(self.caught, [None], 1, 120)
        assert differs == "", f"{page}: the {differs} differs without a mutant"
        assert not self.changes(None), f"{concept}: results differ without a mutant"

    def changes(self, mutant: Mutant | None) -> bool:
        """Whether a result differs from the unbroken module's."""
        try:
            return battery.differ(self.results, battery.results(installed(self.concept, mutant))) is not None
        except Exception:
            return True

    def caught(self, mutant: Mutant | None) -> str:
        """The first block of the page that shows a mutant, or an empty string."""
        try:
            installed(self.concept, mutant)
        except Exception:
            return "import"
        for block, expected, kept in self.checks:
            if replayed(block, kept) != expected:
                return f"{block.kind} in line {block.line}"
        return ""

    def failed(self, mutant: Mutant) -> bool:
        """Whether the concept's unit tests fail."""
        installed(self.concept, mutant)
        os.chdir(ROOT)
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:benchmark", "--assert=plain"]
        return pytest.main([*options, f"tests/test_{self.concept}.py"]) != 0

    def figures(self, found: list[Mutant], tests: bool) -> dict[str, Any]:
        """How many mutants there are, change a result and are caught; and those that are not."""
        limit = 3 + 4 * self.seconds
        changing = [m for m, changed in in_forks(self.changes, found, self.jobs, limit) if changed is not False]
        shown = dict(in_forks(self.caught, changing, self.jobs, 60))
        survivors = [mutant for mutant in changing if shown[mutant] == ""]
        failed = dict(in_forks(self.failed, survivors, self.jobs, 900)) if tests else {}
        return {
            "mutants": len(found),
            "changing": len(changing),
            "caught": len(changing) - len(survivors),
            "survivors": [
                {
                    "file": f"mathref/{m.module.replace('.', '/')}.py",
                    "function": m.function,
                    "source": m.source,
                    "before": m.before,
                    "after": m.after,
                    "reason": "",
                }
                | ({"tests": "caught" if failed[m] is not False else "pass"} if tests else {})
                for m in sorted(survivors)
            ],
        }


def written(path: Path, figures: dict[str, Any]) -> None:
    """Put figures beside those of other concepts in a file; the reason of a survivor that was there stays."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    for concept, figure in figures.items():
        reasons = {_same(old): old["reason"] for old in kept.get(concept, {}).get("survivors", [])}
        for survivor in figure["survivors"]:
            survivor["reason"] = reasons.get(_same(survivor), "")
    path.write_text(json.dumps(dict(sorted({**kept, **figures}.items())), indent=1, ensure_ascii=False) + "\n")


def _same(survivor: dict[str, Any]) -> tuple[str, ...]:
    return survivor["file"], survivor["function"], survivor["before"], survivor["after"]


def _chosen_mutants(concept: str, chosen: argparse.Namespace) -> list[Mutant]:
    modules = [concept, *(private_modules(concept) if chosen.private else []), *chosen.also]
    found = [mutants(ROOT / "mathref", module) for module in modules]
    return [m for some in found for m in random.Random(0).sample(some, min(chosen.most, len(some)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("concepts", nargs="*", default=CONCEPTS, metavar="concept")
    parser.add_argument("--private", action="store_true", help="also mutate private modules that only the concept uses")
    parser.add_argument(
        "--also", nargs="*", default=[], metavar="MODULE", help="more modules to mutate, as _numerics.sums"
    )
    parser.add_argument("--most", type=int, default=sys.maxsize, help="mutants of a module at most, a fixed sample")
    parser.add_argument("--tests", action="store_true", help="ask the unit tests about what the page lets pass")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    parser.add_argument("--record", dest="json", action="store_const", const=TABLE, help=f"the same, to {TABLE.name}")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # what is not yet written would be written by each fork
    # all at once, so that what is edited meanwhile does no harm
    found = {concept: _chosen_mutants(concept, chosen) for concept in chosen.concepts}
    figures = {}
    for concept in chosen.concepts:
        begun, used = time.perf_counter(), os.times()
        figure = figures[concept] = Trial(concept, chosen.jobs).figures(found[concept], chosen.tests)
        share = figure["caught"] / max(1, figure["changing"])
        cpu = sum(os.times()[:4]) - sum(used[:4])
        counts = "{mutants:4} mutants, {changing:4} change a result, {caught:4} caught".format(**figure)
        print(f"{concept:17}{counts}, {share:4.0%}; {time.perf_counter() - begun:.0f} s, {cpu:.0f} s of CPU")
        for s in figure["survivors"]:
            tests = f"   [tests: {s['tests']}]" if chosen.tests else ""
            print(f"  {s['file']}:{s['line']}: {s['before']}   ->   {s['after']}{tests}")
        if chosen.json:
            written(chosen.json, figures)


if __name__ == "__main__":
    main()
