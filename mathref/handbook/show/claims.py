"""How a claim looks on its page: the statement, why it holds, how sharply it was tried; or what refutes it."""

import html
import re
from typing import Any

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.runner import Result
from mathref.handbook.show.blocks import code_html
from mathref.handbook.show.formulas import FormulaError, Formulas, whole

_INLINE = re.compile(r"(\(?\$[^$]+\$[,.;:)]?|`[^`]+`)")
_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "lambda", "mu", "rho", "sigma", "tau", "omega")


def claim_html(block: Block, result: Result, formulas: Formulas) -> str:
    """A claim or misconception: the statement, what was checked or the counterexample, its code folded in."""
    place = f"{block.page}:{block.line - 1}"
    if not block.options.get("statement"):
        raise PageError(place, f'a {block.kind} needs statement="..."')
    if not ("cases" in result.said if block.kind == "claim" else "counterexample" in result.said):
        raise PageError(place, f"the code of a {block.kind} should use mathref.handbook.claims.{block.kind}")
    try:
        statement = inline_html(block.options["statement"], formulas)
        why, seen, terms = (_holds if block.kind == "claim" else _fails)(block, result.said, formulas)
    except FormulaError as error:
        raise PageError(place, f"the claim holds a formula that is not valid TeX: {error}") from None
    check = f'<summary title="The check, as it was run">check</summary>{terms}{code_html(block.source)}'
    return (
        f'<div class="mr-claim mr-claim--{block.kind}" id="{block.id}"><p class="mr-claim__statement">{statement}</p>'
        f'{why}<p class="mr-claim__verdict">{seen}</p><details>{check}</details></div>'
    )


def _holds(block: Block, said: dict[str, Any], formulas: Formulas) -> tuple[str, str, str]:
    """Why a claim holds and how sharply it was tried, and on which terms, which is folded in with the check."""
    refuse_blunt(block, said)
    because = block.options.get("because")
    why = f'<p class="mr-claim__why">{inline_html(because, formulas)}</p>' if because else ""
    of = inline_html(block.options.get("of", "the larger side"), formulas)
    meaning = f'<a href="{"../" * (block.page.count("/"))}claims/#what-holds-means">Holds</a>'
    verdict = html.escape(" ".join([f"in all {said['cases']} cases.", *sharpness(said)]))
    sizes = f"with {said['sizes']}" if said["sizes"] else f"in {said['cases']} cases"
    idle = f"; {said['idle']} cases say nothing" if said["idle"] else ""
    bound = f". Both sides are equal to {said['bound']:g} of {of}" if said["bound"] else ""
    return (
        why,
        f"<b>{meaning}</b> {verdict}",
        f'<p class="mr-claim__terms">Tried {sizes}{idle}{bound}.</p>',
    )


def refuse_blunt(block: Block, said: dict[str, Any]) -> None:
    """A truth value and a side that is 0 say nothing of what would be noticed: their claims need a near miss."""
    if (said["kind"] == "truth" or said.get("vanishing")) and not said.get("near_misses"):
        what = "a truth value" if said["kind"] == "truth" else "a side that is always 0"
        raise PageError(f"{block.page}:{block.line}", f"a claim of {what} needs a near miss: @NAME.near_miss(...)")


def sharpness(said: dict[str, Any]) -> list[str]:
    """What the check would have noticed, in sentences."""
    sentences = []
    if said["kind"] == "equality":
        amount = "of the scale " if said["vanishing"] else ""
        side, entry, telling = said["noticed"], said["noticed_entry"], said["telling"]
        off = f"0.1\u00a0% {amount}off is noticed in {side} of {telling}"
        sentences.append(f"A side or one entry {off}." if side == entry else f"A side {off}, one entry off in {entry}.")
    if "nearest" in said:
        reason = f" ({said['loose']})" if said["loose"] else ""
        sentences.append(f"{said['nearest'].capitalize()}{reason}.")
    for miss in said.get("near_misses", []):
        sentences.append(f"Near miss: {miss['words']}: fails in {miss['failed']} of {miss['cases']}.")
    return sentences


def _fails(block: Block, said: dict[str, Any], formulas: Formulas) -> tuple[str, str, str]:
    return "", f"<b>Fails</b> for {inline_html(refuted(block, said) + '.', formulas)}", ""


def refuted(block: Block, said: dict[str, Any]) -> str:
    """The counterexample of a misconception, and the sides there: words with formulas in them."""
    shown = ", ".join(f"${_letter(name)} = {_tex(value)}$" for name, value in said["example"].items())
    if said["sides"]:
        names = [name.strip() for name in block.options.get("sides", "").split(";")]
        sides = [_tex(side) for side in said["sides"]]
        if len(names) == 2:
            telling = [(name, side) for name, side in zip(names, sides, strict=True) if name != side]  # not 0 = 0
            shown += ": " + ", but ".join(f"${name} = {side}$" for name, side in telling)
        else:
            shown += f": the left side is ${sides[0]}$, the right side ${sides[1]}$"
    return shown


def _letter(name: str) -> str:
    if name in _GREEK:
        return f"\\{name}"
    letter, _, index = name.partition("_")
    if len(letter) > 1 and not letter[1:].isdigit():
        return f"\\text{{{name.replace('_', ' ')}}}"
    below = index or letter[1:]
    return f"{letter[0]}_{{{below}}}" if below else letter


def _tex(value: Any) -> str:
    """A number, vector or matrix of numbers written as text; deeper arrays as lists."""
    if isinstance(value, str):
        return _tex_number(value)
    if value and isinstance(value[0], list) and not any(isinstance(entry, list) for row in value for entry in row):
        rows = r" \\ ".join(" & ".join(map(_tex_number, row)) for row in value)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    entries = ", ".join(map(_tex, value))
    return f"[{entries}]" if value and isinstance(value[0], list) else f"({entries})"


def _tex_number(text: str) -> str:
    text = text.replace("j", "i").replace("inf", r"\infty ").replace("nan", r"\text{NaN}")
    return re.sub(
        r"(\d[\d.]*)e([+-]\d+)",
        lambda m: ("" if m[1] == "1" else rf"{m[1]} \cdot ") + f"10^{{{int(m[2])}}}",
        text,
    )


def inline_html(text: str, formulas: Formulas) -> str:
    """Words with ``$formulas$`` and `code` in them, as HTML."""
    return "".join(_piece(piece, formulas) for piece in _INLINE.split(text))


def _piece(piece: str, formulas: Formulas) -> str:
    if piece.count("$") == 2:
        before, formula, after = piece.split("$")
        return whole(before, formulas.render(formula), after)
    if piece.startswith("`") and len(piece) > 2:
        return f"<code>{html.escape(piece[1:-1])}</code>"
    return html.escape(piece)
