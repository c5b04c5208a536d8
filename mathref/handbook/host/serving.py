"""A page that did not change is not converted again, and while the handbook is served neither laid out nor indexed."""

import copy
import hashlib
import os
import re
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from watchdog.observers.polling import PollingObserver

from mathref.handbook.host import conversion
from mathref.handbook.host.doors import rebound
from mathref.handbook.host.theme import FOLDER
from mathref.handbook.read.page import Place
from mathref.handbook.run.cache import Cache

# How a claim was tried says nothing of what it states, and would fill the excerpts.
_WORDLESS = re.compile(
    r"<mr-math\b.*?</mr-math>|<svg\b.*?</svg>|<details class=\"(?:answer|mr-working|names)\".*?</details>"
    r"|<p class=\"mr-claim__verdict\"><b><a .*?</p>|<details><summary title=\"The check, as it was run.*?</details>",
    re.DOTALL,
)
_MARKED_UP = re.compile(r"<pre\b.*?</pre>|<math\b.*?</math>", re.DOTALL)
_COLOURED = re.compile(r'<span(?: class="[\w ]+")?>([^<]*)</span>')


class Unchanged:
    """Remembers what came of each page, by all that it was made from; conversions also in a cache, for later builds."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._converted: dict[str, tuple[str, dict[str, Any]]] = {}
        self._laid_out: dict[str, tuple[str, str]] = {}
        self.entries: dict[str, list[Any]] = {}
        self._theme_files: list[str] | None = None
        self._around = self._addresses = ""
        self.styles: dict[str, str] = {}  # of the formulas on all pages

    def begin(self, config: Any) -> None:
        """Forget all if anything changed that is no page: each page is then made anew."""
        around = _surroundings(config)
        self._addresses = ""
        if around != self._around:
            self._around, self._theme_files = around, None
            for kept in (self._converted, self._laid_out, self.entries):
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

    def convert(self, page: Any, key: str, place: Place) -> None:
        """Let the page take over an earlier conversion of the same text, if the key and all around it are of then."""

        def around(render: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
            def unless_known(config: Any, files: Any) -> None:
                self._addresses = self._addresses or digest([(file.src_uri, file.url) for file in files])
                name = page.file.src_uri
                made_from = digest(self._around, self._addresses, key, name, page.markdown)
                before, values = self._converted.get(name, ("", None))
                values = values if before == made_from else self._cache.get(made_from)
                if values is not None:
                    conversion.take_over(page, values, config, files, self.styles)
                else:
                    with conversion.observed(page, config) as (calls, messages):
                        render(config, files)
                    if place.faults or messages or page.links_to_anchors is None:
                        return  # what was said of the page has to be said again
                    values = conversion.of(page, calls, self.styles)
                    self._cache.put(made_from, values)
                self._converted[name] = made_from, values

            return unless_known

        rebound(page, "render", around, "unchanged pages kept")

    def lay_out(self, env: Any, config: Any, files: Any) -> None:
        """Make an environment's templates give a page as it was if nothing on it changed, nor what all pages show."""
        pages = [(file.page.url, file.page.title) for file in files.documentation_pages() if file.page]
        surroundings = digest(pages, config.extra, sorted(config.theme.items()))

        def around(get_template: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *given, **options: _Template(get_template(*given, **options), self._laid_out, surroundings)

        rebound(env, "get_template", around, "unchanged pages kept", of="jinja2")


def index_words_only(index: Any, cache: Cache, known: dict[str, list[Any]]) -> None:
    """Spare a search index drawings, formulas' visual halves, what is folded away, and pages whose words it knows."""
    reader = f"{version('mkdocs-material')} {sys.version_info}"

    def around(add: Callable[[Any], None]) -> Callable[[Any], None]:
        def lean(page: Any) -> None:
            key, page = digest(page.url, page.title, page.content, page.meta), copy.copy(page)
            if key not in known:
                page.content = _MARKED_UP.sub(_plain, _WORDLESS.sub("", page.content))
                made_from = ["words", reader, page.url, page.title, page.content, page.meta, index.config]
                known[key] = cache.made(made_from, lambda: _added(add, page, index.entries))
            index.entries.extend(known[key])

        return lean

    rebound(index, "add_entry_from_context", around, "search in words only", of="mkdocs-material")


def _plain(marked_up: re.Match[str]) -> str:
    """Code or a formula without most of its tags, of which an index keeps none; a parser takes long over them."""
    if marked_up[0].startswith("<pre"):
        return _COLOURED.sub(r"\1", marked_up[0])
    words = re.sub("<[^>]*>", "", marked_up[0])
    return marked_up[0] if re.search(r"[\s&]", words) else words  # a space between tags is another space in a word


def _added(add: Callable[[Any], None], page: Any, entries: list[Any]) -> list[Any]:
    """What an index gets of a page, taken out of it again."""
    before = len(entries)
    add(page)
    added = entries[before:]
    del entries[before:]
    return added


def watch(server: Any, config: Any, library: Path | None) -> None:
    """Look for changes every tenth of a second, in the library too, but not in what Python writes there."""
    watched = [config.docs_dir, *filter(None, [config.config_file_path])]
    for path in watched:
        server.unwatch(path)
    server.observer = PollingObserver(timeout=0.1)
    server.build_delay = 0.05
    for path in [*watched, *(str(Path(config.config_file_path).parent / hook) for hook in config.hooks)]:
        server.watch(path)
    for folder in {path.parent for path in library.rglob("*.py")} if library else ():
        server.watch(str(folder), recursive=False)


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
    said = {word for text in texts for word in re.findall(r"\w+", text.decode("utf-8", "replace"))}
    read = sorted((name, value) for name, value in os.environ.items() if name in said)  # by !ENV
    return digest(_contents(files), texts, read, config.mdx_configs, config.theme.name, _tools())


@cache  # what is loaded stays as it is
def _tools() -> str:
    """A digest of what converts pages: this package, and all that is installed, by names that tell versions."""
    ours = [path for pattern in ("*.py", "*/*.py", "templates/**/*") for path in sorted(FOLDER.parent.glob(pattern))]
    installed = sorted(path.name for folder in sys.path for path in Path(folder).glob("*.dist-info"))
    return digest(sys.version, _contents(ours), installed)


def _contents(files: list[Path]) -> list[tuple[str, str]]:
    return [(str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files if path.is_file()]


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
