"""What is known of a page's words is not read anew."""

from types import SimpleNamespace

import pytest

search = pytest.importorskip("material.plugins.search.plugin")

from mkdocs.config import load_config  # noqa: E402

from mathref.handbook.host.plugin import ExecutionPlugin  # noqa: E402
from mathref.handbook.host.serving import _surroundings, index_words_only  # noqa: E402
from mathref.handbook.run.cache import Cache  # noqa: E402

HTML = '<h1 id="a">Norm</h1><p>Length of a <svg>drawing</svg> vector.</p><h2 id="b">Use</h2><p>Words.</p>'


def index(cache, html=HTML, **meta):
    found = search.SearchIndex(lang=["en"], separator=" ", pipeline=[], fields={})
    index_words_only(found, cache)
    found.add_entry_from_context(SimpleNamespace(url="norm/", title="Norm", content=html, toc=[], meta=meta))
    return found.entries


def test_a_page_of_known_words_is_not_read_again(tmp_path, monkeypatch):
    cache = Cache(tmp_path)
    first = index(cache)
    assert [entry["text"] for entry in first] == ["<p>Length of a  vector.</p>", "<p>Words.</p>"]
    monkeypatch.setattr(search, "Parser", None)
    assert index(cache) == first
    with pytest.raises(TypeError):
        index(cache, HTML.replace("Words", "Other words"))


def test_a_page_whose_words_weigh_more_is_read_again(tmp_path):
    cache = Cache(tmp_path)
    assert "boost" not in index(cache)[0]
    assert index(cache, search={"boost": 4})[0]["boost"] == 4


def test_of_a_claim_only_what_it_states_is_read_and_of_what_fails_the_counterexample_too(tmp_path):
    def claim(verdict):
        return f'<p>It holds.</p><p class="mr-claim__verdict"><b>{verdict}</p>{check}'

    check = '<details><summary title="The check, as it was run">check</summary><p>Tried.</p><pre>code</pre></details>'
    html = f'<h1 id="a">Norm</h1>{claim("<a href=x>Holds</a></b> in all.")}{claim("Fails</b> for 3.")}<p>Words.</p>'
    assert [entry["text"] for entry in index(Cache(tmp_path), html)] == [
        "<p>It holds.</p><p>It holds.</p><p>Fails for 3.</p><p>Words.</p>"
    ]


@pytest.mark.parametrize("name", ["base.yml", "data.yml", "folder/data.yml", "parts/words.md"])
def test_a_file_that_pages_may_be_made_from_is_in_their_digest(tmp_path, name):
    for folder in ("docs", "folder", "parts"):
        (tmp_path / folder).mkdir()
    for file in ("base.yml", "data.yml", "folder/data.yml", "parts/words.md"):
        (tmp_path / file).write_text("copyright: A\n")
    (tmp_path / "mkdocs.yml").write_text(
        "INHERIT: 'base.yml'\nsite_name: toy\nwatch: [data.yml, folder]\nmarkdown_extensions:\n"
        f"  - pymdownx.snippets: {{base_path: '{tmp_path}/parts', auto_append: [words.md]}}\n"
    )

    def surroundings():
        return _surroundings(load_config(str(tmp_path / "mkdocs.yml")))

    before = surroundings()
    assert surroundings() == before
    (tmp_path / name).write_text("copyright: another\n")
    assert surroundings() != before


def test_the_folders_within_the_library_are_watched_too(tmp_path):
    (tmp_path / "toybox" / "part").mkdir(parents=True)
    (tmp_path / "toybox" / "part" / "ball.py").write_text("")
    watched = []
    plugin = ExecutionPlugin()
    plugin.runner = SimpleNamespace(library=SimpleNamespace(folder=tmp_path / "toybox"))
    server = SimpleNamespace(watch=lambda path, **_: watched.append(path), unwatch=lambda path: None)
    plugin.on_serve(
        server, config=SimpleNamespace(docs_dir="docs", config_file_path="mkdocs.yml", hooks=[]), builder=None
    )
    assert str(tmp_path / "toybox" / "part") in watched
