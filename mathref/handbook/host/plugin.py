"""The MkDocs plugins: they call the machinery at the right moments, and hand pages and files on."""

import logging
import re
import time
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from markdown_exec import markdown_config
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as HostPage
from watchdog.observers.polling import PollingObserver

from mathref.handbook.host import doors, theme
from mathref.handbook.host.serving import Unchanged, digest, index_words_only
from mathref.handbook.publish import records, search, styles
from mathref.handbook.read.page import Page, Place, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner
from mathref.handbook.show import sections
from mathref.handbook.show.book import Book, is_concept, macros
from mathref.handbook.show.execution import ExecutionExtension, all_renderers, including
from mathref.handbook.show.formulas import Formulas, FormulasExtension
from mathref.handbook.take import figures

_UNSERVED = ("assets/katex/katex.min.js", "assets/versions.json")
_DOCUMENTED = re.compile(r"^::: ([\w.]+)", re.MULTILINE)
_ANCHOR = re.compile(r'<(?:div|figure|details)[^>]* id="([^"]+)"')
_log = logging.getLogger("mkdocs.plugins.mathref")
logging.getLogger("mathref.handbook").parent = _log  # what the machinery says is said as the host says things


class ExecutionSettings(Config):  # type: ignore[no-untyped-call]
    """Options under `mathref-execution` in mkdocs.yml."""

    package = option.Optional(option.Type(str))


class Settings(ExecutionSettings):  # type: ignore[no-untyped-call]
    """Options under `mathref-handbook` in mkdocs.yml."""

    package = option.Type(str, default="mathref")
    parts = option.ListOfItems(option.Type(str), default=[])
    publish = option.Type(bool, default=False)


class ExecutionPlugin(BasePlugin[ExecutionSettings]):  # type: ignore[no-untyped-call]
    """Executes, checks and caches the marked fences of any MkDocs site."""

    runner: Runner | None = None
    _lasting = False  # conversions: of any site it is not known what they hang on

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Begin with what lasts over all builds of `mkdocs serve`; MkDocs keeps a plugin that has this method."""
        self.cache, self.formulas = Cache(), Formulas(Cache())
        # in a file of their own, so that a sheet that is often changed does not crowd out what blocks gave
        self.unchanged = Unchanged(Cache(self.cache.subfolder("pages"), 2**26, self._lasting))
        self.serving = command == "serve"

    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Put the Markdown extension in place."""
        self._begun = time.perf_counter()
        doors.date_by_last_commit(Path(config.config_file_path or ".").parent)
        self.unchanged.begin(config)
        self._start(Path(config.docs_dir).parent)
        self.place = Place(faults=[])
        extension: Any = ExecutionExtension(self.runner, all_renderers(self.formulas), self.place)
        config.markdown_extensions.append(extension)
        return config

    def _start(self, root: Path) -> None:
        if self.runner is not None and self.runner.library.package != self.config.package:
            self.runner.close()
            self.cache, self.runner = Cache(), None
        if self.runner is None:
            self.runner = Runner(Library(self.config.package), self.cache)
            self.runner.root = root
        self.runner.library.fresh()
        self.runner.fresh()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Look for changes every tenth of a second, in the library too, but not in what Python writes there."""
        watched = [config.docs_dir, *filter(None, [config.config_file_path])]
        for path in watched:
            server.unwatch(path)
        server.observer = PollingObserver(timeout=0.1)
        server.build_delay = 0.05
        for path in [*watched, *(str(Path(config.config_file_path).parent / hook) for hook in config.hooks)]:
            server.watch(path)
        if self.runner and self.runner.library.folder:
            for folder in {path.parent for path in self.runner.library.folder.rglob("*.py")}:
                server.watch(str(folder), recursive=False)
        return server

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read all pages, once, and start on their blocks, so that they run while pages are rendered."""
        snippets = "pymdownx.snippets"
        known = snippets in config.markdown_extensions
        include = including(config.mdx_configs.get(snippets) or {}) if known else None
        with doors.faults_by_name():
            self.pages = {
                file.src_uri: read(file.content_string, f"{Path(config.docs_dir).name}/{file.src_uri}", include)
                for file in files.documentation_pages()
            }
            blocks = [block for page in self.pages.values() for _, block in page.blocks]
        assert self.runner is not None
        self.runner.submit(blocks)
        return files

    def on_page_markdown(self, markdown: str, *, page: HostPage, config: MkDocsConfig, files: Files) -> str:
        """Hand the page on to what converts it, blocks marked."""
        name = page.file.src_uri
        self.place.page = self.pages.get(name) or Page(name, page.file.content_string)
        markdown = self._completed(page, self.place.page.marked(markdown))
        assert self.runner is not None
        keys = [self.runner.key(block) for _, block in self.place.page.blocks]
        modules = [self.runner.library.reached(f"import {name}") for name in _DOCUMENTED.findall(markdown)]
        made_from = digest(self.place.page.text, self.place.page.body, page.meta, keys, modules)
        self.unchanged.convert(page, made_from, self.place)
        return markdown

    def _completed(self, page: HostPage, markdown: str) -> str:
        """The page's text with what is generated around it."""
        return markdown

    @event_priority(-100)
    def on_page_content(self, html: str, *, page: HostPage, config: MkDocsConfig, files: Files) -> str:
        """Tell MkDocs which anchors the executed blocks bring, so that links to them are checked."""
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(_ANCHOR.findall(html))
        return html

    @event_priority(-100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """End the build if any page has a fault, with all of them."""
        if self.place.faults:
            raise PluginError("\n".join(dict.fromkeys(map(str, self.place.faults))))
        env.bytecode_cache = FileSystemBytecodeCache(str(self.cache.subfolder("templates")))
        index = doors.search_index(config)
        if index is not None:
            index_words_only(index, self.cache, self.unchanged.entries)
        if self.serving:
            pages = [file.page for file in files.documentation_pages() if file.page]
            around = digest([(page.url, page.title) for page in pages], config.extra, sorted(config.theme.items()))
            self.unchanged.lay_out(env, around)
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write each figure as files beside its page, and say what was executed."""
        assert self.runner is not None
        for block in (block for page in self.pages.values() for _, block in page.blocks if block.kind == "figure"):
            folder, _, name = records.address(block).partition("#")
            figures.write(Path(config.site_dir) / folder, name, self.runner.result(block).output, self.cache)
        _log.info("%s, %.1f s", self.runner.summary(), time.perf_counter() - self._begun)

    def on_shutdown(self) -> None:
        """End the processes."""
        if self.runner is not None:
            self.runner.close()


class HandbookPlugin(ExecutionPlugin):  # type: ignore[no-untyped-call]
    """Builds the handbook around its Markdown."""

    config_class = Settings
    config: Settings
    _lasting = True

    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Put theme, extensions and style in place."""
        found = {name: entry["tex"] for name, entry in macros(Path(config.docs_dir)).items()}
        if found != self.formulas.macros:
            self.formulas = Formulas(self.cache, found)
        self.unchanged.styles = self.formulas.styles
        super().on_config(config)
        extension: Any = FormulasExtension(self.formulas, self.place)
        config.markdown_extensions.append(extension)
        # what a block prints as Markdown is converted like the page around it
        markdown_config.save(config.markdown_extensions, config.mdx_configs)
        config.theme.dirs.insert(0, str(theme.FOLDER))
        config.extra_css += ["assets/katex/katex.min.css", styles.FORMULAS, "static/mathref.css"]
        config.extra_javascript.append("static/mathref.js")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Make the book of all pages, add its API pages, and lay out the navigation."""
        super().on_files(files, config=config)
        for name in _UNSERVED:
            if file := files.get_file_from_path(name):
                files.remove(file)
        assert self.runner is not None
        with doors.faults_by_name():
            self.book = Book(Path(config.docs_dir), self.pages, self.config.parts, self.runner, self.formulas)
        for path, text in self.book.files().items():
            files.append(File.generated(config, path, content=text))
        if self.book.concepts:
            config.nav = self.book.navigation()
        return files

    def _completed(self, page: HostPage, markdown: str) -> str:
        if is_concept(page.file.src_uri):
            for key, value in self.book.about(page.file.src_uri).items():
                page.meta.setdefault(key, value)
        return self.book.completed(page.file.src_uri, markdown, self.place)

    @event_priority(-100)
    def on_page_content(self, html: str, *, page: HostPage, config: MkDocsConfig, files: Files) -> str:
        """Give tables what Material would give them by script when the page is shown, and more."""
        return theme.tables(super().on_page_content(html, page=page, config=config, files=files))

    def on_post_page(self, output: str, *, page: HostPage, config: MkDocsConfig) -> str:
        """Mend what Material writes, and fold in what is read when one wants to."""
        return theme.named(sections.exercises_folded(output), page, config)

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The same for pages that have no Markdown, such as that of errors."""
        return theme.named(output, None, config) if template_name.endswith(".html") else output

    @event_priority(-100)
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """Let the templates change what Material writes."""
        env.filters["patched"] = lambda text, name: theme.patch(name)(str(text))
        env.globals.update(package=self.config.package, versions=self.book.versions)
        return super().on_env(env, config=config, files=files)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what lies beside the pages."""
        super().on_post_build(config=config)
        site, about = Path(config.site_dir), doors.about(config)
        self.book.write_beside(site, about)
        if (index := doors.search_index(config)) is not None:
            concepts, coming = self.book.concepts, Path(config.docs_dir, "coming.yml")
            found = search.index(doors.entries(index), concepts, self.book.snippets, self.pages, coming)
            theme.write_index(site, found)
        if self.config.publish and not self.serving:
            theme.scheme_by_rule(site)
            with doors.faults_by_name():
                self.book.finish(site, about, theme.scripts(site))
