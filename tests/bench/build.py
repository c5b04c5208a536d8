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
import time
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


def build(folder: Path, cache: str) -> float:
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "MATHREF_CACHE_DIR": str(folder / "cache"),
        "MATHREF_CACHE": cache,
    }
    begun = time.perf_counter()
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - begun


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file()) / 2**20


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "docs" / "part0" / "page1.md"
    path.write_text(path.read_text().replace(old, new, 1))


def measure(pages: int, rounds: int) -> None:
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for _ in range(rounds):
            for tool in CONFIGS:
                corpus(root / tool, pages, tool)
                shutil.rmtree(root / tool / "cache", ignore_errors=True)
                rows.setdefault(f"{tool} cold", []).append(build(root / tool, "1"))
            rows.setdefault("mathref full cache", []).append(build(root / "mathref", "1"))
            edit(root / "mathref", "## Use", "## Use\n\nMore words.")
            rows.setdefault("mathref prose edited", []).append(build(root / "mathref", "1"))
            edit(root / "mathref", "print(A", "print(1 + A")
            rows.setdefault("mathref snippet edited", []).append(build(root / "mathref", "1"))
        sizes = {tool: size(root / tool) for tool in CONFIGS}
    best = {name: min(times) for name, times in rows.items()}
    print(f"\n{pages} pages | seconds | of N | of X")
    for name, seconds in best.items():
        print(f"{name:24} | {seconds:6.2f} | {seconds / best['N cold']:5.2f} | {seconds / best['X cold']:5.2f}")
    print("site in MiB:", {tool: round(mib, 1) for tool, mib in sizes.items()})


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
