"""Ways through the handbook: paths to destinations, and what templates show of them and of all concepts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown.extensions.toc import slugify

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import PageError
from mathref.handbook.read.shapes import declared

_TEMPLATES = Environment(
    loader=FileSystemLoader([Path(__file__).parents[1] / "templates" / kind for kind in ("", "concept", "indexes")]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Way:
    """A path: all that its destinations need, each after what it needs itself."""

    title: str
    why: str
    steps: list[Concept]

    @property
    def slug(self) -> str:
        """Its page's file name without the ending."""
        return slugify(self.title, "-")

    @cached_property
    def minutes(self) -> int:
        """What reading all of it takes."""
        return sum(step.minutes for step in self.steps)

    def after(self, concept: Concept) -> Concept | None:
        """What one reads next."""
        return next(iter(self.steps[self.steps.index(concept) + 1 :]), None)


def load(file: Path, concepts: dict[str, Concept]) -> list[Way]:
    """The paths that a file names."""
    named = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else []
    for path in named:
        for slug in path["to"]:
            if slug not in concepts:
                place = f"{file.parent.name}/{file.name}:1"
                raise PageError(place, f"the path {path['title']!r} leads to {slug!r}, which has no page")
    return [Way(path["title"], path["why"], _steps(path["to"], concepts, {})) for path in named]


def _steps(to: Iterable[str], concepts: dict[str, Concept], found: dict[str, Concept]) -> list[Concept]:
    for slug in to:
        if slug not in found:
            _steps(concepts[slug].meta.needs, concepts, found)
            found[slug] = concepts[slug]
    return list(found.values())


def letters(concept: Concept) -> dict[str, Any]:
    """What the letters of the main formula are: as the page says, else those among its declared symbols."""
    found = set(re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", concept.formulas[0]))
    symbols = {name: facts for name, facts in declared(concept.meta.shapes).items() if name in found}
    return concept.meta.letters or {name: f"{meaning} ({shape})" for name, (shape, meaning) in symbols.items()}


def filled(template: str, **facts: Any) -> str:
    """Markdown from a template."""
    return _TEMPLATES.get_template(template).render(facts)
