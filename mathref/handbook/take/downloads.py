"""A page to take away: as a script, as a notebook, and as Markdown with its outputs in place."""

import base64
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from mathref.handbook.read.concepts import Concept
from mathref.handbook.read.page import Block
from mathref.handbook.read.tex import expand
from mathref.handbook.run.record import needs
from mathref.handbook.run.runner import Result

Results = Callable[[Block], Result]
Words = Callable[[Block, Result], str]

_DETAILS = re.compile(r"^(?:(?:\?\?\?\+?|!!!) +[\w ]+?|===[!+]?)(?: +\"(?P<title>[^\"]*)\")?$")
_LINK = re.compile(r"\]\((?P<up>\.\./)?(?P<page>[\w/-]+)\.md(?P<anchor>#[\w.-]+)?\)")
_COLUMN = re.compile(r'<span class="mr-column">[^<]*</span> ')
_SYNTAX = re.compile(r"[\\\[\]*_`$<&]")
# A link to another page in what becomes of `worded` as HTML: where it leads, and its words.
LED = re.compile(r'<a href="(\.\./[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_IN_A_SCRIPT = ("snippet", "working")


def script(concept: Concept) -> str:
    """The page's snippets one after the other; an error that a snippet shows on purpose is printed."""
    blocks = [block for _, block in concept.fences if block.kind in _IN_A_SCRIPT]
    parts = [f'"""{concept.title}: {concept.summary}"""\n']
    modules = {"traceback": any("error" in block.options for block in blocks)}
    modules["importlib.util"] = any(map(needs, blocks))
    if wanted := [f"import {name}" for name, used in sorted(modules.items()) if used]:
        parts.append("\n".join(wanted) + "\n")
    for block in blocks:
        source = _caught(block.source) if "error" in block.options else block.source
        source = _guarded(source, needs(block)) if needs(block) else source
        parts.append(f"# {block.options.get('title') or block.id}\n{source}\n")
    return "\n".join(parts)


def _caught(source: str) -> str:
    body = textwrap.indent(source, "    ")
    return f'try:\n{body}\nexcept Exception as error:\n    print(*traceback.format_exception_only(error), end="")'


def _guarded(source: str, modules: list[str]) -> str:
    return f"if all(map(importlib.util.find_spec, {modules!r})):\n{textwrap.indent(source, '    ')}"


def notebook(concept: Concept, results: Results, macros: dict[str, str], picture: Callable[[str], bytes]) -> str:
    """The page as a Jupyter notebook (nbformat 4.5), outputs included; `picture` makes a PNG of a figure's SVG."""
    cells = []
    for piece in _pieces(concept):
        if isinstance(piece, Block) and piece.kind in (*_IN_A_SCRIPT, "answer"):
            cells.append(_code_cell(piece, results(piece)))
        elif isinstance(piece, Block) and piece.kind == "figure":
            cells.append(_figure_cell(piece, picture(results(piece).output)))
        elif text := expand(in_words(piece, results(piece)) if isinstance(piece, Block) else piece, macros):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
    for number, cell in enumerate(cells):
        cell["id"] = f"{concept.slug}-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _code_cell(block: Block, result: Result) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if result.output:
        outputs.append({"output_type": "stream", "name": "stdout", "text": result.output})
    if result.error:
        message = result.error["message"]
        name, _, value = message.partition(": ")
        raised = {"ename": name.rpartition(".")[2], "evalue": value, "traceback": [message]}
        outputs.append({"output_type": "error", **raised})
    tags = [*(["raises-exception"] if result.error else []), *(["answer"] if block.kind == "answer" else [])]
    tags += [f"needs-{name}" for name in needs(block)]
    cell = {"cell_type": "code", "execution_count": None, "metadata": {"tags": tags} if tags else {}}
    return {**cell, "source": block.source, "outputs": outputs}


def _figure_cell(block: Block, png: bytes) -> dict[str, Any]:
    """A figure as a picture that is in the file, with its caption."""
    name = f"{block.id}.png"
    alt, caption = (_SYNTAX.sub(r"\\\g<0>", block.options.get(said, "")) for said in ("alt", "caption"))
    shown = "\n\n".join(filter(None, (f"![{alt}](attachment:{name})", caption)))
    data = {name: {"image/png": base64.b64encode(png).decode()}}
    return {"cell_type": "markdown", "metadata": {}, "source": shown, "attachments": data}


def markdown(concept: Concept, results: Results, macros: dict[str, str], foot: str) -> str:
    """The page as Markdown that needs no extension, each block followed by what it printed."""
    return expand(worded(concept, results, foot), macros) + "\n"


def worded(concept: Concept, results: Results, foot: str, words: Words | None = None) -> str:
    """The page in words, each block by `words`, with the handbook's own macros."""
    say = words or in_words
    pieces = [say(piece, results(piece)) if isinstance(piece, Block) else piece for piece in _pieces(concept)]
    return "\n\n".join([*filter(None, pieces), _plain(foot)])


def _pieces(concept: Concept) -> Iterator[str | Block]:
    """Words and blocks of a page, in order."""
    lines = concept.body.strip("\n").split("\n")
    skipped = len(concept.body) - len(concept.body.lstrip("\n"))
    done, inside = 0, False
    for fence, block in concept.fences:
        yield _plain("\n".join(lines[done : fence.start - skipped]), inside)
        yield block
        done, inside = fence.end - skipped, bool(fence.prefix)
    yield _plain("\n".join(lines[done:]), inside)


def _plain(text: str, inside: bool = False) -> str:
    """Without what is only known to this site: folded blocks, tabs, attributes, links between Markdown files."""
    lines: list[str] = []
    for line in text.split("\n"):
        if opened := _DETAILS.match(line):
            inside = True
            lines.append(f"**{opened['title']}**\n" if opened["title"] else "")
        else:
            inside = inside and (not line.strip() or line.startswith("    "))
            lines.append(line.removeprefix("    ") if inside else line)
    plain = _COLUMN.sub("", _LINK.sub(_relinked, "\n".join(lines)))
    return re.sub(r" *\{ *[#.:][^}\n$]*\}$", "", plain, flags=re.MULTILINE).strip("\n")


def _relinked(link: re.Match[str]) -> str:
    """Another concept's Markdown, but the HTML of what has no Markdown."""
    anchor = link["anchor"] or ""
    return f"](../../{link['page']}/{anchor})" if link["up"] else f"](../{link['page']}/index.md{anchor})"


def in_words(block: Block, result: Result) -> str:
    """A block in Markdown that needs no extension."""
    options = block.options
    if block.kind == "figure":
        return f"*Figure: {options['alt']}*" + (f"\n\n{options['caption']}" if options.get("caption") else "")
    if block.kind == "table":
        return result.output.strip()
    if block.kind == "claim":
        because = f" {options['because']}" if options.get("because") else ""
        return f"**Holds** in {result.said['cases']} cases: {options['statement']}{because}"
    if block.kind == "misconception":
        return f"**Fails**: {options['statement']} Counterexample: `{result.said['counterexample']}`"
    title = f"**{options['title']}**\n\n" if options.get("title") else ""
    code = f"{title}```python\n{block.source}\n```"
    if block.kind == "working":
        return "\n\n".join([code, *result.said.get("markdown", [])])
    return f"{code}\n\n```text\n{result.shown.rstrip()}\n```" if result.shown else code


def llms(title: str, description: str, parts: dict[str, list[Concept]]) -> str:
    """The list of all pages as Markdown, for readers who paste them somewhere."""
    lines = [f"# {title}", "", f"> {description}", "", "All pages in one file: [llms-full.txt](llms-full.txt).", ""]
    for part, concepts in parts.items():
        lines += [f"## {part}", ""]
        lines += [f"- [{c.title}](concepts/{c.slug}/index.md): {c.summary}" for c in concepts]
        lines.append("")
    return "\n".join(lines)
