"""Indexes of all pages: what a framework raises is found like what NumPy raises, from its record."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from mathref.handbook.publish import records, search
from mathref.handbook.read.page import read
from mathref.handbook.run.record import needs, recorded
from mathref.handbook.show import indexes

ROOT = Path(__file__).parents[3]
PAGES = [read(path.read_text(), str(path.relative_to(ROOT))) for path in sorted((ROOT / "docs/concepts").glob("*.md"))]
RAISING = [block for page in PAGES for _, block in page.blocks if needs(block) and "error" in block.options]
RECORDED = SimpleNamespace(result=lambda block: recorded(block, ROOT), library=SimpleNamespace(package="mathref"))


def test_some_page_shows_an_error_of_a_framework():
    assert RAISING


@pytest.mark.parametrize("block", [pytest.param(block, id=f"{block.page}:{block.line}") for block in RAISING])
def test_an_error_of_a_framework_is_among_the_error_messages_and_leads_search_to_its_page(block):
    snippet = records.snippet(block, RECORDED)
    assert f"<code>{indexes.as_typed(snippet['message'])}</code>" in indexes.errors_index([snippet], {})
    page = {"location": f"concepts/{block.slug}/", "title": "", "text": ""}
    script = search.index([page], {}, [snippet], {}, Path("coming.yml")).removeprefix("self.handbook = ").rstrip(";\n")
    assert json.loads(script)["pages"][0]["errors"] == [snippet["message"], snippet["cause"]]
