"""What is generated on pages that belong to no concept: lists and indexes of all concepts, names, claims and errors."""

import re
from itertools import groupby
from typing import Any

from mathref.handbook.read.concepts import Concept
from mathref.handbook.show.passages import Passage, naming, passage
from mathref.handbook.show.ways import filled

# On a phone a table with this in its head has its cells one below the other.
_STACKED = '<span class="mr-column"></span>'
# Where a script puts a field that filters the list below it.
_FILTER = '<div class="mr-filter"></div>'


def as_typed(text: str) -> str:
    """HTML of a text in which Markdown finds nothing to format."""
    return re.sub(r"[^\w\s]|_", lambda sign: f"&#{ord(sign[0])};", text)


def claims_index(concepts: dict[str, Concept], claims: list[dict[str, Any]]) -> str:
    """Markdown of all claims and misconceptions, by concept, each a link to where it was checked."""
    of_all = sharpness_of_all([claim for claim in claims if claim["kind"] == "claim"])
    by_concept = {slug: list(group) for slug, group in groupby(claims, key=lambda claim: str(claim["concept"]))}
    return filled("claims.md.jinja", of_all=of_all, filter=_FILTER, concepts=concepts, by_concept=by_concept)


def sharpness_of_all(claims: list[dict[str, Any]]) -> str:
    """How sharply the claims as a whole were tried, in words."""
    equalities = [claim for claim in claims if claim["form"] == "equality"]
    sharp = sum(min(claim["noticed"], claim["noticed_entry"]) >= 0.95 * claim["telling"] for claim in equalities)
    bounds = [claim for claim in claims if claim["form"] == "inequality"]
    reached = sum(claim["nearest"] == "reached" for claim in bounds)
    close = sum(claim["nearest"].startswith(("reached", "nearest: 0.99")) for claim in bounds)
    misses = sum(len(claim["near_misses"]) for claim in claims)
    return (
        f"Of {len(claims)} claims {len(equalities)} are equalities; {sharp} of them notice a side that is 0.1 % off in "
        f"at least 95 of 100 cases. {len(bounds)} are inequalities; {close} of them come within 1 % of their bound, "
        f"{reached} of these reach it. {misses} near misses were tried, and each of them fails."
    )


def names_index(concepts: dict[str, Concept]) -> str:
    """Markdown of all names from A to Z, each with the passages that explain it."""
    pages: dict[str, list[str]] = {}
    for concept in sorted(concepts.values(), key=lambda c: c.title):
        pages.setdefault(concept.title, []).append(f"**{_link(concept, None)}**")
        for name in {*concept.meta.aliases} - {concept.title}:
            pages.setdefault(name, []).append(_link(concept, naming(concept, name)))
    lines = [_FILTER, ""]
    for letter, group in groupby(sorted(pages, key=str.casefold), key=lambda name: name[0].upper()):
        lines += [f"## {letter}", "", *(_name_line(name, pages[name]) for name in group), ""]
    return "\n".join(lines)


def _link(concept: Concept, found: Passage | None) -> str:
    anchor = f"#{found.anchor}" if found and found.anchor else ""
    return f"[{concept.title}](concepts/{concept.slug}.md{anchor})"


def _name_line(name: str, links: list[str]) -> str:
    return f"- {links[0]}" if links[0].startswith("**") else f"- {as_typed(name)}: {', '.join(links)}"


def symbols_index(parts: dict[str, list[Concept]]) -> str:
    """Markdown of all symbols by part: the sentence that explains each, and what one types to find it."""
    lines = []
    for part, members in parts.items():
        rows = [(tex, typed, concept) for concept in members for tex, typed in concept.meta.symbols.items()]
        if rows:
            lines += [f"## {part}", "", f"| Symbol{_STACKED} | What it says, and how it is typed |", "| --- | --- |"]
            lines += [_symbol_row(tex, typed, concept) for tex, typed, concept in rows] + [""]
    return "\n".join(lines)


def _symbol_row(tex: str, typed: list[str], concept: Concept) -> str:
    forms = ", ".join(f"<code>{as_typed(form)}</code>" for form in typed)
    found = passage(concept, tex, typed)
    meaning = (found.sentence(tex) if found else "") or concept.summary
    link = _link(concept, found)
    cells = [re.sub(r"\\\|", r"\\Vert ", text).replace("|", r"\vert ") for text in (f"${tex}$", meaning)]
    return f"| {cells[0]} | {cells[1]} {link}<br>{forms} |"  # a bare | would have ended a cell


def errors_index(snippets: list[dict[str, Any]], concepts: dict[str, Concept]) -> str:
    """Markdown of the error messages that the snippets raise on purpose, with cause and cure."""
    raised = [(_message(snippet), snippet) for snippet in snippets if snippet["cause"]]
    raised.sort(key=lambda pair: pair[0].casefold())
    return filled("errors.md.jinja", raised=raised, as_typed=as_typed, concepts=concepts)


def _message(snippet: dict[str, Any]) -> str:
    return str(snippet["message"] or snippet["warnings"][0])
