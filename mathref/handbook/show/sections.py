"""What is generated around a page's own words: its head and foot, and the API pages."""

import html
import re

from mathref.handbook.read.bibliography import Bibliography
from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.names import LIBRARIES, library, official_page
from mathref.handbook.read.page import Block
from mathref.handbook.read.shapes import declared, stated
from mathref.handbook.show.ways import Way, filled

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
    meta = concept.meta
    there = {library(name) for names in meta.equivalents.values() for name in names}
    return filled(
        "foot.md.jinja",
        concept=concept,
        symbols=declared(meta.shapes),
        products=stated(meta.shapes),
        more_names=[html.escape(name) for name in meta.aliases[_FIRST_NAMES:]],  # for which the head has no room
        columns={key: title for key, title in LIBRARIES.items() if key in there},
        library=library,
        official_page=official_page,
        starred={name for names in meta.not_quite.values() for name in names},
        builds_on=[concepts[need] for need in meta.needs],
        leads_to=sorted((c for c in concepts.values() if concept.slug in c.meta.needs), key=lambda c: c.title),
        ways=[way for way in ways if concept in way.steps],
        lower=lower,
        sources=bibliography.html(meta.references, concept.page),
    )


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


def lower(summary: str) -> str:
    """A summary within a sentence."""
    return summary if summary[1:2].isupper() else summary[0].lower() + summary[1:]


def api_page(concept: Concept, used_in: dict[str, list[Block]]) -> str:
    """Markdown of a module's API page; mkdocstrings fills it from the docstrings, the snippets follow."""
    used = {name: used_in.get(f"{concept.module}.{name}", []) for name in concept.functions}
    used = {name: blocks for name, blocks in used.items() if blocks}
    return filled("module.md.jinja", concept=concept, used=used)
