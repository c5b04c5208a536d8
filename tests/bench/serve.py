"""Time from saving a page to its being served by `mkdocs serve`, with the corpus of `build.py`.

``python tests/bench/serve.py 14 100`` edits the prose and then a snippet of one page, several times.
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from build import corpus


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
