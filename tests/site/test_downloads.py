"""What a reader takes away prints what the page shows."""

import importlib.util
import json
import re
import shutil
from pathlib import Path

import fresh
import jsonschema
import nbformat
import pytest
from conftest import ROOT, shown
from nbclient import NotebookClient

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_script_prints_what_the_page_shows(slug, site, tmp_path, forks):
    script = shutil.copy(site / "concepts" / slug / f"{slug}.py", tmp_path)
    done = forks.run(Path(script))
    assert done.returncode == 0, done.stderr
    notebook = json.loads((site / "concepts" / slug / f"{slug}.ipynb").read_text())
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and not _needs(cell)]
    held = [_shown(cell) for cell in cells if "answer" not in cell["metadata"].get("tags", [])]
    assert done.stdout == "".join(held)
    without = {cell["source"] for cell in notebook["cells"] if _needs(cell)}
    on_page = shown(site / "concepts" / slug / "index.html").values()
    on_page = [output for source, output in on_page if output and source not in without]
    assert [text for text in (text.rstrip("\n") for text in held) if text in on_page] == on_page


@pytest.mark.parametrize("slug", SLUGS)
def test_a_notebook_runs_from_top_to_bottom_and_prints_what_it_holds(slug, site, tmp_path, monkeypatch):
    for name, value in fresh.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.read(site / "concepts" / slug / f"{slug}.ipynb", as_version=4)
    nbformat.validate(notebook)
    notebook.cells = [cell for cell in notebook.cells if not _needs(cell)]
    held = [_printed(cell) for cell in notebook.cells]
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    assert [_printed(cell) for cell in notebook.cells] == held


def _needs(cell):
    """Whether a framework that is not installed here is needed by a cell, as its tags say."""
    names = [tag.removeprefix("needs-") for tag in cell["metadata"].get("tags", []) if tag.startswith("needs-")]
    return any(importlib.util.find_spec(name) is None for name in names)


def _shown(cell):
    """What a cell holds as printed, with the message of an expected error."""
    errors = [line for o in cell["outputs"] if o["output_type"] == "error" for line in o["traceback"]]
    return "".join(o["text"] for o in cell["outputs"] if o["output_type"] == "stream") + "".join(
        f"{e}\n" for e in errors
    )


def _printed(cell):
    """What a cell printed and the kind of its error, without warnings."""
    outputs = cell.get("outputs", [])
    printed = "".join(o.text for o in outputs if o.output_type == "stream" and o.name == "stdout")
    return printed, [o.ename for o in outputs if o.output_type == "error"]


def test_each_page_has_its_markdown_and_is_in_the_list(site):
    listed = re.findall(r"\]\((\S+)\): ", (site / "llms.txt").read_text())
    assert sorted(listed) == sorted(f"concepts/{slug}/index.md" for slug in SLUGS)
    for path in listed:
        text = (site / path).read_text()
        assert text.startswith("# ")
        assert "exec=" not in text
        assert "{{" not in text


@pytest.mark.parametrize("name", ["snippets", "claims"])
def test_data_are_as_their_schema_says(name, site):
    schema = json.loads((site / f"{name}.schema.json").read_text())
    entries = json.loads((site / f"{name}.json").read_text())
    assert len(entries) > 100
    jsonschema.validate(entries, schema)


def test_the_data_of_snippets_agree_with_the_pages(site):
    snippets = json.loads((site / "snippets.json").read_text())
    for slug in SLUGS:
        on_page = list(shown(site / "concepts" / slug / "index.html"))
        assert on_page == [snippet["id"] for snippet in snippets if snippet["page"] == slug]
