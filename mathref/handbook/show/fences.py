"""Python-Markdown extension: fences marked ``exec="..."`` are run, checked, and shown with what they printed."""

import html
import re
from collections.abc import Callable
from functools import cache

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown_exec import base_format
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from mathref.handbook.read.page import Block, PageError, Place, blocks
from mathref.handbook.run.runner import Result, Runner, checked

Renderer = Callable[[Block, Result], str]


class _Blocks(Preprocessor):
    """Replaces each executed fence by its HTML, and keeps the number of lines, for what counts them later."""

    def __init__(self, md: Markdown, runner: Runner, renderers: dict[str, Renderer], place: Place) -> None:
        super().__init__(md)
        self.runner, self.renderers, self.place = runner, renderers, place

    def run(self, lines: list[str]) -> list[str]:
        try:
            found = blocks("\n".join(lines), self.place.page, first_line=self.place.first_line)
        except PageError as error:
            self.place.fault(error)
            return lines
        self.runner.submit(block for _, block in found)
        for fence, block in found:
            try:
                shown = self._html(block)
            except PageError as error:
                shown = self.place.fault(error)
            placeholder = fence.indent + self.md.htmlStash.store(shown)
            lines[fence.start : fence.end] = [placeholder, *[""] * (fence.end - fence.start - 1)]
        return lines

    def _html(self, block: Block) -> str:
        def run(_source: str, **_options: object) -> str:
            result = checked(block, self.runner.result(block))
            if block.kind == "working":
                return "\n\n".join(result.said.get("markdown", []))
            return result.output if block.kind == "table" else self.renderers[block.kind](block, result)

        as_html = block.kind not in ("table", "working")
        shown = str(base_format(language="python", run=run, code=block.source, md=self.md, html=as_html, id=block.id))
        return working_html(block, shown) if block.kind == "working" else shown


class ExecutionExtension(Extension):
    """The extension; `renderers` say how each kind of block is shown, a table is Markdown that a block prints."""

    def __init__(
        self, runner: Runner, renderers: dict[str, Renderer] | None = None, place: Place | None = None
    ) -> None:
        super().__init__()
        self.runner, self.renderers, self.place = (
            runner,
            {"snippet": snippet_html, **(renderers or {})},
            place or Place(),
        )

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the preprocessor: before other fences, after formulas were given their lines."""
        md.preprocessors.register(_Blocks(md, self.runner, self.renderers, self.place), "mathref-execution", 26)


# Names and spaces have the colour of the text around them: a thousand elements fewer on a page.
_PLAIN = re.compile(r'<span class="[nw]">([^<]*)</span>')


@cache
def _highlighted(source: str) -> str:
    return _PLAIN.sub(r"\1", highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))).rstrip("\n")


def code_html(source: str, attributes: str = "") -> str:
    """Highlighted Python, with Material's copy button; its text is exactly the source."""
    return f'<div class="highlight"><pre><code {attributes}>{_highlighted(source)}</code></pre></div>'


def snippet_html(block: Block, result: Result) -> str:
    """A snippet: its title and link, its source, and what it printed or the error that it shows on purpose."""
    error = f' data-snippet-error="{html.escape(block.options["error"])}"' if result.error else ""
    return (
        f'<div class="mr-snippet" id="{block.id}" data-{block.kind}="{block.id}"{error}>'
        f"{_head(block)}{code_html(block.source, 'data-snippet-source')}{_output(block, result)}</div>"
    )


def working_html(block: Block, steps: str) -> str:
    """A calculation by hand, folded in: the code that asks for it, and its steps as mathematics."""
    if not steps:
        raise PageError(f"{block.page}:{block.line}", "a working should print what a function such as lu_steps returns")
    title = html.escape(block.options.get("title", "Step by step"))
    code = code_html(block.source, "data-snippet-source")
    return f'<details class="mr-working" id="{block.id}"><summary>{title}</summary>{code}{steps}</details>'


def _head(block: Block) -> str:
    title = html.escape(block.options.get("title", ""))
    link = f"Link to this {block.kind}"
    label = f"{link}: {title}" if title else link
    return (
        f'<p class="mr-snippet__head"><span class="mr-snippet__title">{title}</span>'
        f'<a class="mr-snippet__link" href="#{block.id}" title="{link}" aria-label="{label}" data-search-exclude>'
        "#</a></p>"
    )


def _output(block: Block, result: Result) -> str:
    printed = result.shown
    if not printed:
        return ""
    kind = "Raises" if result.error else "Output"
    unique = block.options.get("unique")
    note = f'<p class="mr-snippet__unique">{html.escape(unique)}</p>' if unique else ""
    return (
        f'<pre class="mr-snippet__output no-copy" data-snippet-output aria-label="{kind}" tabindex="0">'
        f"<samp>{html.escape(printed.rstrip(chr(10)))}</samp></pre>{note}"
    )
