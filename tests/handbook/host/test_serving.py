"""What is known of a page's words is not read anew."""

from types import SimpleNamespace

import pytest

search = pytest.importorskip("material.plugins.search.plugin")

from mathref.handbook.host.serving import index_words_only  # noqa: E402
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
