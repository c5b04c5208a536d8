"""Each snippet runs alone as a reader would run it, each claim holds for more cases than the page tried."""

import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from mathref.handbook.read.page import read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner

PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md"))


def _blocks(*kinds):
    for path in PAGES:
        name = str(path.relative_to(ROOT))
        yield from (block for _, block in read(path.read_text(), name).blocks if block.kind in kinds)


def _params(*kinds):
    return [pytest.param(block, id=f"{block.page}:{block.line}") for block in _blocks(*kinds)]


@cache
def _shown(path: Path) -> dict[str, tuple[str, str]]:
    soup = BeautifulSoup(path.read_text(), "html.parser")
    return {
        element["data-snippet"]: tuple(
            found.get_text() if (found := element.select_one(f"[{part}]")) else ""
            for part in ("data-snippet-source", "data-snippet-output")
        )
        for element in soup.select("[data-snippet]")
    }


def _in_fresh_interpreter(source: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "snippet.py").write_text(source + "\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", **environment}
    command = [sys.executable, "snippet.py"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("block", _params("snippet"))
def test_a_snippet_copied_into_a_file_prints_what_the_page_shows(block, site, tmp_path):
    page = block.page.removeprefix("docs/").removesuffix(".md").removesuffix("index")
    source, output = _shown(site / page / "index.html")[block.id]
    assert source == block.source
    done = _in_fresh_interpreter(source, tmp_path)
    printed = done.stdout
    if "error" in block.options:
        assert done.returncode == 1
        printed += done.stderr.rstrip().splitlines()[-1]
    else:
        assert done.returncode == 0, done.stderr
    assert printed.rstrip("\n") == output


@pytest.fixture(scope="module")
def fresh_runner(tmp_path_factory):
    """Runs claims with more cases and another seed than the page; the seed is in the message of a failure."""
    seed = os.environ.get("MATHREF_CLAIM_SEED") or str(random.randrange(2**32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATHREF_CACHE", "0")
        patch.setenv("MATHREF_CLAIM_CASES", "300")
        patch.setenv("MATHREF_CLAIM_SEED", seed)
        runner = Runner(Library("mathref"), Cache(tmp_path_factory.mktemp("cache")))
        # the first result starts the process with what all of them import
        runner.submit(list(_blocks("claim"))[:1])
        yield seed, runner
        runner.close()


@pytest.mark.parametrize("block", _params("claim"))
def test_a_claim_holds_for_more_cases_and_a_fresh_seed(block, fresh_runner):
    seed, runner = fresh_runner
    result = runner.result(block)
    assert result.error is None, f"with MATHREF_CLAIM_SEED={seed}: {result.error}"
    assert result.said["cases"] >= 300


@pytest.mark.parametrize("block", _params("misconception"))
def test_a_misconception_has_its_counterexample(block, fresh_runner):
    result = fresh_runner[1].result(block)
    assert result.error is None
    assert result.output.startswith("fails for ")


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "concepts").glob("*.md")), ids=lambda path: path.stem)
def test_a_concept_has_snippets_claims_a_misconception_and_a_figure(path):
    kinds = [block.kind for block in _blocks("snippet", "claim", "misconception", "figure") if block.slug == path.stem]
    assert kinds.count("snippet") >= 3
    assert kinds.count("claim") >= 3
    assert kinds.count("misconception") >= 1
    assert kinds.count("figure") >= 1
