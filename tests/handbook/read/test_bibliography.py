"""Sources are printed in the order of their keys, by a style that is looked up once."""

import pybtex.plugin

from mathref.handbook.read.bibliography import Bibliography

BIB = """@book{%s, author = {Ada Author}, title = {%s}, publisher = {P}, year = {2001}}
"""


def test_the_style_is_looked_up_for_the_first_page_alone(tmp_path, monkeypatch):
    (tmp_path / "a.bib").write_text(BIB % ("one", "First") + BIB % ("two", "Second"))
    bibliography = Bibliography(tmp_path / "a.bib")
    first = bibliography.html(["two", "one"], "a.md")
    assert ["Second" in first[0], "First" in first[1]] == [True, True]
    monkeypatch.setattr(pybtex.plugin, "find_plugin", None)
    assert bibliography.html(["one"], "b.md") == [first[1]]
