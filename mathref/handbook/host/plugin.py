"""The plugin of the handbook: it makes the book of all pages, and hands pages and files on."""

from pathlib import Path
from typing import Any

from markdown_exec import markdown_config
from mkdocs.config import config_options as option
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as HostPage

from mathref.handbook.host import doors, theme
from mathref.handbook.host.execution import ExecutionPlugin, ExecutionSettings
from mathref.handbook.publish import search, styles
from mathref.handbook.show import sections
from mathref.handbook.show.book import Book, is_concept, macros
from mathref.handbook.show.formulas import Formulas, FormulasExtension

_SHEETS = ("static/mathref.css", "static/pages.css", "static/claims.css")
_UNSERVED = ("assets/katex/katex.min.js", "assets/versions.json")


class Settings(ExecutionSettings):
    """Options under `mathref-handbook` in mkdocs.yml."""

    package = option.Type(str, default="mathref")
    parts = option.ListOfItems(option.Type(str), default=[])
    publish = option.Type(bool, default=False)


class HandbookPlugin(ExecutionPlugin):
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
        config.extra_css += ["assets/katex/katex.min.css", styles.FORMULAS, *_SHEETS]
        config.extra_javascript.append("static/mathref.js")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Make the book of all pages, add its API pages, and lay out the navigation."""
        super().on_files(files, config=config)
        for name in _UNSERVED:
            if file := files.get_file_from_path(name):
                files.remove(file)
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
