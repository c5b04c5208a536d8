"""The words that search knows: names from front matter, sections and snippets from the pages."""

import html
import json
import re
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any

import yaml

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.names import exact
from mathref.handbook.read.page import Page, PageError

# How much a page means by a name of this kind; one that another page has first weighs so much less that a page that
# merely repeats the word does not come before the one that is meant by it.
_WEIGHTS = {"title": 5, "alias": 4, "symbol": 4, "function": 4, "equivalent": 3}
_SECOND = 8
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# These repeat the front matter or lead elsewhere; a word found there is not what the page is about.
_UNREAD = {"symbols", "in-other-libraries", "see-also", "references", "used-in"}
# What other pages say stands on a concept's page too, and is read there.
_BEGINNING = 60
_IMPORT = re.compile(r"^(?:import|from) .*\n+", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w+")
_FORMULA = re.compile(r"\S*[=∑∫≤≥⋅∥∣𝒩×→]\S*")  # as text, in which a long one is neither found nor read


def index(
    entries: list[dict[str, Any]],
    concepts: dict[str, Concept],
    snippets: list[dict[str, Any]],
    others: Mapping[str, Page],
    coming: Path,
) -> str:
    """The index as a script, so that it can be read from a file too; `entries` are words by location.

    `coming` is a file of words that have no page yet, by the passages nearest to them.
    """
    pages: dict[str, dict[str, Any]] = {}
    sections: list[list[Any]] = []
    for entry in entries:
        location, _, anchor = str(entry["location"]).partition("#")
        if not anchor:
            pages[location] = {"url": location, "title": _text(entry["title"]), **_about(location, concepts, others)}
        if anchor not in _UNREAD and location in pages:
            text = _text(_CODE.sub(" ", entry["text"]))
            text = text if pages[location]["kind"] == "concept" else text.partition(" Parameters: ")[0][:_BEGINNING]
            text = _FORMULA.sub(lambda formula: formula[0] if len(formula[0]) < 7 else "…", text)
            title = _text(entry["title"]) if anchor else ""
            sections.append([list(pages).index(location), _anchor(anchor, title), title, text])
    numbers = {location: number for number, location in enumerate(pages)}
    for snippet in snippets:
        location, _, anchor = str(snippet["address"]).partition("#")
        message = " ".join(filter(None, [snippet["message"], *snippet["warnings"]]))
        title = snippet["title"]
        sections.append([numbers[location], _anchor(anchor, title), title, message, _code(snippet["source"])])
        explaining = f"concepts/{snippet['explained_by']}/"
        if message:
            told = [message, *filter(None, [snippet["cause"]])]
            pages.get(explaining, pages[location]).setdefault("errors", []).extend(told)
    places = {str(entry["location"]) for entry in entries}
    nearest = [[numbers[page], anchor, names] for page, anchor, names in _nearest(coming, concepts, places)]
    found = {"pages": list(pages.values()), "sections": sections, "coming": nearest}
    return f"self.handbook = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"


def _nearest(file: Path, concepts: dict[str, Concept], places: set[str]) -> list[tuple[str, str, list[str]]]:
    """The page, the anchor there and the names of all that has no page yet."""
    given: dict[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    found = []
    for place, names in given.items():
        slug, _, anchor = place.partition("#")
        if (page := f"concepts/{slug}/") not in places or (anchor and f"{page}#{anchor}" not in places):
            raise PageError(f"{file.name}:1", f"{names[0]!r} is said to be nearest to {place!r}, which is no passage")
        for concept in concepts.values():
            for name in {name.lower() for name in names} & exact(concept).keys():
                if exact(concept)[name] != "alias":
                    raise PageError(f"{file.name}:1", f"{name!r} is said to have no page, but {concept.page} is on it")
        found.append((page, anchor, names))
    return found


def _about(location: str, concepts: dict[str, Concept], others: Mapping[str, Page]) -> dict[str, Any]:
    kind, _, rest = location.partition("/")
    concept = concepts.get(rest.strip("/")) if kind == "concepts" else None
    if concept is None:
        page = others.get(f"{location.rstrip('/') or 'index'}.md")
        declared = page.meta if page else {}
        said: dict[str, Any] = {name: declared[name] for name in ("aliases", "questions") if name in declared}
        return {"kind": "api" if kind == "api" else "other", **said}
    second = {name.lower() for name in concept.meta.second_for}
    return {
        "kind": "concept",
        "summary": concept.summary,
        "module": concept.module,
        "functions": [*concept.meta.equivalents, *concept.functions],
        "names": [[name, _WEIGHTS[of] - _SECOND * (name in second), of] for name, of in exact(concept).items()],
        "questions": concept.meta.questions,
    }


def _anchor(anchor: str, title: str) -> str | int:
    """The place of an anchor's beginning in the script's list, where the rest follows from the title."""
    rest = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
    return {rest: 0, f"snippet-{rest}": 1}.get(anchor, anchor)


def _code(source: str) -> str:
    """The names that a snippet uses, each once, and its last two lines, which a result shows."""
    lines = _IMPORT.sub("", source).rstrip("\n").split("\n")
    names = dict.fromkeys(name for name in _NAME.findall("\n".join(lines[:-2])) if not iskeyword(name))
    return "\n".join(filter(None, [" ".join(names), *lines[-2:]]))


def _text(markup: str) -> str:
    """Words alone, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).replace("\u2061", "").replace("¶", "").split())
