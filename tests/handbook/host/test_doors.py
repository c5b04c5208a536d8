"""What is changed in the host ends the build by name where it does not fit any more."""

from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError

from mathref.handbook.host import doors, serving, theme
from mathref.handbook.run.cache import Cache

PARTS = {
    "wide home page": '<article class="md-content__inner">',
    "scripts after the page": '<script src="a.js"></script>',
    "our search": '{"search": "../assets/javascripts/workers/search.a1b2.min.js", "none": "No matching documents"}',
    "name of the search": '<div data-md-component="search" role="dialog">',
    "name of the path": '<nav class="md-path" aria-label="Navigation">',
}


@pytest.mark.parametrize("name", theme._PATCHES)
def test_a_patch_changes_what_it_is_for_and_refuses_what_it_does_not_fit(name):
    assert theme.patch(name)(PARTS[name]) != PARTS[name]
    with pytest.raises(PluginError, match=rf"the patch '{name}' does not fit mkdocs-material \d"):
        theme.patch(name)("another theme")


def test_our_worker_stands_where_the_themes_stood():
    config = theme.patch("our search")(PARTS["our search"])
    assert config.startswith('{"search": "../static/search/worker.js", "none": "Nothing found. Try')


def test_a_script_of_another_theme_is_refused(tmp_path):
    folder = tmp_path / "assets" / "javascripts"
    folder.mkdir(parents=True)
    with pytest.raises(PluginError, match="the patch 'scheme by rule' does not fit"):
        theme.scheme_by_rule(tmp_path)
    (folder / "bundle.1.js").write_text('let m=E("meta",{name:"color-scheme"});document.head.appendChild(m);go()')
    theme.scheme_by_rule(tmp_path)
    assert (folder / "bundle.1.js").read_text() == 'let m=E("meta",{name:"color-scheme"});go()'


def test_a_function_that_is_gone_is_named(tmp_path):
    with pytest.raises(PluginError, match=r"the patch 'p' does not fit mkdocs .*: SimpleNamespace has no function 'f'"):
        doors.rebound(SimpleNamespace(), "f", lambda inner: inner, "p")
    with pytest.raises(PluginError, match="the patch 'search in words only' does not fit mkdocs-material"):
        serving.index_words_only(SimpleNamespace(), Cache(tmp_path), {})


def test_an_index_of_another_shape_is_refused():
    with pytest.raises(PluginError, match="the index of search has no entries as they were"):
        doors.entries(SimpleNamespace(entries=[{"title": "T"}]))
