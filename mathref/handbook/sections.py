"""What is generated around a page's own words: its head and foot, the API pages, the list of concepts."""

import html
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from mathref.handbook.bibliography import Bibliography
from mathref.handbook.concepts import Concept
from mathref.handbook.shapes import declared, stated

_LIBRARIES = {"numpy": "NumPy", "scipy": "SciPy", "torch": "PyTorch", "jax": "JAX", "python": "Python"}


def head(concept: Concept, concepts: dict[str, Concept]) -> str:
    """Below the title: the concept in one line, what it builds on, its other names, its code."""
    needs = ", ".join(f"[{concepts[need].title}]({need}.md)" for need in concept.meta.needs)
    rows = [("Builds on", needs), ("Also called", html.escape(", ".join(concept.meta.aliases)))]
    rows.append(("Code", f"[`{concept.module}`](../api/{concept.slug}.md)"))
    facts = [f'<div markdown="span" class="mr-fact"><b>{name}</b> {value}</div>' for name, value in rows if value]
    line = f'<p class="mr-oneline">{html.escape(concept.summary)}</p>'
    return "\n".join(["", line, "", '<div class="mr-facts" markdown>', *facts, "</div>", ""])


def foot(concept: Concept, concepts: dict[str, Concept], bibliography: Bibliography) -> str:
    """At the end: names in other libraries, neighbours, sources."""
    return "\n".join(
        [_symbols(concept), _elsewhere(concept), _see_also(concept, concepts), _references(concept, bibliography)]
    )


def _symbols(concept: Concept) -> str:
    rows = [f"| ${name}$ | {shape} | {meaning} |" for name, (shape, meaning) in declared(concept.meta.shapes).items()]
    if not rows:
        return ""
    products = [f"`{expression}` is {shape}" for expression, shape in stated(concept.meta.shapes).items()]
    checked = f"\nChecked with arrays of several sizes: {', '.join(products)}.\n" if products else ""
    return "\n## Symbols\n\n| Symbol | Shape | Meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + f"\n{checked}"


def titles(concept: Concept) -> dict[str, str]:
    """What to say on hover of each symbol."""
    return {name: f"{name}: {shape}, {meaning}" for name, (shape, meaning) in declared(concept.meta.shapes).items()}


def _elsewhere(concept: Concept) -> str:
    rows = [(_LIBRARIES.get(library, library), names) for library, names in concept.meta.equivalents.items() if names]
    if not rows:
        return ""
    lines = [f"| {library} | {', '.join(f'`{name}`' for name in names)} |" for library, names in rows]
    return "\n## In other libraries\n\n| Library | Names |\n| --- | --- |\n" + "\n".join(lines) + "\n"


def _see_also(concept: Concept, concepts: dict[str, Concept]) -> str:
    builds = [concepts[need] for need in concept.meta.needs]
    leads = sorted((c for c in concepts.values() if concept.slug in c.meta.needs), key=lambda c: c.title)
    lines = [f"- builds on [{c.title}]({c.slug}.md): {_lower(c.summary)}" for c in builds]
    lines += [f"- leads to [{c.title}]({c.slug}.md): {_lower(c.summary)}" for c in leads]
    lines.append(f"- functions, signatures and errors: [`{concept.module}`](../api/{concept.slug}.md)")
    return "\n## See also\n\n" + "\n".join(lines) + "\n"


def _references(concept: Concept, bibliography: Bibliography) -> str:
    entries = bibliography.html(concept.meta.references, concept.page)
    return "\n## References\n\n" + "\n".join(f"{n}. {entry}" for n, entry in enumerate(entries, 1)) + "\n"


def _lower(summary: str) -> str:
    return summary if summary[1:2].isupper() else summary[0].lower() + summary[1:]


def api_page(concept: Concept) -> str:
    """Markdown of a module's API page; mkdocstrings fills it from the docstrings."""
    return (
        f"# `{concept.module}` {{ data-toc-label='{concept.module}' }}\n\n"
        f"Explained, with pictures and examples, on the page [{concept.title}](../concepts/{concept.slug}.md).\n\n"
        f"::: {concept.module}\n"
    )


def api_index(parts: dict[str, list[Concept]]) -> str:
    """Markdown of the list of modules."""
    lines = ["# API", "", "One module a concept. Import a function from its module, for example"]
    lines += ["`from mathref.determinant import det`.", ""]
    for part, concepts in parts.items():
        lines += [f"## {part}", "", *(f"- [`{c.module}`]({c.slug}.md): {_lower(c.summary)}" for c in concepts), ""]
    return "\n".join(lines)


def concept_map(parts: dict[str, list[Concept]], concepts: dict[str, Concept], thumbnails: dict[str, str]) -> str:
    """HTML of the home page's list of concepts, by part."""
    return "\n".join(_part(name, members, concepts, thumbnails) for name, members in parts.items())


def _part(name: str, members: Iterable[Concept], concepts: dict[str, Concept], thumbnails: dict[str, str]) -> str:
    cards = "\n".join(_card(concept, concepts, thumbnails.get(concept.slug, "")) for concept in members)
    return f'\n## {name}\n\n<ul class="mr-map">\n{cards}\n</ul>\n'


def _card(concept: Concept, concepts: dict[str, Concept], thumbnail: str) -> str:
    needs = ", ".join(concepts[need].title for need in concept.meta.needs)
    after = f'<span class="mr-card__needs">after {html.escape(needs)}</span>' if needs else ""
    return (
        f'<li class="mr-card">{thumbnail}<a href="concepts/{concept.slug}/">{html.escape(concept.title)}</a>'
        f'<span class="mr-card__line">{html.escape(concept.summary)}</span>{after}</li>'
    )


def claims_index(concepts: dict[str, Concept], claims: list[dict[str, Any]]) -> str:
    """Markdown of all claims and misconceptions, by concept, each a link to where it was checked."""
    lines = []
    for slug, group in groupby(claims, key=lambda claim: str(claim["concept"])):
        heading = concepts[slug].title if slug in concepts else slug.replace("-", " ").capitalize()
        lines += [f"## {heading}", "", *(_claim_line(claim) for claim in group), ""]
    return "\n".join(lines)


def _claim_line(claim: dict[str, Any]) -> str:
    link = str(claim["address"]).replace("/#", ".md#")
    if claim["kind"] == "claim":
        sizes = f", {claim['sizes']}" if claim["sizes"] else ""
        return f"- [Holds]({link}) ({claim['cases']} cases{sizes}): {claim['statement']}"
    return f"- [Fails]({link}): {claim['statement']}"


def mutations_table(figures: dict[str, dict[str, Any]], concepts: dict[str, Concept]) -> str:
    """Markdown of how many deliberate faults in each module its page catches, with the survivors folded in."""
    lines = ["| Concept | Faults | Change a result | Caught | |", "| --- | --: | --: | --: | --: |"]
    survivors: list[str] = []
    for name, entry in figures.items():
        title = concepts[name.replace("_", "-")].title
        counts = [entry["mutants"], entry["changing"], entry["caught"]]
        percent = f"{100 * entry['caught'] / entry['changing']:.0f} %"
        lines.append(f"| {title} | {' | '.join(map(str, counts))} | {percent} |")
        survivors += [_survivor(each) for each in entry["survivors"]]
    if survivors:
        lines += ["", '??? note "Faults that no page catches"', "", *(f"    {line}" for line in survivors)]
    return "\n".join(lines)


def _survivor(survivor: dict[str, Any]) -> str:
    change = f"`{survivor['before']}` became `{survivor['after']}`"
    return f"- {survivor['file']}, line {survivor['line']}: {change}. {survivor['reason']}"


def macros_table(macros: dict[str, dict[str, str]]) -> str:
    """Markdown of the handbook's notation."""
    rows = [f"| `{name}` | {entry['meaning']} |" for name, entry in macros.items()]
    return "| In TeX | Meaning |\n| --- | --- |\n" + "\n".join(rows)
