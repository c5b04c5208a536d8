"""While the handbook is served, a page that did not change is neither converted nor laid out nor indexed again."""

import copy
import hashlib
import re
from collections.abc import Callable
from typing import Any

_WORDLESS = re.compile(
    r"<mr-math\b.*?</mr-math>|<svg\b.*?</svg>|<details class=\"(?:answer|mr-working|names)\".*?</details>", re.DOTALL
)
_KEPT = ("content", "toc", "present_anchor_ids", "links_to_anchors", "_title_from_render")


class Unchanged:
    """Remembers what came of each page, by all that it was made from."""

    def __init__(self) -> None:
        self._converted: dict[str, tuple[str, dict[str, Any]]] = {}
        self._laid_out: dict[str, tuple[str, str]] = {}
        self._keys: dict[str, str] = {}
        self._entries: dict[str, list[Any]] = {}
        self._theme_files: list[str] | None = None

    def list_theme_once(self, theme: Any) -> None:
        """Let MkDocs look through the files of the theme, thousands of icons among them, once and not at each save."""
        get_env = theme.get_env

        def remembered() -> Any:
            env = get_env()
            list_templates = env.list_templates

            def listed(*arguments: Any, **options: Any) -> list[str]:
                if self._theme_files is None:
                    self._theme_files = list_templates(*arguments, **options)
                return self._theme_files

            env.list_templates = listed
            return env

        theme.get_env = remembered

    def convert(self, page: Any, key: str) -> None:
        """Let the page take over its last conversion if the key is that of then."""
        name = page.file.src_uri
        self._keys[name] = key
        kept = self._converted.get(name)
        if kept and kept[0] == key:
            page.render = lambda *_: page.__dict__.update(kept[1])

    def keep(self, pages: list[Any]) -> None:
        """Remember what the pages have become, links resolved; called when all are converted."""
        for page in pages:
            if (name := page.file.src_uri) in self._keys:
                values = {attribute: page.__dict__[attribute] for attribute in _KEPT if attribute in page.__dict__}
                self._converted[name] = (self._keys[name], values)

    def lay_out(self, get_template: Callable[..., Any], surroundings: str) -> Callable[..., Any]:
        """`get_template` of an environment whose templates give a page as it was if nothing on it changed."""

        def remembered(*arguments: Any, **options: Any) -> Any:
            return _Template(get_template(*arguments, **options), self._laid_out, surroundings)

        return remembered

    def index(self, index: Any) -> None:
        """Make a search index take over the entries of a page whose content it has seen."""
        add, entries = index.add_entry_from_context, index.entries

        def remembered(page: Any) -> None:
            key = digest(page.url, page.content, page.meta)
            if key not in self._entries:
                before = len(entries)
                add(page)
                self._entries[key] = entries[before:]
            else:
                entries.extend(self._entries[key])

        index.add_entry_from_context = remembered


def index_words_only(index: Any) -> None:
    """Spare a search index drawings, formulas' visual halves, and what is folded away."""
    add = index.add_entry_from_context

    def lean(page: Any) -> None:
        page = copy.copy(page)
        page.content = _WORDLESS.sub("", page.content)
        add(page)

    index.add_entry_from_context = lean


class _Template:
    def __init__(self, template: Any, kept: dict[str, tuple[str, str]], surroundings: str) -> None:
        self._template, self._kept, self._surroundings = template, kept, surroundings

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)

    def render(self, context: dict[str, Any]) -> str:
        page = context.get("page")
        if page is None:
            return str(self._template.render(context))
        name, key = page.file.src_uri, digest(page.content, page.meta, self._surroundings)
        if self._kept.get(name, ("", ""))[0] != key:
            self._kept[name] = (key, self._template.render(context))
        return self._kept[name][1]


def digest(*values: object) -> str:
    """A short name for values that have a faithful `repr`."""
    return hashlib.sha256(repr(values).encode()).hexdigest()
