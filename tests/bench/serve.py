"""Time from saving a page to its being served by `mkdocs serve`, beside plain Material (N), with a made-up corpus.

``python tests/bench/serve.py 14 100`` edits the prose and then a snippet of one page, several times.
"""

import argparse
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
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
    "mathref": COMMON + "plugins: [search, {mathref-handbook: {package: mathref}}]\n" + MARKDOWN + "]\n",
}
FENCES = {
    "N": "```python",
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


def fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def wait_for(url: str, text: str) -> float:
    begun = time.perf_counter()
    while text not in fetch(url):
        if time.perf_counter() - begun > 120:
            raise SystemExit(f"{text!r} did not appear at {url}")
        time.sleep(0.01)
    return time.perf_counter() - begun


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def measure(tool: str, pages: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / tool
        corpus(folder, pages, tool)
        address = f"127.0.0.1:{free_port()}"
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "MATHREF_CACHE_DIR": str(folder / "cache")}
        command = [sys.executable, "-m", "mkdocs", "serve", "-q", "-a", address, "--livereload"]
        server = subprocess.Popen(command, cwd=folder, env=environment)
        try:
            url = f"http://{address}/part0/page1/"
            wait_for(url, "Page 1")
            time.sleep(1)
            path = folder / "docs" / "part0" / "page1.md"
            prose, snippet = [], []
            for turn in range(rounds):
                path.write_text(
                    re.sub(r"^## Use.*", f"## Use\n\nTurn {turn}.", path.read_text(), count=1, flags=re.MULTILINE)
                )
                prose.append(wait_for(url, f"Turn {turn}."))
                added = 7_000_000 + turn
                path.write_text(re.sub(r"print\([\d+ ]*A", f"print({added} + A", path.read_text(), count=1))
                snippet.append(wait_for(url, f"{added}</span>" if tool == "N" else f"[[{added + 5}"))
                time.sleep(0.3)
        finally:
            server.terminate()
            server.wait()
    for what, times in (("prose", prose), ("snippet", snippet)):
        print(
            f"{tool:8} {pages:5} pages, {what:8}:",
            f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=[14, 100])
    parser.add_argument("--tools", nargs="*", default=["mathref", "N"])
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    for pages in chosen.pages:
        for tool in chosen.tools:
            measure(tool, pages, chosen.rounds)


if __name__ == "__main__":
    main()
