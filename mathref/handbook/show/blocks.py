"""How the kinds of executed blocks other than snippets look on a page."""

import hashlib
import html
import re

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.runner import Result
from mathref.handbook.show.fences import Renderer, code_html, snippet_html
from mathref.handbook.show.formulas import FormulaError, Formulas

_INLINE = re.compile(r"(\$[^$]+\$|`[^`]+`)")


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


def claim_html(block: Block, result: Result, formulas: Formulas) -> str:
    """A claim or misconception: the statement, what was checked or the counterexample, its code folded in."""
    place = f"{block.page}:{block.line - 1}"
    if not block.options.get("statement"):
        raise PageError(place, f'a {block.kind} needs statement="..."')
    if not ("cases" in result.said if block.kind == "claim" else "counterexample" in result.said):
        raise PageError(place, f"the code of a {block.kind} should use mathref.handbook.claims.{block.kind}")
    try:
        statement = inline_html(block.options["statement"], formulas)
    except FormulaError as error:
        raise PageError(place, f"the statement is not valid TeX: {error}") from None
    mark, verdict = ("Holds", checked_in_words(result.said)) if block.kind == "claim" else ("Fails", "")
    shown = verdict or f"for <code>{html.escape(result.said['counterexample'])}</code>"
    return (
        f'<div class="mr-claim mr-claim--{block.kind}" id="{block.id}"><p class="mr-claim__statement">{statement}</p>'
        f'<p class="mr-claim__verdict"><b>{mark}</b> {shown}</p>'
        f"<details><summary>The check, as it was run</summary>{code_html(block.source)}</details></div>"
    )


def checked_in_words(said: dict[str, object]) -> str:
    """How much a claim was tried."""
    sizes = f" with {said['sizes']}" if said["sizes"] else ""
    bound = f", sides equal to {said['bound']:g} of their scale" if said["bound"] else ""
    return f"in all {said['cases']} cases tried{sizes}{bound}"


def inline_html(text: str, formulas: Formulas) -> str:
    """Words with ``$formulas$`` and `code` in them, as HTML."""
    return "".join(_piece(piece, formulas) for piece in _INLINE.split(text))


def _piece(piece: str, formulas: Formulas) -> str:
    if piece.startswith("$") and len(piece) > 2:
        return formulas.render(piece[1:-1])
    if piece.startswith("`") and len(piece) > 2:
        return f"<code>{html.escape(piece[1:-1])}</code>"
    return html.escape(piece)
