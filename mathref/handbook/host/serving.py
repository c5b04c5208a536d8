"""While the handbook is served, a page that did not change is neither converted nor laid out nor indexed again."""

import copy
import hashlib
import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mathref.handbook.host.doors import rebound
from mathref.handbook.host.theme import FOLDER
from mathref.handbook.run.cache import Cache

# How a claim was tried says nothing of what it states, and would fill the excerpts.
_WORDLESS = re.compile(
    r"<mr-math\b.*?</mr-math>|<svg\b.*?</svg>|<details class=\"(?:answer|mr-working|names)\".*?</details>"
    r"|<p class=\"mr-claim__verdict\"><b><a .*?</p>|<details><summary title=\"The check, as it was run.*?</details>",
    re.DOTALL,
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
        self._around = ""
        self._reused: set[str] = set()

    def begin(self, config: Any) -> None:
        """Forget all if anything changed that is no page: each page is then made anew."""
        around = _surroundings(config)
        self._reused.clear()
        if around != self._around:
            self._around, self._theme_files = around, None
            for kept in (self._converted, self._laid_out, self._keys, self._entries):
                kept.clear()
        rebound(config.theme, "get_env", self._listing_once, "theme listed once")

    def _listing_once(self, get_env: Callable[[], Any]) -> Callable[[], Any]:
        """An environment that looks through the files of the theme, thousands of icons, once and not at each save."""

        def around(list_templates: Callable[..., list[str]]) -> Callable[..., list[str]]:
            def listed(*arguments: Any, **options: Any) -> list[str]:
                if self._theme_files is None:
                    self._theme_files = list_templates(*arguments, **options)
                return self._theme_files

            return listed

        def remembered() -> Any:
            env = get_env()
            rebound(env, "list_templates", around, "theme listed once", of="jinja2")
            return env

        return remembered

    def convert(self, page: Any, key: str) -> None:
        """Let the page take over its last conversion if the key is that of then."""
        name = page.file.src_uri
        self._keys[name] = key
        kept = self._converted.get(name)
        if kept and kept[0] == key:
            self._reused.add(name)
            rebound(page, "render", lambda _: lambda *_: page.__dict__.update(kept[1]), "unchanged pages kept")

    def content(self, page: Any, html: str) -> str:
        """The page's HTML; of one that is kept, as all plugins have left it, so that none changes it twice."""
        name = page.file.src_uri
        return str(self._converted[name][1]["content"]) if name in self._reused else html

    def keep(self, pages: list[Any]) -> None:
        """Remember what the pages have become, links resolved; called when all are converted."""
        for page in pages:
            if (name := page.file.src_uri) in self._keys:
                values = {attribute: page.__dict__[attribute] for attribute in _KEPT if attribute in page.__dict__}
                self._converted[name] = (self._keys[name], values)

    def lay_out(self, env: Any, surroundings: str) -> None:
        """Make an environment's templates give a page as it was if nothing on it changed."""

        def around(get_template: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *given, **options: _Template(get_template(*given, **options), self._laid_out, surroundings)

        rebound(env, "get_template", around, "unchanged pages kept", of="jinja2")

    def index(self, index: Any) -> None:
        """Make a search index take over the entries of a page whose content it has seen."""

        def around(add: Callable[[Any], None]) -> Callable[[Any], None]:
            def remembered(page: Any) -> None:
                key = digest(page.url, page.content, page.meta)
                if key not in self._entries:
                    before = len(index.entries)
                    add(page)
                    self._entries[key] = index.entries[before:]
                else:
                    index.entries.extend(self._entries[key])

            return remembered

        rebound(index, "add_entry_from_context", around, "unchanged pages kept", of="mkdocs-material")


def index_words_only(index: Any, cache: Cache) -> None:
    """Spare a search index drawings, formulas' visual halves, what is folded away, and pages whose words it knows."""
    reader = f"{version('mkdocs-material')} {sys.version_info}"

    def around(add: Callable[[Any], None]) -> Callable[[Any], None]:
        def lean(page: Any) -> None:
            page = copy.copy(page)
            page.content = _WORDLESS.sub("", page.content)
            made_from = ["words", reader, page.url, page.title, page.content, page.meta, index.config]
            index.entries.extend(cache.made(made_from, lambda: _added(add, page, index.entries)))

        return lean

    rebound(index, "add_entry_from_context", around, "search in words only", of="mkdocs-material")


def _added(add: Callable[[Any], None], page: Any, entries: list[Any]) -> list[Any]:
    """What an index gets of a page, taken out of it again."""
    before = len(entries)
    add(page)
    added = entries[before:]
    del entries[before:]
    return added


def _surroundings(config: Any) -> str:
    """A digest of the configuration, and of each file beside the pages that they may be made from."""
    # the file itself, since what was read from it is changed by those who read it
    files = _with_inherited(Path(config.config_file_path)) if config.config_file_path else []
    texts, root = [path.read_bytes() for path in files], Path(config.config_file_path or "mkdocs.yml").parent
    snippets = config.mdx_configs.get("pymdownx.snippets") or {}
    bases = snippets.get("base_path", ["."])
    files = [
        Path(base, name)
        for base in ([bases] if isinstance(bases, str) else bases)
        for name in snippets.get("auto_append", [])
    ]
    files += [root / name for name in [*config.hooks, *config.watch]]
    folders = [Path(config.docs_dir), FOLDER, *map(Path, filter(None, [config.theme.custom_dir, *config.watch]))]
    files += [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix != ".md"]
    facts = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.is_file()]
    return digest(facts, texts, config.mdx_configs)


def _with_inherited(path: Path) -> list[Path]:
    inherited = re.search(r"^INHERIT:\s*[\"']?([^\s\"']+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [path, *(_with_inherited(path.parent / inherited[1]) if inherited else [])]


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
