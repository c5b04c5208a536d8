"""Snippets and claims as data: what `snippets.json` and `claims.json` hold and what index pages are made from."""

import ast
import importlib.metadata
import platform
from functools import cache
from typing import Any

from mathref.handbook.page import Block
from mathref.handbook.runner import Runner


def snippet(block: Block, runner: Runner) -> dict[str, Any]:
    """One snippet with what it printed."""
    result = runner.result(block)
    output = result.output + (f"{result.error['message']}\n" if result.error else "")
    return {
        "id": block.id,
        "page": block.slug,
        "address": address(block),
        "title": block.options.get("title", ""),
        "source": block.source,
        "output": output,
        "error": block.options.get("error"),
        "functions": functions(block.source, runner.library.package),
        "versions": {"python": platform.python_version(), **_versions(runner.library.package)},
    }


def address(block: Block) -> str:
    """Where the block is, seen from the site's root."""
    page = block.page.partition("/")[2].removesuffix(".md").removesuffix("index")
    return f"{page}{'/' if page else ''}#{block.id}"


def functions(source: str, package: str | None) -> list[str]:
    """Full names of what a source imports from modules of the package."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if node.module and node.module.split(".")[0] == package]
    return sorted({f"{node.module}.{alias.name}" for node in ours for alias in node.names})


@cache
def _versions(package: str | None) -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in (package, "numpy", "scipy") if name}


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
    if block.kind == "claim":
        return {**record, "sizes": said["sizes"], "worst_error": said["bound"]}
    return {**record, "counterexample": said["counterexample"]}
