"""What a newcomer asks first: what this is, how to install it, and whose it is."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT, in_other_views, shown, soup
from pybtex.database import parse_string

import mathref

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))


def test_the_line_on_the_page_installs_the_library_and_the_snippet_below_it_runs(site, tmp_path):
    page = soup(site / "about" / "index.html")
    (line,) = (code.text.split() for code in page.select("code") if code.text.startswith("python -m pip install ./"))
    here = ["--no-index", "--no-deps", "-q", "--target", str(tmp_path / "installed")]
    subprocess.run([sys.executable, *line[1:], *here], cwd=site, check=True)
    ((source, output),) = shown(site / "about" / "index.html").values()
    where = "\nimport mathref; print(mathref.__file__)"
    path = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    ran = [sys.executable, "-c", source + where]
    printed = subprocess.check_output(ran, cwd=tmp_path, env=path, text=True).splitlines()
    assert printed == [output, str(tmp_path / "installed" / "mathref" / "__init__.py")]
    assert not (tmp_path / "installed" / "mathref" / "handbook").exists()


def test_what_the_page_offers_is_there_and_each_page_leads_to_it(site):
    about = soup(site / "about" / "index.html")
    files = [a["href"] for a in about.select("article a[href^='../mathref-']")]
    assert sorted({name.rpartition(".")[2] for name in files}) == ["apkg", "epub", "gz", "tsv", "whl", "zip"]
    assert [name for name in files if not (site / "about" / name).is_file()] == []
    assert about.find(id="take-it-along")
    for page in site.rglob("index.html"):
        feet = soup(page, class_=["mr-takeaway", "md-copyright"])
        ways = [a["href"].partition("#")[0] for a in feet.select(".mr-takeaway a[href$='#take-it-along']")]
        assert len(ways) == (page.parent.parent == site / "concepts"), page
        ways.append(feet.select_one(".md-copyright a")["href"])
        assert {(page.parent / way).resolve() for way in ways} == {site / "about"}, page


@pytest.mark.parametrize("slug", in_other_views(SLUGS))
def test_a_page_is_cited_in_words_and_in_bibtex_with_title_version_and_date(slug, site):
    page = soup(site / "concepts" / slug / "index.html")
    words, title = page.select_one(".mr-takeaway details p").get_text(), page.select_one("h1").find(string=True)
    (entry,) = parse_string(page.select_one(".mr-takeaway pre").get_text(), "bibtex").entries.values()
    assert entry.fields["title"] == f"{{{title}}}"
    assert f"“{title}”" in words
    for said in (mathref.__version__, entry.fields["year"]):
        assert said in words
    assert f"version {mathref.__version__}" in entry.fields["howpublished"]
    assert [str(person) for person in entry.persons["author"]] == ["{The mathref authors}"]
    address = page.select_one("link[rel=canonical]")["href"]
    is_one = ".example/" not in address
    assert (address in words) == (entry.fields.get("url") == address) == is_one
