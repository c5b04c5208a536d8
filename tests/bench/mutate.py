"""Whether the checks have teeth: a concept's module is broken in many small ways, and each must show on its page.

A mutant changes one sign, operator, transpose, axis, comparison, constant, function or condition. It counts if it
changes a result of the module's public functions (`battery`). It is caught if a block of the page prints something
else or fails, or if a claim or misconception would stop the build. With ``--tests`` the unit tests are asked about
those that the page lets pass. Run it by hand: ``nice python tests/bench/mutate.py norm entropy``; with ``--record`` it
writes what the page of claims shows, where a reason is then added by hand for each new survivor.

Each mutant runs in a fork of this process, so that nothing is imported twice; blocks run there as they do in a build.
"""

import argparse
import contextlib
import json
import os
import resource
import sys
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

import battery  # noqa: E402
import hypothesis  # noqa: E402, F401
import pytest  # noqa: E402
import scipy.optimize  # noqa: E402
import scipy.stats  # noqa: E402, F401
from mutants import Mutant, mutants, unbroken  # noqa: E402

import mathref  # noqa: E402
from mathref.handbook import claims  # noqa: E402, F401
from mathref.handbook.read.page import Block, read  # noqa: E402
from mathref.handbook.run import program  # noqa: E402

CONCEPTS = battery.CONCEPTS
PARTS = ("function", "source", "before", "after")  # of a mutant, which tell it from others for good
CHECKS = ("snippet", "working", "answer", "table", "claim", "misconception")  # the quickest first


def installed(concept: str, mutant: Mutant | None) -> ModuleType:
    """The concept's module, or the mutant in its place; other concepts, which may use it, are imported anew."""
    name = f"mathref.{concept}"
    if mutant is not None:
        for other in CONCEPTS:
            if sys.modules.pop(f"mathref.{other}", None):
                delattr(mathref, other)
        module = sys.modules[name] = ModuleType(name)
        module.__file__ = mutant.code.co_filename
        setattr(mathref, concept, module)
        exec(mutant.code, module.__dict__)
    return __import__(name, fromlist=[concept])


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
    result = program.run(block.source, kind=block.kind)
    error = result["error"] and (result["error"]["names"][0], result["error"]["message"])
    printed = block.kind not in ("claim", "misconception")
    return (result["output"], result["warnings"], error) if printed else (error is None,)


class Trial:
    """A concept, its page and what both give unbroken."""

    def __init__(self, concept: str, jobs: int) -> None:
        self.concept, self.jobs = concept, jobs
        page = ROOT / "docs" / "concepts" / f"{concept.replace('_', '-')}.md"
        blocks = [block for _, block in read(page.read_text(), str(page)).blocks]
        begun = time.process_time()
        self.results = battery.results(installed(concept, None))
        self.seconds = time.process_time() - begun
        known = dict(in_forks(outcome, (block for block in blocks if block.kind in CHECKS), jobs, 60))
        self.checks = sorted(known.items(), key=lambda check: CHECKS.index(check[0].kind))
        for block, shown in self.checks:
            assert shown not in (None, (False,)), f"{page}:{block.line}: this {block.kind} fails without a mutant"
        again = unbroken(ROOT / "mathref", concept)  # of a module imported anew a result is of another class
        for work, wanted in ((self.changes, False), (self.caught, "")):
            ((_, found),) = in_forks(work, [again], 1, 120)
            assert found == wanted, f"{concept}: without a mutant it {found or 'ran too long'} differs"

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
        for block, expected in self.checks:
            if outcome(block) != expected:
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
        survivors = [m for m, shown in in_forks(self.caught, changing, self.jobs, 30) if shown == ""]
        failed = dict(in_forks(self.failed, survivors, self.jobs, 900)) if tests else {}
        return {
            "mutants": len(found),
            "changing": len(changing),
            "caught": len(changing) - len(survivors),
            "survivors": [
                {"file": f"mathref/{m.module}.py", **{part: getattr(m, part) for part in PARTS}, "reason": ""}
                | ({"tests": "pass" if failed[m] is False else "caught"} if tests else {})
                for m in sorted(survivors)
            ],
        }


def written(path: Path, concept: str, figure: dict[str, Any]) -> None:
    """Put a concept's figures beside others in a file; the reason of a survivor that was there stays."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    before = kept.get(concept, {}).get("survivors", [])
    reasons = {tuple(survivor[part] for part in PARTS): survivor["reason"] for survivor in before}
    for survivor in figure["survivors"]:
        survivor["reason"] = reasons.get(tuple(survivor[part] for part in PARTS), "")
    path.write_text(json.dumps(dict(sorted({**kept, concept: figure}.items())), indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("concepts", nargs="*", default=CONCEPTS, metavar="concept")
    parser.add_argument("--tests", action="store_true", help="ask the unit tests about what the page lets pass")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    parser.add_argument("--record", dest="json", action="store_const", const=TABLE, help=f"the same, to {TABLE.name}")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # what is not yet written would be written by each fork
    # all at once, so that what is edited meanwhile does no harm
    found = {concept: mutants(ROOT / "mathref", concept) for concept in chosen.concepts}
    for concept in chosen.concepts:
        used = os.times()
        figure = Trial(concept, chosen.jobs).figures(found[concept], chosen.tests)
        share = figure["caught"] / max(1, figure["changing"])
        cpu = sum(os.times()[:4]) - sum(used[:4])
        counts = "{mutants:4} mutants, {changing:4} change a result, {caught:4} caught".format(**figure)
        print(f"{concept:17}{counts}, {share:4.0%}; {cpu:.0f} s of CPU")
        for survivor in figure["survivors"]:
            print("  {function}: {before}   ->   {after}".format(**survivor), survivor.pop("tests", ""))
        if chosen.json:
            written(chosen.json, concept, figure)


if __name__ == "__main__":
    main()
