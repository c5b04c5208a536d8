"""Processor seconds of the cold and the cached build of the handbook, in published form, by kind of block and by page.

``python tests/bench/handbook.py`` prints two tables; ``--readme`` also puts them into README.md between its two marks.
Processor seconds hold on a busy machine too, as far as two threads on one core leave them alone. They are no gate.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHOWN = {"claim": "claims", "misconception": "misconceptions", "figure": "figures", "snippet": "snippets"}
MARKS = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def build(site: str) -> dict[str, Any]:
    """Build the handbook in this process; processor seconds by who spent them."""
    from mkdocs.commands import build as mkdocs
    from mkdocs.config import load_config

    by_page: Counter[str] = Counter()
    for step in ("_populate_page", "_build_page"):
        setattr(mkdocs, step, _timed(getattr(mkdocs, step), by_page))
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=site)
    config.plugins.on_startup(command="build", dirty=False)
    begun = time.perf_counter()
    mkdocs.build(config)
    wall = time.perf_counter() - begun
    ran = config.plugins["mathref-handbook"].runner.ran
    config.plugins.on_shutdown()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall": wall,
        "parent": time.process_time(),
        "children": children.ru_utime + children.ru_stime,
        "ran": [(place, run.kind, run.worked) for place, run in ran.items()],
        "pages": by_page,
    }


def _timed(step: Any, by_page: "Counter[str]") -> Any:
    def timed(page: Any, *arguments: Any, **options: Any) -> None:
        begun = time.thread_time()
        step(page, *arguments, **options)
        by_page[page.file.src_uri] += time.thread_time() - begun

    return timed


def measure() -> tuple[dict[str, Any], dict[str, Any]]:
    """A build that finds nothing in the cache, and one that finds everything."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MATHREF_CACHE_DIR": f"{folder}/cache", "NO_MKDOCS_2_WARNING": "1"}
        environment.pop("MATHREF_CACHE", None)
        command = [sys.executable, __file__, "--site", f"{folder}/site"]
        cold, cached = (
            json.loads(subprocess.check_output(command, cwd=ROOT, env=environment, text=True)) for _ in range(2)
        )
    return cold, cached


def kinds(built: dict[str, Any]) -> dict[str, float]:
    """Processor seconds by kind of block; the rest of the children's is the server that they are forked from."""
    seconds: Counter[str] = Counter()
    for _, kind, worked in built["ran"]:
        seconds[SHOWN.get(kind, "other blocks")] += worked
    server = max(built["children"] - sum(seconds.values()), 0)
    shown = {name: seconds[name] for name in [*SHOWN.values(), "other blocks"]}
    return {"parent": built["parent"], **shown, "server, forks": server, "all": built["parent"] + built["children"]}


def pages(cold: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Processor seconds that each concept adds to a cold build: its blocks, and its two pages in the parent."""
    blocks: Counter[str] = Counter()
    for place, _, worked in cold["ran"]:
        blocks[Path(place.rpartition(":")[0]).stem] += worked
    concepts = sorted(Path(page).stem for page in cold["pages"] if page.startswith("concepts/"))
    rendered = {name: cold["pages"][f"concepts/{name}.md"] + cold["pages"][f"api/{name}.md"] for name in concepts}
    return {name: (blocks[name], rendered[name]) for name in concepts}


def tables(cold: dict[str, Any], cached: dict[str, Any]) -> str:
    """Both tables as Markdown."""
    count = len(pages(cold))
    tools = ", ".join(f"{tool} {version(tool)}" for tool in ("mkdocs", "mkdocs-material", "numpy"))
    lines = [f"| Processor seconds, {count} concepts | cold | from the cache |", "| --- | --: | --: |"]
    lines += [f"| {name} | {first:.1f} | {kinds(cached)[name]:.1f} |" for name, first in kinds(cold).items()]
    lines += [f"| seconds on the clock | {cold['wall']:.0f} | {cached['wall']:.1f} |", ""]
    lines += ["| What a concept adds, cold | its blocks | its pages | both |", "| --- | --: | --: | --: |"]
    for name, (blocks, rendered) in pages(cold).items():
        lines.append(f"| {name} | {blocks:.1f} | {rendered:.1f} | {blocks + rendered:.1f} |")
    mean = [sum(column) / count for column in zip(*pages(cold).values(), strict=True)]
    lines += [f"| mean | {mean[0]:.1f} | {mean[1]:.1f} | {sum(mean):.1f} |", ""]
    return "\n".join([*lines, f"Python {platform.python_version()}, {tools}, {os.cpu_count()} cores.", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    parser.add_argument("--site", help=argparse.SUPPRESS)  # one build, in a process of its own
    chosen = parser.parse_args()
    if chosen.site:
        print(json.dumps(build(chosen.site)))
        return
    text = tables(*measure())
    print(text)
    if chosen.readme:
        readme = ROOT / "README.md"
        readme.write_text(MARKS.sub(rf"\g<1>{text}\g<2>", readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
