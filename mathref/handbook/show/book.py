"""The book: all pages and concepts, and what is generated from them; pages and files in, text out."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from mathref.handbook.publish import archive, records
from mathref.handbook.read import concepts, names
from mathref.handbook.read.bibliography import Bibliography
from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import Block, Page, PageError, Place
from mathref.handbook.run.runner import Runner, checked
from mathref.handbook.show import indexes, sections, ways
from mathref.handbook.show.formulas import Formulas
from mathref.handbook.take import epub, whole
from mathref.handbook.take.about import About

_MARK = re.compile(r"<!-- (\w+) -->")


class Book:
    """A handbook of a package, from its pages: `concepts/<slug>.md` each about a module, others about all of them."""

    def __init__(self, docs: Path, pages: Mapping[str, Page], parts: list[str], runner: Runner, formulas: Formulas):
        self.docs, self.pages, self.runner, self.formulas = docs, pages, runner, formulas
        library = runner.library.folder
        if library is None:
            raise ValueError("a handbook is of a package, but the library of its runner has none")
        self.concepts = concepts.load((page for name, page in pages.items() if is_concept(name)), library)
        self.parts = concepts.in_order(self.concepts, parts)
        self.in_order: list[Concept] = [concept for part in self.parts.values() for concept in part]
        self.ways = ways.load(docs / "paths.yml", self.concepts)
        self.bibliography = Bibliography(docs / "references.bib")
        formulas.foresee(page.text for page in pages.values())
        self.feet: dict[str, str] = {}
        names.check(self.concepts)
        runner.submit(block for concept in self.in_order for block in concept.shape_checks)

    def files(self) -> dict[str, str]:
        """The API pages and those of the paths, to be written beside the pages."""
        if not self.concepts:
            return {}
        used: dict[str, list[Block]] = {}
        for block in self.of_kind("snippet"):
            for function in records.functions(block.source, self.runner.library.package):
                used.setdefault(function, []).append(block)
        pages = {f"api/{concept.slug}.md": sections.api_page(concept, used) for concept in self.in_order}
        paths = {f"paths/{way.slug}.md": ways.filled("path.md.jinja", way=way, root="../../") for way in self.ways}
        return {**pages, **paths, "api/index.md": ways.filled("api.md.jinja", parts=self.parts, lower=sections.lower)}

    def navigation(self) -> list[Any]:
        """Titles of parts with their pages, in the order in which one reads them."""
        parts = [{part: [f"concepts/{c.slug}.md" for c in here]} for part, here in self.parts.items()]
        free: list[Any] = sorted(name for name in self.pages if "/" not in name and name != "index.md")
        free += [{"Paths": [f"paths/{way.slug}.md" for way in self.ways]}] if self.ways else []
        api = ["api/index.md", *(f"api/{c.slug}.md" for c in self.in_order)]
        return [{"Home": "index.md"}, *parts, *([{"Reference": free}] if free else []), {"API": api}]

    def about(self, name: str) -> dict[str, Any]:
        """What a concept's page says of itself to search engines and scripts."""
        concept = self.concepts[Path(name).stem]
        figures = {block.options["interactive"] for _, block in concept.fences if "interactive" in block.options}
        # The page that bears exactly the name that was typed comes first: fewer words in a title weigh more.
        boost = {"boost": 8 / len(concept.title.split())}
        return {
            "description": concept.summary,
            "search": boost,
            "card": concept.slug,
            "interactive": sorted(figures),
        }

    def completed(self, name: str, text: str, place: Place) -> str:
        """A page's text with what is generated around it; what is wrong with that is told to `place`."""
        place.symbols, place.letters, place.main = {}, {}, ""
        if not is_concept(name):
            return _MARK.sub(lambda mark: self._lists[mark[1]]() if mark[1] in self._lists else mark[0], text)
        concept = self.concepts[Path(name).stem]
        place.symbols, place.letters = sections.titles(concept), sections.titles_of_main(concept)
        place.main = next(iter(concept.formulas), "").strip()
        self.feet[concept.slug] = ""
        for block in concept.shape_checks:
            try:
                checked(block, self.runner.result(block))
            except PageError as error:
                place.fault(error)
        try:
            self.feet[concept.slug] = sections.foot(concept, self.concepts, self.ways, self.bibliography)
        except PageError as error:
            place.fault(error)
        title, _, rest = text.partition("\n")
        return f"{title}\n{sections.head(concept, self.concepts)}\n{rest}\n{self.feet[concept.slug]}"

    @property
    def versions(self) -> dict[str, str]:
        """What the snippets ran on."""
        return records.versions(self.runner.library.package)

    @cached_property
    def _lists(self) -> dict[str, Callable[[], str]]:
        """What stands for a mark such as <!-- names -->."""
        return {
            "concepts": lambda: ways.filled("map.md.jinja", parts=self.parts, concepts=self.concepts, root=""),
            "paths": lambda: ways.filled("paths.md.jinja", ways=self.ways),
            "formulas": lambda: ways.filled(
                "formulas.md.jinja", parts=self.parts, letters=ways.letters, functions=self._first_used
            ),
            "claims": lambda: indexes.claims_index(self.concepts, self.claims()),
            "mutations": lambda: ways.filled(
                "mutations.md.jinja", figures=self._json("mutations"), concepts=self.concepts
            ),
            "macros": lambda: ways.filled("macros.md.jinja", macros=macros(self.docs)),
            "schemas": lambda: ways.filled(
                "schemas.md.jinja", schemas={name: self._json(f"{name}.schema") for name in ("snippets", "claims")}
            ),
            "names": lambda: indexes.names_index(self.concepts),
            "symbols": lambda: indexes.symbols_index(self.parts),
            "version": lambda: self.versions[str(self.runner.library.package)],
            "errors": lambda: indexes.errors_index(self.snippets, self.concepts),
        }

    def _first_used(self, concept: Concept) -> list[str]:
        """The functions of a page's first snippet: those that compute what it is about."""
        first = next((block for _, block in concept.fences if block.kind == "snippet"), None)
        found = records.functions(first.source, self.runner.library.package) if first else []
        return [name for name in found if name.startswith(f"{concept.module}.")]

    def _json(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.docs / f"{name}.json").read_text(encoding="utf-8"))
        return found

    def of_kind(self, *kinds: str) -> list[Block]:
        """Blocks of these kinds on all pages: concepts in their order, then the other pages."""
        order = [concept.page for concept in self.in_order]
        pages = sorted(self.pages.values(), key=lambda p: order.index(p.path) if p.path in order else len(order))
        return [block for page in pages for _, block in page.blocks if block.kind in kinds]

    @cached_property
    def snippets(self) -> list[dict[str, Any]]:
        """All snippets with what they printed."""
        return [records.snippet(block, self.runner) for block in self.of_kind("snippet")]

    def claims(self) -> list[dict[str, Any]]:
        """All claims and misconceptions with what came of them."""
        blocks = self.of_kind("claim", "misconception")
        return [records.claim(block, self.runner) for block in blocks if not self.runner.result(block).error]

    def write_beside(self, site: Path, about: About) -> None:
        """Put into a folder of built pages their styles, their data and their other forms."""
        archive.write_formula_styles(site, self.formulas)
        archive.write_json(site / "snippets.json", self.snippets)
        archive.write_json(site / "claims.json", self.claims())
        results, kept = self.runner.result, self.runner.cache
        whole.write_pages(site, self.parts, results, self.formulas.macros, self.feet, kept)
        whole.write_lists(site, about, self.parts)

    def finish(self, site: Path, about: About, foreign: list[Path]) -> None:
        """Make a folder of built pages ready to be published; `foreign` are the scripts of its theme."""
        results, kept = self.runner.result, self.runner.cache
        archive.write_package(site, self.docs.parent)
        whole.write_cards(site, about, self.parts, results, self.formulas.macros, kept)
        book = epub.epub(about, self.parts, results, self.formulas, self.feet, kept)
        (site / f"{about.title}-handbook.epub").write_bytes(book)
        archive.finish(site, f"{self.runner.library.package}-handbook.zip", kept, foreign)
        lines = {concept.slug: (concept.title, concept.summary) for concept in self.in_order}
        lines["index"] = (about.title, about.description)
        archive.write_cards(site, lines, about.title, kept)


def is_concept(name: str) -> bool:
    """Whether a page is about one concept, from its path within the pages."""
    return name.startswith("concepts/") and name.endswith(".md")


def macros(docs: Path) -> dict[str, dict[str, str]]:
    """TeX macros with their meaning, from macros.yml beside the pages."""
    path = docs / "macros.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
