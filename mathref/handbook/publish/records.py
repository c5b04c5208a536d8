"""Snippets and claims as data: what `snippets.json` and `claims.json` hold and what index pages are made from."""

import ast
import importlib.metadata
import platform
from functools import cache
from typing import Any

from mathref.handbook.read.page import Block
from mathref.handbook.run.runner import Runner


def snippet(block: Block, runner: Runner) -> dict[str, Any]:
    """One snippet with what it printed."""
    result = runner.result(block)
    return {
        "id": block.id,
        "page": block.slug,
        "address": address(block),
        "title": block.options.get("title", ""),
        "source": block.source,
        "output": result.shown,
        "error": block.options.get("error"),
        "message": result.error["message"] if result.error else None,
        "warnings": result.warnings,
        "cause": block.options.get("cause"),
        "cure": block.options.get("cure"),
        "explained_by": block.options.get("explained", block.slug),
        "functions": functions(block.source, runner.library.package),
        "versions": versions(runner.library.package),
    }


def address(block: Block) -> str:
    """Where the block is, seen from the site's root."""
    page = block.page.partition("/")[2].removesuffix(".md").removesuffix("index")
    return f"{page}{'/' if page else ''}#{block.id}"


@cache
def functions(source: str, package: str | None) -> list[str]:
    """Full names of what a source imports from modules of the package."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []  # running it will say what is wrong
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if node.module and node.module.split(".")[0] == package]
    return sorted({f"{node.module}.{alias.name}" for node in ours for alias in node.names})


@cache
def versions(package: str | None) -> dict[str, str]:
    """What the snippets run on."""
    found = {name: importlib.metadata.version(name) for name in (package, "numpy", "scipy") if name}
    return {"python": platform.python_version(), **found}


def claim(block: Block, runner: Runner) -> dict[str, Any]:
    """One claim or misconception with what came of it."""
    said = runner.result(block).said
    record = {
        "id": block.id,
        "concept": block.slug,
        "address": address(block),
        "kind": block.kind,
        "statement": block.options["statement"],
        "source": block.source,
        "cases": said["cases"],
        "passed": True,  # a site with a claim that fails is not built
    }
    if block.kind == "misconception":
        return {**record, "counterexample": said["counterexample"]}
    return {
        **record,
        "because": block.options.get("because"),
        "sizes": said["sizes"],
        "idle": said["idle"],
        "form": said["kind"],
        "worst_error": said["bound"],
        "telling": said.get("telling"),
        "noticed": said.get("noticed"),
        "noticed_entry": said.get("noticed_entry"),
        "nearest": said.get("nearest"),
        "near_misses": said.get("near_misses", []),
    }
