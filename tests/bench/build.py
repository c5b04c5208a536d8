"""Build times of the handbook's machinery beside plain Material (N) and Material with markdown-exec (X).

Each tool gets the same corpus of prose, formulas and three executed blocks a page. Run it by hand:
``python tests/bench/build.py 14 100``. Times are of one run on a noisy machine; the ratios are what to look at.
"""

import argparse
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

WORDS = [
    "matrix",
    "vector",
    "norm",
    "basis",
    "column",
    "rank",
    "kernel",
    "image",
    "scale",
    "angle",
    "length",
    "project",
]
COMMON = """site_name: bench
theme:
  name: material
  font: false
  features: [navigation.tabs, navigation.prune]
use_directory_urls: true
"""
MARKDOWN = "markdown_extensions: [admonition, attr_list, md_in_html, tables, pymdownx.superfences, pymdownx.highlight"
CONFIGS = {
    "N": COMMON + "plugins: [search]\n" + MARKDOWN + ", {pymdownx.arithmatex: {generic: true}}]\n",
    "X": COMMON + "plugins: [search, markdown-exec]\n" + MARKDOWN + ", {pymdownx.arithmatex: {generic: true}}]\n",
    "mathref": COMMON + "plugins: [search, {mathref-handbook: {package: mathref}}]\n" + MARKDOWN + "]\n",
}
FENCES = {
    "N": "```python",
    "X": '```python exec="on" source="above" result="text"',
    "mathref": '```python exec="snippet"',
}


def page(number: int, tool: str) -> str:
    rng = random.Random(number)
    prose = [" ".join(rng.choices(WORDS, k=60)).capitalize() + f" $x_{{{number}}}^2 + {k}$." for k in range(6)]
    formulas = [f"$$\n\\sum_{{i=1}}^{{{number}}} x_i^{k} = \\frac{{a_{k}}}{{b}}\n$$" for k in range(2)]
    blocks = [
        f"import numpy as np\n\nA = np.arange({number + 4 * k}, {number + 4 * k + 4}).reshape(2, 2)\nprint(A @ A.T)"
        for k in range(3)
    ]
    fences = [f"{FENCES[tool]}\n{block}\n```" for block in blocks]
    parts = [f"# Page {number}", *prose[:2], formulas[0], fences[0], "## Use", prose[2], fences[1]]
    return "\n\n".join([*parts, "## More", *prose[3:], formulas[1], fences[2]]) + "\n"


def corpus(folder: Path, pages: int, tool: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(pages):
        path = folder / "docs" / f"part{number // 20}" / f"page{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number, tool))
    (folder / "docs" / "index.md").write_text("# Home\n\nText.\n")
    (folder / "mkdocs.yml").write_text(CONFIGS[tool])


def build(folder: Path, cache: str = "1") -> tuple[float, float]:
    """Seconds, and the largest memory in MiB that all its processes held together (shared pages counted once)."""
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "MATHREF_CACHE_DIR": str(folder / "cache"),
        "MATHREF_CACHE": cache,
    }
    begun = time.perf_counter()
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    samples = [0.0]
    watcher = threading.Thread(target=lambda: samples.extend(_samples(process)))
    watcher.start()
    _, complaint = process.communicate()
    seconds = time.perf_counter() - begun
    watcher.join()
    if process.returncode:
        raise SystemExit(complaint)
    return seconds, max(samples)


def _samples(process: "subprocess.Popen[str]") -> Iterator[float]:
    while process.poll() is None:
        yield sum(_proportional(pid) for pid in _family(process.pid)) / 1024
        time.sleep(0.5)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [thread.name for thread in Path(f"/proc/{pid}/task").iterdir() if thread.name != str(pid)]
        for thread in threads:
            children += Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file()) / 2**20


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "docs" / "part0" / "page1.md"
    path.write_text(path.read_text().replace(old, new, 1))


def measure(pages: int, rounds: int) -> None:
    rows: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        ours = root / "mathref"
        for turn in range(rounds):
            for tool in CONFIGS:
                corpus(root / tool, pages, tool)
                shutil.rmtree(root / tool / "cache", ignore_errors=True)
                rows.setdefault(f"{tool} cold", []).append(build(root / tool))
            rows.setdefault("mathref full cache", []).append(build(ours))
            edit(ours, "## Use", "## Use\n\nMore words.")
            rows.setdefault("mathref prose edited", []).append(build(ours))
            edit(ours, "print(A", f"print({1 + turn} + A")
            rows.setdefault("mathref snippet edited", []).append(build(ours))
        sizes = {tool: size(root / tool) for tool in CONFIGS}
    best = {row: min(measured) for row, measured in rows.items()}
    plain, executed = best["N cold"][0], best["X cold"][0]
    print(f"\n| {pages} pages | seconds | of N | of X | MiB of memory |\n| --- | --: | --: | --: | --: |")
    for row, (seconds, memory) in best.items():
        print(f"| {row} | {seconds:.2f} | {seconds / plain:.2f} | {seconds / executed:.2f} | {memory:.0f} |")
    print("site in MiB:", {tool: round(mib, 1) for tool, mib in sizes.items()}, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=[14, 100])
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    tools = ("mkdocs", "mkdocs-material", "markdown-exec", "numpy")
    print(f"Python {platform.python_version()}, " + ", ".join(f"{tool} {version(tool)}" for tool in tools))
    for pages in chosen.pages:
        measure(pages, chosen.rounds)


if __name__ == "__main__":
    main()
