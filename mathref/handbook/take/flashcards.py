"""Cards to learn from, for Anki: claims and misconceptions as questions, exercises, main formulas."""

import contextlib
import csv
import hashlib
import io
import itertools
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from typing import NamedTuple
from urllib.parse import urljoin

from markdown import Markdown
from markdown.extensions.toc import slugify

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.tex import expand
from mathref.handbook.run.cache import Cache
from mathref.handbook.show.claims import refuted
from mathref.handbook.show.sections import lower
from mathref.handbook.show.ways import letters
from mathref.handbook.take.downloads import LED, Results, worded

_EXTENSIONS = ["tables", "pymdownx.superfences", "pymdownx.highlight", "pymdownx.arithmatex"]
_AS_ANKI_SHOWS = {"pymdownx.highlight": {"use_pygments": False}, "pymdownx.arithmatex": {"generic": True}}
_HEAD = "#separator:tab\n#html:true\n#notetype:Basic\n#deck:{}\n#guid column:1\n#tags column:4\n"
_LOOK = ".card {max-width: 40em; margin: auto; font: 18px/1.5 serif; text-align: left} pre {white-space: pre-wrap}"


class Card(NamedTuple):
    """A question and its answer as Anki's HTML, with what it is and where it comes from."""

    name: str  # of what it asks, the same as long as that is on the page
    front: str
    back: str
    tags: list[str]
    part: str

    @property
    def guid(self) -> str:
        """What Anki knows the card by: imported again, it is changed and not doubled."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:10]


def cards(
    parts: dict[str, list[Concept]], results: Results, macros: dict[str, str], address: str, kept: Cache
) -> list[Card]:
    """The cards of all pages, in the order of the handbook; `address` is that of the site, if it has one."""
    to_html = Markdown(extensions=_EXTENSIONS, extension_configs=_AS_ANKI_SHOWS)
    tools = [_EXTENSIONS, _AS_ANKI_SHOWS, version("markdown"), version("pymdown-extensions")]

    def side(text: str, page: str) -> str:
        text = expand(text, macros)
        shown = kept.made(["card", tools, text], lambda: to_html.reset().convert(text))
        shown = shown.replace('<pre class="highlight">', '<pre style="text-align: left">')
        led = r'<a href="{}">{}</a>' if address else "{1}"
        return LED.sub(lambda m: led.format(urljoin(page, m[1].replace("index.md", "")), m[2]), shown)

    found = []
    for part, concepts in parts.items():
        for concept in concepts:
            page = f"{address}concepts/{concept.slug}/"
            for kind, anchor, question, answer in _asked(concept, results):
                source = f"[{concept.title}]({page}{anchor})" if address else concept.title
                tags = [f"mathref::{slugify(part, '-')}::{concept.slug}", f"mathref::{kind}"]
                front, back = (side(text, page) for text in (question, f"{answer}\n\n*{source}*"))
                found.append(Card(f"{concept.slug}{anchor}", front, back, tags, part))
    return found


def _asked(concept: Concept, results: Results) -> Iterator[tuple[str, str, str, str]]:
    """Kind, anchor, question and answer of each card of a page."""
    if concept.formulas:
        meanings = "; ".join(f"${name}$: {meaning}" for name, meaning in letters(concept).items())
        formula = concept.formulas[0].rstrip(" .,")
        asked = f"**{concept.title}**: {lower(concept.summary)} Its formula?"
        yield "formula", "", asked, f"$$\n{formula}\n$$\n\n{meanings}"
    for _, block in concept.fences:
        statement, said = block.options.get("statement", ""), results(block).said
        if block.kind in ("claim", "misconception") and "`" not in statement:  # else it is about the library
            holds = f"**True**, in all {said['cases']} cases tried. {block.options.get('because', '')}"
            back = holds if block.kind == "claim" else f"**False** for {refuted(block, said)}."
            yield "statement", f"#{block.id}", f"**{concept.title}.** True or false? {statement}", back
    exercises = worded(concept, results, "").partition("\n## Exercises\n")[2]
    for exercise in re.split(r"^### ", exercises, flags=re.MULTILINE)[1:]:
        title, _, text = exercise.partition("\n")
        question, _, answer = text.partition("\n**Answer**\n")
        yield "exercise", f"#{slugify(title, '-')}", f"**{concept.title}: {title}**\n{question}", answer


def tsv(found: list[Card], deck: str) -> str:
    """The cards as a text that Anki imports."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter="\t", lineterminator="\n")
    rows.writerows([card.guid, card.front, card.back, " ".join(card.tags)] for card in found)
    return _HEAD.format(deck) + out.getvalue()


def apkg(found: list[Card], deck: str, moment: int) -> bytes:
    """The cards as a package of Anki with a deck a part; the same cards at one moment are the same bytes."""
    import genanki

    sides = {"qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}
    model = genanki.Model(
        _number(f"{deck} model"), deck, [{"name": "Front"}, {"name": "Back"}], [{"name": "Card", **sides}], _LOOK
    )
    parts = dict.fromkeys(card.part for card in found)
    decks = {part: genanki.Deck(_number(f"{deck} {part}"), f"{deck}::{part}") for part in parts}
    for card in found:
        decks[card.part].add_note(genanki.Note(model, [card.front, card.back], tags=card.tags, guid=card.guid))
    with contextlib.closing(sqlite3.connect(":memory:")) as store:
        genanki.Package(list(decks.values())).write_to_db(store.cursor(), moment, itertools.count(moment * 1000))
        store.commit()
        collection = store.serialize()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in (("collection.anki2", collection), ("media", b"{}")):
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _number(name: str) -> int:
    """The same for a name each time: what is imported again goes where it was."""
    return 2**30 + int(hashlib.sha256(name.encode()).hexdigest()[:7], 16)
