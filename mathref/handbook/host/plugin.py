"""The MkDocs plugin: calls the machinery at the right moments. The only module that knows MkDocs."""

import contextlib
import json
import logging
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from jinja2 import FileSystemBytecodeCache
from markdown_exec import markdown_config
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from watchdog.observers.polling import PollingObserver

from mathref.handbook.host.serving import Unchanged, digest, index_words_only
from mathref.handbook.publish import archive, downloads, records, search, styles
from mathref.handbook.read import concepts, names
from mathref.handbook.read.bibliography import Bibliography
from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import Block, PageError, Place, blocks, split_front_matter
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner, checked
from mathref.handbook.show import blocks as blocks_html
from mathref.handbook.show import indexes, sections
from mathref.handbook.show.fences import ExecutionExtension, Renderer
from mathref.handbook.show.formulas import Formulas, FormulasExtension

THEME = Path(__file__).parents[1] / "theme"
_UNSERVED = ("assets/katex/katex.min.js", "assets/versions.json")
_DOCUMENTED = re.compile(r"^::: ([\w.]+)", re.MULTILINE)
_ANCHOR = re.compile(r'<(?:div|figure)[^>]* id="([^"]+)"')
_MARK = re.compile(r"<!-- (\w+) -->")
# What Material leaves without a name of its own.
_MENDED = {
    'data-md-component="search" role="dialog">': 'data-md-component="search" role="dialog" aria-label="Search">',
    '<nav class="md-path" aria-label="Navigation"': '<nav class="md-path" aria-label="Breadcrumbs"',
}
_log = logging.getLogger("mkdocs.plugins.mathref")


class ExecutionSettings(Config):  # type: ignore[no-untyped-call]
    """Options under `mathref-execution` in mkdocs.yml."""

    package = option.Optional(option.Type(str))


class Settings(ExecutionSettings):  # type: ignore[no-untyped-call]
    """Options under `mathref-handbook` in mkdocs.yml."""

    package = option.Type(str, default="mathref")
    parts = option.ListOfItems(option.Type(str), default=[])
    bibliography = option.Type(str, default="references.bib")
    macros = option.Type(str, default="macros.yml")
    publish = option.Type(bool, default=False)
    pyodide = option.Type(str, default="")


class ExecutionPlugin(BasePlugin[ExecutionSettings]):  # type: ignore[no-untyped-call]
    """Executes, checks and caches the marked fences of any MkDocs site."""

    runner: Runner

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Begin with what lasts over all builds of `mkdocs serve`; MkDocs keeps a plugin that has this method."""
        self.cache = Cache()
        self.place = Place(faults=[])
        self.renderers: dict[str, Renderer] = {}
        self._started = False
        self.unchanged = Unchanged() if command == "serve" else None

    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Put the Markdown extension in place."""
        if not self._started:
            self.library = Library(self.config.package)
            self.runner = Runner(self.library, self.cache)
            self._started = True
        _date_by_last_commit(Path(config.config_file_path or ".").parent)
        self.library.fresh()
        self.runner.fresh()
        self.place.faults = []
        if self.unchanged is not None:
            self.unchanged.list_theme_once(config.theme)
        self._begun = time.perf_counter()
        extensions: list[Any] = [ExecutionExtension(self.runner, self.renderers, self.place)]
        config.markdown_extensions += extensions
        return config

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Look for changes every tenth of a second, in the library too, but not in what Python writes there."""
        watched = [config.docs_dir, *filter(None, [config.config_file_path])]
        for path in watched:
            server.unwatch(path)
        server.observer = PollingObserver(timeout=0.1)
        server.build_delay = 0.05
        for path in watched:
            server.watch(path)
        if self.library.folder:
            server.watch(str(self.library.folder), recursive=False)
        return server

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Start on the blocks of all pages, so that they run while pages are rendered."""
        found: list[Block] = []
        for file in files.documentation_pages():
            page = _shown_path(file, config)
            try:
                _, body, line = split_front_matter(file.content_string, page)
                found += [block for _, block in blocks(body, page, first_line=line)]
            except PageError as error:
                raise PluginError(str(error)) from None
        self.blocks = found
        self.runner.submit(found)
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Note where the page's text begins in its file."""
        self.place.page = _shown_path(page.file, config)
        _, body, line = split_front_matter(page.file.content_string, self.place.page)
        self.place.first_line = line + len(body) - len(body.lstrip("\n"))  # MkDocs strips these blank lines
        markdown = self._completed(markdown, page)
        self._convert(page, markdown)
        return markdown

    def _completed(self, markdown: str, page: Page) -> str:
        """The page's text with what is generated around it."""
        return markdown

    def _convert(self, page: Page, markdown: str) -> None:
        """While serving, skip the conversion of a page if its text and its blocks' results are those of before."""
        if self.unchanged is not None:
            text = page.file.content_string
            kind = split_front_matter(text, self.place.page)[1]
            keys = [self.runner.key(block) for _, block in blocks(kind, self.place.page)]
            modules = [self.library.reached(f"import {name}") for name in _DOCUMENTED.findall(markdown)]
            self.unchanged.convert(page, digest(markdown, page.meta, keys, modules))

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Tell MkDocs which anchors the executed blocks bring, so that links to them are checked."""
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(_ANCHOR.findall(html))
        return html

    @event_priority(-100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """End the build if any page has a fault, with all of them."""
        if self.place.faults:
            raise PluginError("\n".join(map(str, self.place.faults)))
        env.bytecode_cache = FileSystemBytecodeCache(str(self.cache.subfolder("templates")))
        index = getattr(config.plugins.get("material/search"), "search_index", None)
        if index is not None:
            index_words_only(index)
        if self.unchanged is not None:
            if index is not None:
                self.unchanged.index(index)
            pages = [file.page for file in files.documentation_pages() if file.page]
            self.unchanged.keep(pages)
            around = digest([(page.url, page.title) for page in pages], config.extra, sorted(config.theme.items()))
            env.get_template = self.unchanged.lay_out(env.get_template, around)
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Say what was executed."""
        _log.info("%s, %.1f s", self.runner.summary(), time.perf_counter() - self._begun)

    def on_shutdown(self) -> None:
        """End the processes."""
        if self._started:
            self.runner.close()


class HandbookPlugin(ExecutionPlugin):  # type: ignore[no-untyped-call]
    """Builds the handbook around its Markdown."""

    config_class = Settings
    config: Settings
    concepts: dict[str, Concept]
    parts: dict[str, list[Concept]]

    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Put theme, extensions and style in place."""
        if not self._started:
            self.formulas = Formulas(self.cache)
            self.renderers = blocks_html.renderers(self.formulas)
            self.feet: dict[str, str] = {}
        super().on_config(config)
        self._snippet_records: list[dict[str, Any]] = []
        self.docs = Path(config.docs_dir)
        self.formulas.macros = {name: entry["tex"] for name, entry in self._macros().items()}
        self.bibliography = Bibliography(self.docs / self.config.bibliography)
        extensions: list[Any] = [FormulasExtension(self.formulas, self.place)]
        config.markdown_extensions += extensions
        # what a block prints as Markdown is converted like the page around it
        markdown_config.save(config.markdown_extensions, config.mdx_configs)
        config.theme.dirs.insert(0, str(THEME))
        if self.config.pyodide:
            package = self.config.package
            wheel = f"assets/{package}-{records.versions(package)[package]}-py3-none-any.whl"
            config.extra.update(pyodide=self.config.pyodide, wheel=wheel)
        config.extra_css += ["assets/katex/katex.min.css", styles.FORMULAS, "static/mathref.css"]
        config.extra_javascript.append("static/mathref.js")
        return config

    def _macros(self) -> dict[str, dict[str, str]]:
        path = self.docs / self.config.macros
        return yaml.safe_load(path.read_text()) if path.is_file() else {}

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read all concepts, start on all blocks, add the API pages, and lay out the navigation."""
        super().on_files(files, config=config)
        for name in _UNSERVED:
            if file := files.get_file_from_path(name):
                files.remove(file)
        pages = {_shown_path(f, config): f.content_string for f in files.documentation_pages() if _is_concept(f)}
        assert self.library.folder is not None  # the package has a default
        try:
            self.concepts = concepts.load(pages, self.library.folder)
            self.parts = concepts.in_order(self.concepts, self.config.parts)
            names.check(self.concepts)
            self.runner.submit(block for concept in self.concepts.values() for block in self._unshown(concept))
        except PageError as error:
            raise PluginError(str(error)) from None
        if not self.concepts:
            return files
        used_in = self._used_in()
        generated = {f"api/{c.slug}.md": sections.api_page(c, used_in) for c in self.concepts.values()}
        generated["api/index.md"] = sections.api_index(self.parts)
        for path, text in generated.items():
            files.append(File.generated(config, path, content=text))
        config.nav = self._navigation(files)
        return files

    def _unshown(self, concept: Concept) -> list[Block]:
        """Blocks that check what the front matter says."""
        return [*concept.shape_checks, names.equivalents_exist(concept)]

    def _used_in(self) -> dict[str, list[Block]]:
        """Snippets by the function of ours that they use."""
        used: dict[str, list[Block]] = {}
        for block in self._of_kind("snippet"):
            for function in records.functions(block.source, self.config.package):
                used.setdefault(function, []).append(block)
        return used

    def _navigation(self, files: Files) -> list[Any]:
        home: list[Any] = ["index.md"]
        parts = [{part: [f"concepts/{c.slug}.md" for c in here]} for part, here in self.parts.items()]
        free = [f.src_uri for f in files.documentation_pages() if "/" not in f.src_uri and f.src_uri != "index.md"]
        api = ["api/index.md", *(f"api/{c.slug}.md" for here in self.parts.values() for c in here)]
        return [{"Home": home[0]}, *parts, *([{"Reference": sorted(free)}] if free else []), {"API": api}]

    def _completed(self, markdown: str, page: Page) -> str:
        self.place.symbols = {}
        if not _is_concept(page.file):
            return self._with_lists(markdown)
        concept = self.concepts[Path(page.file.src_uri).stem]
        page.meta.setdefault("description", concept.summary)
        # The page that bears exactly the name that was typed comes first: fewer words in a title weigh more.
        page.meta.setdefault("search", {"boost": 8 / len(concept.title.split())})
        self.place.symbols = sections.titles(concept)
        for block in self._unshown(concept):
            try:
                checked(block, self.runner.result(block))
            except PageError as error:
                self.place.fault(error)
        page.meta["card"] = concept.slug
        page.meta["interactive"] = sorted(
            {name for _, block in concept.fences if (name := block.options.get("interactive"))}
        )
        head = sections.head(concept, self.concepts)
        try:
            self.feet[concept.slug] = sections.foot(concept, self.concepts, self.bibliography)
        except PageError as error:
            self.place.fault(error)
            self.feet[concept.slug] = ""
        title, _, text = markdown.partition("\n")
        self.place.first_line -= head.count("\n") + 1
        last = sections.take_away(concept, records.versions(self.config.package))
        return f"{title}\n{head}\n{text}\n{self.feet[concept.slug]}{last}"

    def _with_lists(self, markdown: str) -> str:
        """A page that belongs to no concept, its marks replaced by what they stand for."""
        lists: dict[str, Callable[[], str]] = {
            "concepts": lambda: indexes.concept_map(self.parts, self.concepts, self._thumbnails()),
            "claims": lambda: indexes.claims_index(self.concepts, self._claims()),
            "mutations": lambda: indexes.mutations_table(self._mutations(), self.concepts),
            "macros": lambda: indexes.macros_table(self._macros()),
            "schemas": self._schemas,
            "names": lambda: indexes.names_index(self.concepts),
            "symbols": lambda: indexes.symbols_index(self.parts),
            "errors": lambda: indexes.errors_index(self._snippets(), self.concepts),
        }
        return _MARK.sub(lambda mark: lists[mark[1]]() if mark[1] in lists else mark[0], markdown)

    def _schemas(self) -> str:
        schemas = {name: json.loads((self.docs / f"{name}.schema.json").read_text()) for name in ("snippets", "claims")}
        return "\n".join(indexes.schema_table(name, schema) for name, schema in schemas.items())

    def _thumbnails(self) -> dict[str, str]:
        pictures = {block.slug: block for block in reversed(self._of_kind("figure"))}
        return {slug: blocks_html.thumbnail(block, self.runner.result(block)) for slug, block in pictures.items()}

    def _mutations(self) -> dict[str, Any]:
        figures: dict[str, Any] = json.loads((self.docs / "mutations.json").read_text(encoding="utf-8"))
        return figures

    def _snippets(self) -> list[dict[str, Any]]:
        if not self._snippet_records:
            self._snippet_records = self._recorded()
        return self._snippet_records

    def _recorded(self) -> list[dict[str, Any]]:
        return [records.snippet(block, self.runner) for block in self._of_kind("snippet")]

    @property
    def _in_order(self) -> list[Concept]:
        return [concept for part in self.parts.values() for concept in part]

    def _of_kind(self, *kinds: str) -> list[Block]:
        """Blocks of these kinds on all pages: concepts in their order, then the other pages."""
        order = [concept.page for concept in self._in_order]
        found = [block for block in self.blocks if block.kind in kinds]
        return sorted(found, key=lambda block: order.index(block.page) if block.page in order else len(order))

    def _claims(self) -> list[dict[str, Any]]:
        blocks = self._of_kind("claim", "misconception")
        return [records.claim(block, self.runner) for block in blocks if not self.runner.result(block).error]

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Give each table a box in which it scrolls, which Material would do by script when the page is shown."""
        html = super().on_page_content(html, page=page, config=config, files=files)
        return html.replace("<table>", '<div class="mr-scroll"><table class="mr-table">').replace(
            "</table>", "</table></div>"
        )

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Mend what Material writes."""
        return _mended(output)

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The same for pages that have no Markdown, such as that of errors."""
        return _mended(output) if template_name.endswith(".html") else output

    @event_priority(-100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """Put our search behind Material's box."""
        env.filters["with_our_search"] = search.in_place
        return super().on_env(env, config=config, files=files)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what lies beside the pages."""
        super().on_post_build(config=config)
        site = Path(config.site_dir)
        archive.write_formula_styles(site, self.formulas)
        archive.write_json(site / "snippets.json", self._snippets())
        archive.write_json(site / "claims.json", self._claims())
        for concept in self._in_order:
            archive.write_downloads(site, concept, self.runner.result, self.formulas.macros, self.feet[concept.slug])
        index = getattr(config.plugins.get("material/search"), "search_index", None)
        if index is not None:
            search.write(site, search.index(index.entries, self.concepts, self._snippets()))
        described = downloads.llms(config.site_name, config.site_description or "", self.parts)
        (site / "llms.txt").write_text(described, encoding="utf-8")
        if self.config.pyodide and self.library.folder:
            archive.write_wheel(site / config.extra["wheel"], self.config.package, self.library.folder)
        if self.config.publish and self.unchanged is None:
            try:
                name = f"{self.config.package}-handbook.zip"
                archive.finish(site, name, self.formulas, self.cache, self.config.pyodide)
            except PageError as error:
                raise PluginError(str(error)) from None
            about = {concept.slug: (concept.title, concept.summary) for concept in self._in_order}
            about["index"] = (config.site_name, config.site_description or "")
            archive.write_cards(site, about, config.site_name)


def _date_by_last_commit(folder: Path) -> None:
    """Let MkDocs date pages by the last commit, so that two builds of one state are the same to the byte."""
    if "SOURCE_DATE_EPOCH" not in os.environ:
        command = ["git", "log", "-1", "--format=%ct"]
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            found = subprocess.check_output(command, cwd=folder, text=True, stderr=subprocess.DEVNULL).strip()
            os.environ["SOURCE_DATE_EPOCH"] = found


def _mended(output: str) -> str:
    for before, after in _MENDED.items():
        output = output.replace(before, after, 1)
    return output


def _is_concept(file: File) -> bool:
    return file.src_uri.startswith("concepts/") and file.src_uri.endswith(".md")


def _shown_path(file: File, config: MkDocsConfig) -> str:
    return f"{Path(config.docs_dir).name}/{file.src_uri}"
