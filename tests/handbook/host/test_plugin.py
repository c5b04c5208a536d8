"""A whole build, of a small handbook: what is wrong stops it and is named."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys

import pytest
from conftest import ROOT, build

PAGE = """---
part: P
needs: []
aliases: [d]
symbols: {}
equivalents: {det: [numpy.linalg.det]}
references: [strang2016]
---
# Determinant

Text with $x$.

```python exec="snippet" title="One"
print(1)
```
"""


@pytest.fixture
def small(tmp_path):
    docs = tmp_path / "docs"
    (docs / "concepts").mkdir(parents=True)
    (docs / "index.md").write_text("# Home\n\n<!-- concepts -->\n")
    (docs / "references.bib").write_text((ROOT / "docs" / "references.bib").read_text())
    (docs / "concepts" / "determinant.md").write_text(PAGE)
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: small\ntheme: {name: material, font: false}\nexclude_docs: references.bib\n"
        "plugins: [search, mkdocstrings: {handlers: {python: {options: {docstring_style: numpy}}}}, "
        "mathref-handbook: {parts: [P]}]\nmarkdown_extensions: [attr_list, md_in_html, tables]\n"
    )
    return tmp_path


def built(folder, *, replace=("", ""), **environment):
    page = folder / "docs" / "concepts" / "determinant.md"
    page.write_text(PAGE.replace(*replace) if replace[0] else PAGE)
    return build(folder / "site", "-f", str(folder / "mkdocs.yml"), **environment)


def line_of(text, page=PAGE):
    return page.split(text)[0].count("\n") + 1


def test_a_good_page_is_built(small):
    done = built(small)
    assert done.returncode == 0, done.stderr
    [snippet] = json.loads((small / "site" / "snippets.json").read_text())
    assert (snippet["id"], snippet["output"]) == ("snippet-one", "1\n")


@pytest.mark.parametrize(
    ("replace", "message"),
    [
        (("print(1)", "1 / 0"), "docs/concepts/determinant.md:14: snippet fails: ZeroDivisionError: division by zero"),
        (("print(1)", "a  b"), "docs/concepts/determinant.md:14: snippet fails: SyntaxError"),
        (("$x$", r"$\nope$"), "docs/concepts/determinant.md:11: formula"),
        (("part: P\n", ""), "docs/concepts/determinant.md:1: front matter lacks the field 'part'"),
        (("aliases", "alias"), "docs/concepts/determinant.md:1: front matter has an unknown field 'alias'"),
        (("strang2016", "nobody1"), "docs/concepts/determinant.md:1: front matter field 'references' names 'nobody1'"),
        (
            ('title="One"', 'error="ValueError"'),
            "docs/concepts/determinant.md:14: snippet should have raised ValueError",
        ),
        (
            ('exec="snippet"', 'exec="figure" alt="x"'),
            "docs/concepts/determinant.md:14: a figure's code should end with",
        ),
        (
            ('exec="snippet"', 'exec="answer" is="2"'),
            "docs/concepts/determinant.md:13: the answer should be '2', but its code prints '1'",
        ),
        (('exec="snippet"', 'exec="answer"'), "docs/concepts/determinant.md:13: an answer needs is="),
        (('exec="snippet"', 'exec="working"'), "docs/concepts/determinant.md:14: a working should print"),
    ],
)
def test_what_is_wrong_stops_the_build_with_page_and_line(small, replace, message):
    done = built(small, replace=replace)
    assert done.returncode != 0
    assert message in re.sub(r"\s+", " ", done.stderr)
    assert "Traceback" not in done.stderr


def test_without_strict_a_broken_snippet_stops_the_build_too(small):
    (small / "docs" / "concepts" / "determinant.md").write_text(PAGE.replace("print(1)", "1 / 0"))
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(small / "mkdocs.yml"), "-d", str(small / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"determinant.md:{line_of('print(1)')}: " in done.stderr


def test_the_cache_changes_nothing_of_the_site(small):
    sites = []
    for cache in ("0", "1", "1"):
        environment = {
            "MATHREF_CACHE": cache,
            "MATHREF_CACHE_DIR": str(small / "cache"),
            "SOURCE_DATE_EPOCH": "1700000000",
        }
        assert built(small, **environment).returncode == 0
        files = sorted(path for path in (small / "site").rglob("*") if path.is_file())
        sites.append({path.relative_to(small): path.read_bytes() for path in files})
    assert sites[0] == sites[1] == sites[2]


def test_code_that_is_included_is_run_and_a_missing_file_is_named(small):
    config = small / "mkdocs.yml"
    options = f"pymdownx.superfences, pymdownx.snippets: {{base_path: [{small}]}}"
    config.write_text(config.read_text().replace("[attr_list,", f"[{options}, attr_list,"))
    (small / "x.py").write_text("print(5)\nprint(6)\n")
    assert built(small, replace=("print(1)", '--8<-- "x.py"')).returncode == 0
    [snippet] = json.loads((small / "site" / "snippets.json").read_text())
    assert snippet["output"] == "5\n6\n"
    done = built(small, replace=("print(1)", '--8<-- "y.py"'))
    assert "docs/concepts/determinant.md:14: the included file 'y.py' does not exist" in done.stderr
    done = built(small, replace=("Text with", '--8<-- "x.py"\n\n```python exec="snippet"\n1 / 0\n```\n'))
    assert "docs/concepts/determinant.md:14: snippet fails: ZeroDivisionError" in done.stderr


def test_a_change_converts_again_the_pages_that_are_made_from_it_and_no_others(small):
    (small / "toybox").mkdir()
    (small / "toybox" / "__init__.py").write_text("")
    (small / "toybox-1.dist-info").mkdir()
    (small / "toybox-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: toybox\nVersion: 1\n")
    module = small / "toybox" / "determinant.py"
    module.write_text('"""Determinant: of toys."""\n\n\ndef det(x):\n    """Say a number."""\n    return 5\n')
    config, macros = small / "mkdocs.yml", small / "docs" / "macros.yml"
    config.write_text(config.read_text().replace("{parts: [P]}", "{parts: [P], package: toybox}"))
    macros.write_text(r"\mine: {tex: '\\alpha', means: mine}".replace(r"\\", "\\"))
    code, page = "from toybox.determinant import det\n\nprint(det(1))", small / "site" / "concepts" / "determinant"
    api, environment = small / "site" / "api" / "determinant", {"PYTHONPATH": f"{small}{os.pathsep}{ROOT}"}
    conversions = small / "cache" / "pages" / "cache.db"

    def converted(more=""):
        done = built(small, replace=("print(1)", code + more), MATHREF_CACHE_DIR=str(small / "cache"), **environment)
        assert done.returncode == 0, done.stderr
        with contextlib.closing(sqlite3.connect(conversions)) as store:
            return store.execute("SELECT count(*) FROM entry").fetchone()[0]

    first = converted()
    assert converted() == first
    assert (shown := converted("  # shown")) == first + 1
    module.write_text(module.read_text().replace("return 5", "return 6"))
    assert (result := converted("  # shown")) == shown + 2
    assert "<samp>6</samp>" in (page / "index.html").read_text()
    module.write_text(module.read_text().replace("Say a number", "Say the number"))
    assert converted("  # shown") == result + 2
    assert "Say the number" in (api / "index.html").read_text()
    macros.write_text(macros.read_text().replace("alpha", "beta"))
    assert converted("  # shown") == result + 2 + first
