"""How executed blocks look on a page: snippets, workings, figures, answers."""

import hashlib
import html
import re
from functools import cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.record import needs
from mathref.handbook.run.runner import Result

# Names, operators, punctuation and spaces have the colour of what is around them: thousands of elements fewer.
_PLAIN = re.compile(r'<span class="[nopw]">([^<]*)</span>')
# Sections that one looks over for the case at hand: what is said there stands open, how it was tried is folded in.
_FOLDED = ("What goes wrong", "In PyTorch and JAX")
_LEXER, _FORMATTER = PythonLexer(), HtmlFormatter(nowrap=True)  # made once: a formatter writes a style sheet first


@cache
def _highlighted(source: str) -> str:
    return _PLAIN.sub(r"\1", highlight(source, _LEXER, _FORMATTER)).rstrip("\n")


def code_html(source: str, attributes: str = "") -> str:
    """Highlighted Python, with the theme's copy button; its text is exactly the source."""
    return f'<div class="highlight"><pre><code {attributes}>{_highlighted(source)}</code></pre></div>'


def snippet_html(block: Block, result: Result) -> str:
    """A snippet: its title and link, its source, and what it printed or the error that it shows on purpose."""
    error = f' data-snippet-error="{html.escape(block.options["error"])}"' if result.error else ""
    code = f"{code_html(block.source, 'data-snippet-source')}{_output(block, result)}"
    folded = block.section in _FOLDED
    outer, inner = ("details", "summary") if folded else ("div", "p")
    title, link = _title(block, result, [block.options["error"]] if folded and result.error else []), _link(block)
    head = f'<{inner} class="mr-snippet__head">{title}{"" if folded else link}</{inner}>'
    return (
        f'<{outer} class="mr-snippet" id="{block.id}" data-{block.kind}="{block.id}"{error}>'
        f"{head}{link if folded else ''}{code}</{outer}>"
    )


def working_html(block: Block, steps: str) -> str:
    """A calculation by hand, folded in: the code that asks for it, and its steps as mathematics."""
    if not steps:
        raise PageError(f"{block.page}:{block.line}", "a working should print what a function such as lu_steps returns")
    title = html.escape(block.options.get("title", "Step by step"))
    code = code_html(block.source, "data-snippet-source")
    return f'<details class="mr-working" id="{block.id}"><summary>{title}</summary>{code}{steps}</details>'


def _title(block: Block, result: Result, more: list[str]) -> str:
    """The title, and at the right what it ran on."""
    title = html.escape(block.options.get("title", ""))
    ran_on = [f"{name} {result.versions.get(name, '')}".strip() for name in needs(block)]
    right = html.escape(", ".join(more + ran_on))
    return f'<span class="mr-snippet__title">{title}</span>' + (
        f'<span class="mr-snippet__with" data-search-exclude>{right}</span>' if right else ""
    )


def _link(block: Block) -> str:
    title = html.escape(block.options.get("title", ""))
    link = f"Link to this {block.kind}"
    label = f"{link}: {title}" if title else link
    return (
        f'<a class="mr-snippet__link" href="#{block.id}" title="{link}" aria-label="{label}" data-search-exclude>#</a>'
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


def figure_html(block: Block, result: Result) -> str:
    """A figure: the SVG that its code printed, with its text alternative and caption."""
    alt, caption = block.options.get("alt"), block.options.get("caption", "")
    if not alt:
        raise PageError(f"{block.page}:{block.line - 1}", 'a figure needs alt="what it shows"')
    if not result.output.startswith("<svg"):
        raise PageError(f"{block.page}:{block.line}", "a figure's code should end with mathref.handbook.drawing.show")
    svg = _own_names(result.output, block.id)
    label = f'role="img" aria-labelledby="{block.id}-alt"'
    svg = svg.replace("<svg", f'<svg class="mr-figure__svg" {label}', 1)
    svg = svg.replace(">", f'><title id="{block.id}-alt">{html.escape(alt)}</title>', 1)
    forms = {".svg": "SVG", ".png": "PNG", "-dark.png": "dark PNG"}
    links = ", ".join(f'<a href="{block.id}{end}" download>{form}</a>' for end, form in forms.items())
    below = f'<figcaption>{html.escape(caption)} <span class="mr-figure__files" data-search-exclude>{links}</span>'
    below += "</figcaption>"
    touch = f' data-interactive="{html.escape(name)}"' if (name := block.options.get("interactive")) else ""
    return f'<figure class="mr-figure" id="{block.id}" tabindex="0"{touch}>{svg}{below}</figure>'


def answer_html(block: Block, result: Result) -> str:
    """An exercise's answer: code whose output must be what the page says."""
    expected, printed = block.options.get("is"), result.shown.strip()
    place = f"{block.page}:{block.line - 1}"
    if not expected:
        raise PageError(place, 'an answer needs is="what its code prints"')
    if printed != expected:
        raise PageError(place, f"the answer should be {expected!r}, but its code prints {printed!r}")
    return snippet_html(block, result)


def _own_names(svg: str, whose: str) -> str:
    """A drawing whose inner names are its own: two drawings of a page may hold the same clip path."""
    prefix = f"f{hashlib.sha256(whose.encode()).hexdigest()[:5]}-"
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}", svg.strip())
