"""Each snippet runs alone as a reader would run it, each claim holds for more cases than the page tried."""

import ast
import os
import random
from dataclasses import replace
from pkgutil import resolve_name

import fresh
import pytest
from conftest import ALL_VIEWS, ROOT, shown

from mathref.handbook.read.names import library
from mathref.handbook.read.page import read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.record import is_absent
from mathref.handbook.run.runner import Runner

PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md"))


ALL = [block for path in PAGES for _, block in read(path.read_text(), str(path.relative_to(ROOT))).blocks]


def _blocks(*kinds):
    return [block for block in ALL if block.kind in kinds]


def _params(*kinds):
    return [pytest.param(block, id=f"{block.page}:{block.line}") for block in _blocks(*kinds)]


SNIPPETS = [block for block in _blocks("snippet") if not is_absent(block)]
ALONE = SNIPPETS if ALL_VIEWS else SNIPPETS[::50]


@pytest.mark.parametrize("block", [param for param in _params("snippet") if not is_absent(param.values[0])])
def test_a_snippet_copied_into_a_file_prints_what_the_page_shows(block, site, tmp_path, forks):
    page = block.page.removeprefix("docs/").removesuffix(".md").removesuffix("index")
    source, output = shown(site / page / "index.html")[block.id]
    assert source == block.source
    file = tmp_path / "snippet.py"
    file.write_text(source + "\n")
    done = (fresh.alone if block in ALONE else forks.run)(file)
    printed = done.stdout
    if "error" in block.options:
        assert done.returncode == 1
        printed += done.stderr.rstrip("\n").splitlines()[-1]
    else:
        assert done.returncode == 0, done.stderr
    assert printed.rstrip("\n") == output


@pytest.mark.parametrize("path", sorted((ROOT / "docs/concepts").glob("*.md")), ids=lambda path: path.stem)
def test_each_name_that_a_page_gives_in_numpy_scipy_and_python_exists(path):
    """Those of frameworks are tried in tests/frameworks, where these are compared with ours, too."""
    equivalents = read(path.read_text(), str(path)).meta["equivalents"]
    for name in (name for names in equivalents.values() for name in names):
        if library(name) not in ("torch", "jax", "sklearn"):
            resolve_name(name)


def _imports(source):
    return [ast.unparse(node) for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.fixture(scope="module")
def fresh_runner(tmp_path_factory):
    """Runs claims with more cases and another seed than the page; the seed is in the message of a failure."""
    seed = os.environ.get("MATHREF_CLAIM_SEED") or str(random.randrange(2**32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATHREF_CACHE", "0")
        patch.setenv("MATHREF_CLAIM_CASES", "300")
        patch.setenv("MATHREF_CLAIM_SEED", seed)
        claims = _blocks("claim", "misconception")
        runner = Runner(Library("mathref"), Cache(tmp_path_factory.mktemp("cache")))
        # the first block starts the process with what all of them import
        imports = "\n".join(sorted({line for block in claims for line in _imports(block.source)}))
        runner.submit([replace(claims[0], source=imports)])
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
