"""What is changed in the pages and scripts that Material makes; each change goes through the door."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mathref.handbook.host.doors import replaced

FOLDER = Path(__file__).parents[1] / "theme"
_NOTHING = "Nothing found. Try one word, a symbol such as ∇f, or a function such as np.linalg.svd"
_CELL = re.compile("<td.*?</td>", re.DOTALL)
_DOTTED = re.compile(r"(?<=<code>)[\w.]+(?=</code>)")
# By the name of a patch: patterns, and what is put in their place in a part of each page that has that part.
_PATCHES = {
    "wide home page": [("md-content__inner", "md-content__inner mr-wide")],
    "scripts after the page": [('"></script>', '" defer></script>')],
    "our search": [
        (r"assets/javascripts/workers/search\.\w+\.min\.js", "static/search/worker.js"),
        ("No matching documents", _NOTHING),
    ],
    "name of the search": [
        ('(data-md-component="search" role="dialog")>', r'\1 aria-label="Search">'),
    ],
    "name of the path": [('(<nav class="md-path" aria-label=)"Navigation"', r'\1"Breadcrumbs"')],
}
# Material's script tells the browser of the colour scheme by an element, which our sheet does by a rule: a browser
# styles a page anew when such an element comes, and again when it is filled.
_SCHEME = r'(let (\w+)=\w+\("meta",{name:"color-scheme"}\);)document\.head\.appendChild\(\2\);'


def patch(name: str) -> Callable[[str], str]:
    """What one patch does to a part of a page."""

    def patched(text: str) -> str:
        for pattern, by in _PATCHES[name]:
            text = replaced(text, pattern, by, name)
        return str(text)

    return patched


def tables(html: str) -> str:
    """Each table in a box in which it scrolls; few have to, since a dotted name in a cell may break after a dot."""
    html = _CELL.sub(lambda cell: _DOTTED.sub(lambda name: name[0].replace(".", ".<wbr>"), cell[0]), html)
    html = html.replace("<table>", '<div class="mr-scroll"><table class="mr-table">')
    return html.replace("</table>", "</table></div>")


def named(output: str, page: Any, config: Any) -> str:
    """A page in which what Material leaves without a name of its own has one."""
    if "material/search" in config.plugins:
        output = patch("name of the search")(output)
    features = config.theme.get("features") or ()
    if page is not None and page.ancestors and "navigation.path" in features:
        output = patch("name of the path")(output)
    return output


def scripts(site: Path) -> list[Path]:
    """The theme's scripts in a built site, whose class names count as used."""
    return sorted((site / "assets" / "javascripts").glob("*.js"))


def scheme_by_rule(site: Path) -> None:
    """Take what our sheet does out of the theme's script."""
    bundles = list((site / "assets" / "javascripts").glob("bundle.*.js"))
    whole = "".join(path.read_text(encoding="utf-8") for path in bundles)
    replaced(whole, _SCHEME, r"\1", "scheme by rule")
    for path in bundles:
        path.write_text(replaced(path.read_text(encoding="utf-8"), _SCHEME, r"\1", "scheme by rule"), encoding="utf-8")


def write_index(site: Path, script: str) -> None:
    """Put our index where our worker finds it, and nothing into the one that is fetched with each page."""
    folder = site / "search"
    (folder / "handbook.js").write_text(script, encoding="utf-8")
    empty = {"config": {"lang": ["en"], "separator": " ", "pipeline": [], "fields": {}}, "docs": []}
    (folder / "search_index.json").write_text(json.dumps(empty), encoding="utf-8")
    (folder / "search_index.js").write_text(f"var __index = {json.dumps(empty)};", encoding="utf-8")
