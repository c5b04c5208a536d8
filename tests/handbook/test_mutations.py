"""The table of deliberate faults on the page of claims is about the code as it is."""

import json
import os
import subprocess
import sys
from importlib import import_module

import pytest
from bench.mutants import mutants
from conftest import ROOT

FIGURES = json.loads((ROOT / "docs" / "mutations.json").read_text())
AGAIN = "python tests/bench/mutate.py --record {}"


@pytest.mark.parametrize("concept", FIGURES)
def test_the_table_counts_the_faults_that_the_module_can_be_given_now(concept):
    now = len(mutants(ROOT / "mathref", concept))
    assert FIGURES[concept]["mutants"] == now, AGAIN.format(concept)


@pytest.mark.parametrize("concept", FIGURES)
def test_a_survivor_still_stands_where_the_table_says_and_has_a_reason(concept):
    figure = FIGURES[concept]
    assert len(figure["survivors"]) == figure["changing"] - figure["caught"]
    now = {(m.function, m.source, m.before, m.after) for m in mutants(ROOT / "mathref", concept)}
    for survivor in figure["survivors"]:
        assert survivor["file"] == f"mathref/{concept}.py"
        where = tuple(survivor[part] for part in ("function", "source", "before", "after"))
        assert where in now, AGAIN.format(concept)
        assert survivor["reason"].endswith("."), f"why does no page catch {survivor['after']}?"


def test_each_public_function_is_tried_and_gives_a_result():
    from bench import battery  # draws many arrays, which other tests need not wait for

    for concept in battery.CONCEPTS:
        results = battery.results(import_module(f"mathref.{concept}"))
        tried = {name for (name, _), result, _ in results if not isinstance(result, str)}
        assert tried == {function.__name__ for function in battery.functions([concept])}


def test_faults_are_recorded_as_the_table_has_them(tmp_path):
    found = tmp_path / "figures.json"
    command = [sys.executable, "tests/bench/mutate.py", "hadamard", "--jobs", "1", "--json", str(found)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert json.loads(found.read_text())["hadamard"] == FIGURES["hadamard"]
