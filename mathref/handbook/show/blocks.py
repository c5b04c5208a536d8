"""How the kinds of executed blocks other than snippets look on a page."""

import hashlib
import html
import re

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.runner import Result
from mathref.handbook.show.claims import claim_html
from mathref.handbook.show.fences import Renderer, snippet_html
from mathref.handbook.show.formulas import Formulas


def renderers(formulas: Formulas) -> dict[str, Renderer]:
    """A renderer for each kind of block that a handbook adds to snippets."""

    def claim(block: Block, result: Result) -> str:
        return claim_html(block, result, formulas)

    return {"figure": figure_html, "claim": claim, "misconception": claim, "answer": answer_html}


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
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    touch = f' data-interactive="{html.escape(name)}"' if (name := block.options.get("interactive")) else ""
    return f'<figure class="mr-figure" id="{block.id}" tabindex="0"{touch}>{svg}{below}</figure>'


def answer_html(block: Block, result: Result) -> str:
    """An exercise's answer: code whose output must be what the page says."""
    expected, printed = block.options.get("is"), result.shown.strip()
    place = f"{block.page}:{block.line - 1}"
    if not expected:
        raise PageError(place, 'an answer needs is="what its code prints"')
    if printed != expected:
        raise PageError(
            f"{block.page}:{block.line - 1}", f"the answer should be {expected!r}, but its code prints {printed!r}"
        )
    return snippet_html(block, result)


def thumbnail(block: Block, result: Result) -> str:
    """A figure once more, small and without words, beside a link that says where it leads."""
    svg = _own_names(result.output, f"thumbnail {block.page} {block.id}")
    return svg.replace("<svg", '<svg class="mr-card__picture" aria-hidden="true"', 1).replace("\n", " ")


def _own_names(svg: str, whose: str) -> str:
    """A drawing whose inner names are its own: two drawings of a page may hold the same clip path."""
    prefix = f"f{hashlib.sha256(whose.encode()).hexdigest()[:5]}-"
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}", svg.strip())
