"""The plugin that executes the fences of any site: it hands pages to what reads, runs and shows them."""

import logging
import re
import time
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as HostPage

from mathref.handbook.host import doors
from mathref.handbook.host.serving import Unchanged, digest, index_words_only, watch
from mathref.handbook.publish import records
from mathref.handbook.read.page import Page, Place, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Runner
from mathref.handbook.show.execution import ExecutionExtension, all_renderers, including
from mathref.handbook.show.formulas import Formulas
from mathref.handbook.take import figures

_DOCUMENTED = re.compile(r"^::: ([\w.]+)", re.MULTILINE)
_ANCHOR = re.compile(r'<(?:div|figure|details)[^>]* id="([^"]+)"')
_log = logging.getLogger("mkdocs.plugins.mathref")
logging.getLogger("mathref.handbook").parent = _log  # what the machinery says is said as the host says things


class ExecutionSettings(Config):
    """Options under `mathref-execution` in mkdocs.yml."""

    package = option.Optional(option.Type(str))


class ExecutionPlugin(BasePlugin[ExecutionSettings]):
    """Executes, checks and caches the marked fences of any MkDocs site."""

    _lasting = False  # conversions: of any site it is not known what they hang on

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Begin with what lasts over all builds of `mkdocs serve`; MkDocs keeps a plugin that has this method."""
        self._run(Cache())
        self.formulas = Formulas(Cache())
        # in a file of their own, so that a sheet that is often changed does not crowd out what blocks gave
        self.unchanged = Unchanged(Cache(self.cache.subfolder("pages"), 2**26, self._lasting))
        self.serving = command == "serve"

    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Put the Markdown extension in place."""
        self._begun = time.perf_counter()
        doors.date_by_last_commit(Path(config.config_file_path or ".").parent)
        self.unchanged.begin(config)
        if self.runner.library.package != self.config.package:
            self.runner.close()
            self._run(Cache())
        self.runner.root = Path(config.docs_dir).parent
        self.runner.library.fresh()
        self.runner.fresh()
        self.place = Place(faults=[])
        extension: Any = ExecutionExtension(self.runner, all_renderers(self.formulas), self.place)
        config.markdown_extensions.append(extension)
        return config

    def _run(self, cache: Cache) -> None:
        self.cache, self.runner = cache, Runner(Library(self.config.package), cache)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Watch the library too."""
        watch(server, config, self.runner.library.folder)
        return server

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read all pages, once, and start on their blocks, so that they run while pages are rendered."""
        options = config.mdx_configs.get("pymdownx.snippets") or {}
        include = including(options) if "pymdownx.snippets" in config.markdown_extensions else None
        with doors.faults_by_name():
            self.pages = {
                file.src_uri: read(file.content_string, f"{Path(config.docs_dir).name}/{file.src_uri}", include)
                for file in files.documentation_pages()
            }
            self.runner.submit([block for page in self.pages.values() for _, block in page.blocks])
        return files

    def on_page_markdown(self, markdown: str, *, page: HostPage, config: MkDocsConfig, files: Files) -> str:
        """Hand the page on to what converts it, blocks marked."""
        name = page.file.src_uri
        self.place.page = self.pages.get(name) or Page(name, page.file.content_string)
        markdown = self._completed(page, self.place.page.marked(markdown))
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
        if (index := doors.search_index(config)) is not None:
            index_words_only(index, self.cache, self.unchanged.entries)
        if self.serving:
            self.unchanged.lay_out(env, config, files)
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write each figure as files beside its page, and say what was executed."""
        for block in (block for page in self.pages.values() for _, block in page.blocks if block.kind == "figure"):
            folder, _, name = records.address(block).partition("#")
            figures.write(Path(config.site_dir) / folder, name, self.runner.result(block).output, self.cache)
        _log.info("%s, %.1f s", self.runner.summary(), time.perf_counter() - self._begun)

    def on_shutdown(self) -> None:
        """End the processes."""
        self.runner.close()
