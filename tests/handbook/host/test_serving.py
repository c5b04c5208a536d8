"""What is known of a page's words is not read anew."""

import logging
from types import SimpleNamespace

import pytest

search = pytest.importorskip("material.plugins.search.plugin")

from mkdocs.config import load_config  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402
from mkdocs.structure.pages import Page  # noqa: E402

from mathref.handbook.host import serving  # noqa: E402
from mathref.handbook.host.execution import ExecutionPlugin  # noqa: E402
from mathref.handbook.host.serving import Unchanged, _surroundings, index_words_only  # noqa: E402
from mathref.handbook.read.page import PageError, Place  # noqa: E402
from mathref.handbook.run.cache import Cache  # noqa: E402

HTML = '<h1 id="a">Norm</h1><p>Length of a <svg>drawing</svg> vector.</p><h2 id="b">Use</h2><p>Words.</p>'


def index(cache, html=HTML, **meta):
    found = search.SearchIndex(lang=["en"], separator=" ", pipeline=[], fields={})
    index_words_only(found, cache, {})
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


PLACE = "docs/page.md"


def converted(folder, styles=None, *, text="# A\n\nSee [B](b.md#b).\n", key="k", files=("page.md", "b.md"), fault=None):
    """How often a page is converted when it is asked for once, by a process of its own; the page."""
    config = load_config(str(folder / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    here = Files([File(name, str(folder), str(folder / "site"), True) for name in files])
    page, times = Page(None, here.get_file_from_path("page.md"), config), []
    page.markdown, page.meta, render = text, {}, page.render

    def counted(*given):
        times.append(1)
        render(*given)
        if fault == "said":
            logging.getLogger("mkdocs.structure").warning("a link leads nowhere")

    page.render = counted
    unchanged = Unchanged(Cache(folder / "cache"))
    unchanged.styles = {} if styles is None else styles
    unchanged.begin(config)
    unchanged.convert(page, key, Place(faults=[PageError(PLACE, "wrong")] if fault == "found" else []))
    page.render(config, here)
    return len(times), page


@pytest.fixture
def site(tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "macros.yml").write_text("{}\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: toy\nsite_author: !ENV TOY_AUTHOR\nplugins: []\n")
    monkeypatch.setenv("TOY_AUTHOR", "Ada")
    return tmp_path


def test_a_later_build_takes_over_all_of_a_conversion(site):
    styles = {"k012345": "top:1em", "k6789ab": "top:2em"}
    text = '# A\n\nSee [B](b.md#b).\n\n## *Part*\n\n<p id="own" class="x k012345">words</p>\n'
    first, again, known = converted(site, styles, text=text), {}, ("content", "present_anchor_ids", "title")
    second = converted(site, again, text=text)
    assert (first[0], second[0]) == (1, 0)
    assert [getattr(first[1], name) for name in known] == [getattr(second[1], name) for name in known]
    assert str(first[1].toc) == str(second[1].toc) != ""
    ((to, links),) = second[1].links_to_anchors.items()
    assert (to.src_uri, links) == ("b.md", {"b": "b.md#b"})
    assert again == {"k012345": "top:1em"}


def config_file(site, monkeypatch):
    (site / "mkdocs.yml").write_text((site / "mkdocs.yml").read_text() + "copyright: mine\n")


def file_beside(site, monkeypatch):
    (site / "docs" / "macros.yml").write_text("{a: b}\n")


def variable(site, monkeypatch):
    monkeypatch.setenv("TOY_AUTHOR", "Emmy")


def tools(site, monkeypatch):
    monkeypatch.setattr(serving, "_tools", lambda: "another version")


@pytest.mark.parametrize("change", [config_file, file_beside, variable, tools])
def test_a_page_is_converted_anew_when_what_is_around_it_changes(site, monkeypatch, change):
    assert converted(site)[0] == 1
    assert converted(site)[0] == 0
    change(site, monkeypatch)
    assert converted(site)[0] == 1


@pytest.mark.parametrize("other", [{"text": "# B\n"}, {"key": "other blocks"}, {"files": ("page.md", "c.md", "b.md")}])
def test_a_page_is_converted_anew_when_its_text_its_key_or_the_pages_change(site, other):
    assert converted(site)[0] == 1
    assert converted(site, **other)[0] == 1
    assert converted(site)[0] == 0


@pytest.mark.parametrize("fault", ["said", "found"])
def test_a_page_of_which_something_is_said_is_converted_anew_so_that_it_is_said_again(site, fault):
    assert converted(site, fault=fault)[0] == converted(site, fault=fault)[0] == 1


def test_the_tools_are_told_by_each_file_of_the_handbook_and_each_installed_version(tmp_path, monkeypatch):
    def tools():
        return serving._tools.__wrapped__()

    (tmp_path / "one-1.0.dist-info").mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.setattr(serving, "FOLDER", tmp_path / "theme")
    seen = [tools()]
    for name in ("a.py", "show/a.py", "templates/a.md.jinja", "templates/python/a.jinja"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("once")
        seen.append(tools())
        (tmp_path / name).write_text("anew")
        seen.append(tools())
    (tmp_path / "one-1.0.dist-info").rename(tmp_path / "one-1.1.dist-info")
    assert len({*seen, tools()}) == 10
