"""What a reader takes along of the whole handbook, and of each page of it."""

from pathlib import Path

from mathref.handbook.read.concepts import Concept
from mathref.handbook.run.cache import Cache
from mathref.handbook.take import downloads, figures, flashcards
from mathref.handbook.take.about import About
from mathref.handbook.take.downloads import Results

Parts = dict[str, list[Concept]]


def write_pages(
    site: Path, parts: Parts, results: Results, macros: dict[str, str], feet: dict[str, str], kept: Cache
) -> None:
    """Each page as script, notebook and Markdown, beside its HTML; `kept` has the pictures of figures."""

    def picture(svg: str) -> bytes:
        return figures.png(svg, "light", kept)

    for concept in (concept for here in parts.values() for concept in here):
        folder = site / "concepts" / concept.slug
        forms = {
            f"{concept.slug}.py": downloads.script(concept),
            f"{concept.slug}.ipynb": downloads.notebook(concept, results, macros, picture),
            "index.md": downloads.markdown(concept, results, macros, feet[concept.slug]),
        }
        for name, text in forms.items():
            (folder / name).write_text(text, encoding="utf-8")


def write_lists(site: Path, about: About, parts: Parts) -> None:
    """The Markdown of all pages, and the list of them."""
    whole = [f"concepts/{concept.slug}/index.md" for here in parts.values() for concept in here]
    texts = (f"<!-- {name} -->\n{(site / name).read_text(encoding='utf-8')}" for name in whole)
    (site / "llms-full.txt").write_text("\n".join(texts), encoding="utf-8")
    (site / "llms.txt").write_text(downloads.llms(about.title, about.description, parts), encoding="utf-8")


def write_cards(site: Path, about: About, parts: Parts, results: Results, macros: dict[str, str], kept: Cache) -> None:
    """Cards to learn from, as a text and as a package of Anki."""
    found = flashcards.cards(parts, results, macros, about.address, kept)
    (site / f"{about.title}-cards.tsv").write_text(flashcards.tsv(found, about.title), encoding="utf-8")
    packed = flashcards.apkg(found, about.title, int(about.moment.timestamp()))
    (site / f"{about.title}-cards.apkg").write_bytes(packed)
