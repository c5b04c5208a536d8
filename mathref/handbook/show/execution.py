"""Python-Markdown extension: fences marked ``exec="..."`` are run, checked, and shown with what they printed."""

import atexit
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown_exec import base_format
from pymdownx.snippets import SnippetMissingError

from mathref.handbook.read.page import MARK, Block, Include, Page, PageError, Place, read
from mathref.handbook.run.cache import Cache
from mathref.handbook.run.dependencies import Library
from mathref.handbook.run.runner import Result, Runner, checked
from mathref.handbook.show.blocks import answer_html, figure_html, snippet_html, working_html
from mathref.handbook.show.claims import claim_html
from mathref.handbook.show.formulas import Formulas

Renderer = Callable[[Block, Result], str]
_RAW = re.compile(r"^[ \t>]*((?:`{3,}|~{3,})[ \t]*\w*[ \t]+exec=.*)$", re.MULTILINE)


def all_renderers(formulas: Formulas) -> dict[str, Renderer]:
    """How each kind of block is shown that is not Markdown itself."""

    def claim(block: Block, result: Result) -> str:
        return claim_html(block, result, formulas)

    kinds: dict[str, Renderer] = {"snippet": snippet_html, "figure": figure_html, "answer": answer_html}
    return {**kinds, "claim": claim, "misconception": claim}


def including(options: dict[str, Any]) -> Include:
    """What puts included files into a text; FileNotFoundError names one that is missing."""
    name = "pymdownx.snippets"
    options = {**options, "check_paths": True, "auto_append": []}
    put_in = Markdown(extensions=[name], extension_configs={name: options}).preprocessors["snippet"]

    def include(lines: list[str]) -> list[str]:
        try:
            return put_in.run(lines)
        except SnippetMissingError as missing:
            raise FileNotFoundError(re.sub(r".*'(.*)'.*", r"\1", str(missing))) from None

    return include


class _Blocks(Preprocessor):
    """Puts the HTML of each executed block in its place: where the page's reader left a mark, or where a fence is."""

    def __init__(self, md: Markdown, extension: "ExecutionExtension") -> None:
        super().__init__(md)
        self.runner, self.renderers, self.place = extension.runner, extension.renderers, extension.place
        self.shown: dict[str, Block] = {}
        self.blocks: dict[str, Block] = {}

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        known = self.place.page.by_id if self.place.page else {}
        if "exec=" in text:
            try:
                path = self.place.page.path if self.place.page else "text"
                page = read(text, path, page=self.place.page or Page(path, "\n".join(self.place.text)))
                self.runner.submit(block for _, block in page.blocks)
            except PageError as error:
                self.place.fault(error)
                return lines
            text, known = page.marked(text), {**known, **page.by_id}
        return MARK.sub(lambda mark: self._stashed(known[mark[1]]) if mark[1] in known else mark[0], text).split("\n")

    def _stashed(self, block: Block) -> str:
        self.blocks[block.id] = block
        try:
            html = self._html(block)
        except PageError as error:
            html = self.place.fault(error)
        placeholder = self.md.htmlStash.store(html)
        self.shown[placeholder] = block
        return placeholder

    def _html(self, block: Block) -> str:
        def run(_source: str, **_options: object) -> str:
            result = checked(block, self.runner.result(block))
            if block.kind == "working":
                return "\n\n".join(result.said.get("markdown", []))
            return result.output if block.kind == "table" else self.renderers[block.kind](block, result)

        as_html = block.kind not in ("table", "working")
        shown = str(base_format(language="python", run=run, code=block.source, md=self.md, html=as_html, id=block.id))
        return working_html(block, shown) if block.kind == "working" else shown


class _Includes(Preprocessor):
    """Refuses an included file that is missing, which would leave nothing in its place."""

    def __init__(self, md: Markdown, place: Place) -> None:
        super().__init__(md)
        self.place = place

    def run(self, lines: list[str]) -> list[str]:
        self.place.text = lines
        if "snippet" in self.md.preprocessors and any("8<-" in line for line in lines):
            snippet: Any = self.md.preprocessors["snippet"]
            options = ("base_path", "restrict_base_path", "encoding", "url_download", "dedent_subsections")
            try:
                read("\n".join(lines), "text", including({name: getattr(snippet, name) for name in options}))
            except PageError as error:
                self.place.fault(error)
        return lines


class _Agreed(Treeprocessor):
    """Names each fence that was run but is shown as code, and each that is shown and was not run."""

    def __init__(self, md: Markdown, blocks: _Blocks) -> None:
        super().__init__(md)
        self.blocks = blocks

    def run(self, root: Element) -> None:
        for element in root.iter():
            text = element.text or ""
            if element.tag == "code":
                for placeholder, block in self.blocks.shown.items():
                    if placeholder in text:
                        self._fault(block.line - 1, "Markdown shows this fence as code, since it is indented that far")
            elif "exec=" in text and (raw := _RAW.search(text)):
                page = self.blocks.place.page
                line = page.line_of(raw[1]) if page else 1
                self._fault(line, "this fence is not run: it is not closed, or Markdown does not take it for a fence")

    def _fault(self, line: int, message: str) -> None:
        page = self.blocks.place.page
        self.blocks.place.fault(PageError(f"{page.path if page else 'text'}:{line}", message))


class _Apart(Treeprocessor):
    """Refuses a heading that has the address of a block."""

    def __init__(self, md: Markdown, blocks: _Blocks) -> None:
        super().__init__(md)
        self.blocks = blocks

    def run(self, root: Element) -> None:
        for element in root.iter() if self.blocks.blocks else ():
            if block := self.blocks.blocks.get(element.get("id", "")):
                message = f'a heading of the page has the id {block.id!r} too; give the block another by id="..."'
                self.blocks.place.fault(PageError(f"{block.page}:{block.line - 1}", message))


class ExecutionExtension(Extension):
    """The extension; `renderers` say how each kind of block is shown, a table is Markdown that a block prints.

    Without a `runner`, one runs the blocks of `package` until the interpreter ends.
    """

    def __init__(
        self,
        runner: Runner | None = None,
        renderers: dict[str, Renderer] | None = None,
        place: Place | None = None,
        *,
        package: str | None = None,
    ) -> None:
        super().__init__()
        if runner is None:
            runner = Runner(Library(package), Cache())
            atexit.register(runner.close)
        self.runner, self.place = runner, place or Place()
        self.renderers = renderers or all_renderers(Formulas(Cache()))

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors: blocks before other fences, what looks at them before and after words are read."""
        blocks = _Blocks(md, self)
        md.preprocessors.register(blocks, "mathref-execution", 26)
        md.treeprocessors.register(_Agreed(md, blocks), "mathref-agreed", 25)
        md.treeprocessors.register(_Apart(md, blocks), "mathref-apart", 4)
        md.preprocessors.register(_Includes(md, self.place), "mathref-includes", 33)
