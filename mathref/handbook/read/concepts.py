"""The concepts of the handbook, read from their pages and modules, in the order in which they build on each other."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mathref.handbook.read import shapes
from mathref.handbook.read.fences import Fence
from mathref.handbook.read.front_matter import FrontMatter, front_matter
from mathref.handbook.read.page import Block, Page, PageError


@dataclass(eq=False)
class Concept:
    """One concept: its page and its module; one is equal to itself alone."""

    slug: str
    source: Page
    module: str
    module_file: Path

    @property
    def page(self) -> str:
        """The page's path."""
        return self.source.path

    @cached_property
    def meta(self) -> FrontMatter:
        """The page's front matter."""
        return front_matter(self.source.meta, self.page)

    @property
    def title(self) -> str:
        """The page's heading."""
        return self.source.title

    @cached_property
    def _tree(self) -> ast.Module:
        if not self.module_file.is_file():
            raise PageError(f"{self.page}:1", f"its module {self.module} should be the file {self.module_file}")
        return ast.parse(self.module_file.read_text())

    @cached_property
    def functions(self) -> list[str]:
        """Names of the module's public functions, in their order."""
        public = [node for node in self._tree.body if isinstance(node, ast.FunctionDef)]
        return [node.name for node in public if not node.name.startswith("_")]

    @cached_property
    def summary(self) -> str:
        """The first line of the module's docstring, without the concept's name."""
        docstring = ast.get_docstring(self._tree) or ""
        _, colon, line = docstring.split("\n")[0].partition(": ")
        if not colon:
            raise PageError(f"{self.module_file}:1", "the docstring's first line should be `Name: what it is.`")
        return line[0].upper() + line[1:]

    @property
    def body(self) -> str:
        """The page without its front matter."""
        return self.source.body

    @cached_property
    def formulas(self) -> list[str]:
        """The formulas that stand by themselves, the main one first."""
        return [tex.strip() for tex in "\n".join(self.source.prose).split("$$")[1::2]]

    @cached_property
    def minutes(self) -> int:
        """What reading takes: a minute for 200 words, and a quarter for each formula that stands by itself."""
        return round(len(" ".join(self.source.prose).split()) / 200 + len(self.formulas) / 4)

    @property
    def picture(self) -> str:
        """The address of its first figure as a file."""
        return next((f"concepts/{self.slug}/{b.id}.svg" for _, b in self.fences if b.kind == "figure"), "")

    @property
    def fences(self) -> list[tuple[Fence, Block]]:
        """The blocks that the page executes, each with its place in the body."""
        return self.source.blocks

    @cached_property
    def shape_checks(self) -> list[Block]:
        """A block for each product whose shape the front matter states."""
        return shapes.check(self.meta.shapes, self.page, self.source.text)


def load(pages: Iterable[Page], library: Path) -> dict[str, Concept]:
    """Concepts by slug, from the pages `concepts/<slug>.md`; every name in `needs` is known."""
    found = {}
    for page in pages:
        slug = Path(page.path).stem
        name = slug.replace("-", "_")
        found[slug] = Concept(slug, page, f"{library.name}.{name}", library / f"{name}.py")
    for concept in found.values():
        for need in concept.meta.needs:
            if need not in found:
                raise PageError(f"{concept.page}:1", f"front matter field 'needs' names {need!r}, which has no page")
    return found


def in_order(concepts: dict[str, Concept], parts: list[str]) -> dict[str, list[Concept]]:
    """Concepts by part; within a part what is needed comes first, then the alphabet."""
    for concept in concepts.values():
        if concept.meta.part not in parts:
            wanted = ", ".join(map(repr, parts))
            raise PageError(
                f"{concept.page}:1", f"front matter field 'part' is {concept.meta.part!r}, not one of {wanted}"
            )
    depths: dict[str, int] = {}
    for slug in concepts:
        _depth(slug, concepts, depths, ())
    order = sorted(concepts.values(), key=lambda c: (parts.index(c.meta.part), depths[c.slug], c.title))
    return {part: here for part in parts if (here := [c for c in order if c.meta.part == part])}


def _depth(slug: str, concepts: dict[str, Concept], depths: dict[str, int], path: tuple[str, ...]) -> int:
    if slug in path:
        raise PageError(f"{concepts[slug].page}:1", f"'needs' goes in a circle: {' needs '.join([*path, slug])}")
    if slug not in depths:
        needs = concepts[slug].meta.needs
        depths[slug] = 1 + max((_depth(need, concepts, depths, (*path, slug)) for need in needs), default=0)
    return depths[slug]
