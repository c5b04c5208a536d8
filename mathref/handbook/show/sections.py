"""What is generated around a page's own words: its head and foot, and the API pages."""

import html
import re

from mathref.handbook.read.bibliography import Bibliography
from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.names import LIBRARIES, library, official_page
from mathref.handbook.read.page import Block
from mathref.handbook.read.shapes import declared, stated
from mathref.handbook.show.ways import Way

_FIRST_NAMES = 6
_EXERCISES = re.compile(r'(?<=<h2 id="exercises">).*?(?=<h2|</article>)', re.DOTALL)
_EXERCISE = re.compile(r'(<h3 id=.*?)(<a class="headerlink".*?</a>)?(</h3>)(.*?)(?=<h3|$)', re.DOTALL)


def head(concept: Concept, concepts: dict[str, Concept]) -> str:
    """Below the title: the concept in one line, what it builds on, its other names, its code."""
    needs = ", ".join(f"[{concepts[need].title}]({need}.md)" for need in concept.meta.needs)
    rows = [("Builds on", needs), ("Also called", html.escape(", ".join(concept.meta.aliases[:_FIRST_NAMES])))]
    rows.append(("Code", f"[`{concept.module}`](../api/{concept.slug}.md)"))
    facts = [f'<div markdown="span" class="mr-fact"><b>{name}</b> {value}</div>' for name, value in rows if value]
    line = f'<p class="mr-oneline">{html.escape(concept.summary)}</p>'
    return "\n".join(["", line, "", '<div class="mr-facts" markdown>', *facts, "</div>", ""])


def foot(concept: Concept, concepts: dict[str, Concept], ways: list[Way], bibliography: Bibliography) -> str:
    """At the end: symbols, names in other libraries, neighbours, sources."""
    return "\n".join(
        [
            *(_symbols(concept), _names(concept), _elsewhere(concept)),
            *(_see_also(concept, concepts, ways), _references(concept, bibliography)),
        ]
    )


def _symbols(concept: Concept) -> str:
    rows = [f"| ${name}$ | {shape} | {meaning} |" for name, (shape, meaning) in declared(concept.meta.shapes).items()]
    if not rows:
        return ""
    products = [f"`{expression}` is {shape}" for expression, shape in stated(concept.meta.shapes).items()]
    checked = f"\nChecked with arrays of several sizes: {', '.join(products)}.\n" if products else ""
    return "\n## Symbols\n\n| Symbol | Shape | Meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + f"\n{checked}"


def _names(concept: Concept) -> str:
    """The names for which the head has no room."""
    more = ", ".join(html.escape(name) for name in concept.meta.aliases[_FIRST_NAMES:])
    return f'\n??? names "Also explained here"\n    {more}.\n' if more else ""


def exercises_folded(page: str) -> str:
    """A page whose exercises are folded in under their titles: one picks one, then reads its question."""
    folded = r'<details class="mr-exercise"><summary>\1\3</summary>\2\4</details>'
    return _EXERCISES.sub(lambda section: _EXERCISE.sub(folded, section[0]), page)


def titles(concept: Concept) -> dict[str, str]:
    """What to say on hover of each symbol."""
    return {name: f"{name}: {shape}, {meaning}" for name, (shape, meaning) in declared(concept.meta.shapes).items()}


def titles_of_main(concept: Concept) -> dict[str, str]:
    """The same in the main formula, for single letters that are said to mean something there."""
    said = {letter: meaning for key, meaning in concept.meta.letters.items() for letter in re.split(r",\s*", key)}
    return {
        letter: f"{letter}: {meaning}" for letter, meaning in said.items() if len(letter) == 1 and "$" not in meaning
    }


def _elsewhere(concept: Concept) -> str:
    equivalents = concept.meta.equivalents
    there = {library(name) for names in equivalents.values() for name in names}
    columns = [key for key in LIBRARIES if key in there]
    if not columns:
        return ""
    lines = ["| mathref | " + " | ".join(LIBRARIES[key] for key in columns) + " |", "| --- " * (len(columns) + 1) + "|"]
    for ours, theirs in equivalents.items():
        cells = [_cell(key, [_outward(name, concept) for name in theirs if library(name) == key]) for key in columns]
        lines.append(f"| [`{ours}`](../api/{concept.slug}.md#{concept.module}.{ours}) | {' | '.join(cells)} |")
    return "\n## In other libraries\n\n" + "\n".join([*lines, *_differences(concept)]) + "\n"


def _differences(concept: Concept) -> list[str]:
    """How the names with a star differ; what is said of the others is tried in tests/frameworks."""
    tried = "\nEach gives what ours gives, but for free signs and orders, tried with 20 inputs or more in float64."
    notes = [
        f"- {', '.join(f'[`{name}`]({official_page(name)})' for name in names)}: {how}"
        for how, names in concept.meta.not_quite.items()
    ]
    return [f"{tried} Not quite the same are those with \\*:\n", *notes] if notes else [tried]


def _cell(key: str, names: list[str]) -> str:
    """Names in one library, after its own name where the table has no columns."""
    column = f'<span class="mr-column">{LIBRARIES[key]}</span> '
    return column + ", ".join(names) if names else ""


def _outward(name: str, concept: Concept) -> str:
    """A link that shows the name without its package, which the column says; a star if it is not quite the same."""
    short = name if library(name) == "python" else name.partition(".")[2]
    star = r"\*" if any(name in names for names in concept.meta.not_quite.values()) else ""
    return f"[`{short}`]({official_page(name)}){star}"


def _see_also(concept: Concept, concepts: dict[str, Concept], ways: list[Way]) -> str:
    builds = [concepts[need] for need in concept.meta.needs]
    leads = sorted((c for c in concepts.values() if concept.slug in c.meta.needs), key=lambda c: c.title)
    lines = [f"- builds on [{c.title}]({c.slug}.md): {lower(c.summary)}" for c in builds]
    lines += [f"- leads to [{c.title}]({c.slug}.md): {lower(c.summary)}" for c in leads]
    lines += [_on_the_way(concept, way) for way in ways if concept in way.steps]
    lines.append(f"- functions, signatures and errors: [`{concept.module}`](../api/{concept.slug}.md)")
    return "\n## See also\n\n" + "\n".join(lines) + "\n"


def _on_the_way(concept: Concept, way: Way) -> str:
    following = way.after(concept)
    further = f"; read next: [{following.title}]({following.slug}.md)" if following else ", its last page"
    return f"- on the path [{way.title}](../paths/{way.slug}.md){further}"


def _references(concept: Concept, bibliography: Bibliography) -> str:
    entries = bibliography.html(concept.meta.references, concept.page)
    listed = "\n".join(f"    {n}. {entry}" for n, entry in enumerate(entries, 1))
    sources = "1 source" if len(entries) == 1 else f"{len(entries)} sources"
    return f'\n## References\n\n??? sources "{sources}"\n{listed}\n'


def lower(summary: str) -> str:
    """A summary within a sentence."""
    return summary if summary[1:2].isupper() else summary[0].lower() + summary[1:]


def api_page(concept: Concept, used_in: dict[str, list[Block]]) -> str:
    """Markdown of a module's API page; mkdocstrings fills it from the docstrings, the snippets follow."""
    return (
        f"# `{concept.module}` {{ data-toc-label='{concept.module}' }}\n\n"
        f"Explained, with pictures and examples, on the page [{concept.title}](../concepts/{concept.slug}.md).\n\n"
        f"::: {concept.module}\n{_used_in(concept, used_in)}"
    )


def _used_in(concept: Concept, used_in: dict[str, list[Block]]) -> str:
    found = {name: used_in.get(f"{concept.module}.{name}", []) for name in concept.functions}
    lines = [f"- `{name}`: {', '.join(map(_link_from_api, blocks))}" for name, blocks in found.items() if blocks]
    return "\n## Used in\n\n" + "\n".join(lines) + "\n" if lines else ""


def _link_from_api(block: Block) -> str:
    return f"[{block.options.get('title') or block.id}](../{block.page.partition('/')[2]}#{block.id})"
