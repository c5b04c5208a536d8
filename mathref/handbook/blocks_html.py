"""How the kinds of executed blocks other than snippets look on a page."""

import html
import re

from mathref.handbook.page import Block, PageError
from mathref.handbook.runner import Result


def figure_html(block: Block, result: Result) -> str:
    """A figure: the SVG that its code printed, with its text alternative and caption."""
    alt, caption = block.options.get("alt"), block.options.get("caption", "")
    if not alt:
        raise PageError(f"{block.page}:{block.line - 1}", 'a figure needs alt="what it shows"')
    if not result.output.startswith("<svg"):
        raise PageError(f"{block.page}:{block.line}", "a figure's code should end with mathref.handbook.drawing.show")
    # Two figures of a page may hold the same clip path: each gets names of its own.
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{block.id}-", result.output.strip())
    label = f'role="img" aria-labelledby="{block.id}-alt"'
    svg = svg.replace("<svg", f'<svg class="mr-figure__svg" {label}', 1)
    svg = svg.replace(">", f'><title id="{block.id}-alt">{html.escape(alt)}</title>', 1)
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return f'<figure class="mr-figure" id="{block.id}">{svg}{below}</figure>'
