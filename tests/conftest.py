"""The site that tests look at, built once for all workers, and a browser to look at it with."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fresh
import pytest
from bs4 import BeautifulSoup, SoupStrainer
from filelock import FileLock
from hypothesis import settings

# As in the handbook's own processes: workers side by side that each take all cores wait for each other at every small
# product. NumPy is not loaded yet.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A loaded machine is slow, not wrong; a failure prints how to see it again.
settings.register_profile("mathref", deadline=None, print_blob=True)
# By hand, with `--hypothesis-profile=thorough --hypothesis-seed=1`.
settings.register_profile("thorough", settings.get_profile("mathref"), max_examples=2000)
settings.load_profile("mathref")

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# The default run takes each page once, in one view, and in the others each seventh; with this, all in all of them.
ALL_VIEWS = os.environ.get("MATHREF_ALL_VIEWS") == "1"


def in_other_views(pages: list[Any]) -> list[Any]:
    """The pages to be looked at in further views, too."""
    return pages if ALL_VIEWS else pages[::7]


# What is far from the screen is laid out later, and made when it is seen.
LAID_OUT = """() => {
  for (const each of document.querySelectorAll(".md-typeset > *")) each.style.contentVisibility = "visible";
  return document.documentElement.scrollHeight;
}"""
FRAMES = """async () => {
  for (let seen = 0; seen < 3; seen++) await new Promise(requestAnimationFrame);
}"""


def show_all(tab: Any) -> None:
    """Lay out the whole page on a screen as tall as it is, so that all is seen at once."""
    tab.set_viewport_size({"width": tab.viewport_size["width"], "height": tab.evaluate(LAID_OUT)})
    tab.evaluate(FRAMES)


def build(site: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build the handbook (or another, by `-f mkdocs.yml`) into a folder; its output is standard error."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(site), *options]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built handbook; MATHREF_SITE names one that is there already."""
    if ready := os.environ.get("MATHREF_SITE"):
        return Path(ready).resolve()
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with FileLock(shared / "site.lock"):
        if not (shared / "site-is-built").exists():
            done = build(shared / "site")
            assert done.returncode == 0, done.stderr
            assert "WARNING" not in done.stderr, done.stderr
            (shared / "site-is-built").touch()
    return shared / "site"


# Both halves of a formula as it is drawn: half of a page, and slow to parse. Its source is an attribute around them.
DRAWN = re.compile(r"<(math|mr-math)\b.*?</\1>", re.DOTALL)


def soup(page: Path, **only: Any) -> BeautifulSoup:
    """A built page without its drawn formulas, or certain elements of it, as for SoupStrainer."""
    parts = SoupStrainer(**only) if only else None
    return BeautifulSoup(DRAWN.sub("", page.read_text(encoding="utf-8")), "html.parser", parse_only=parts)


@functools.cache
def shown(page: Path) -> dict[str, tuple[str, str]]:
    """Source and output of each snippet that a built page shows, by id."""
    parts = ("[data-snippet-source]", "[data-snippet-output]")
    return {
        str(element["data-snippet"]): tuple(found.get_text() if (found := element.select_one(p)) else "" for p in parts)
        for element in soup(page, attrs={"data-snippet": True}).select("[data-snippet]")
    }


@pytest.fixture(scope="session")
def forks() -> Iterator[fresh.Forks]:
    """A process that runs files as a new interpreter would, without the wait for NumPy."""
    started = fresh.Forks()
    yield started
    started.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        if os.environ.get("MATHREF_REQUIRE_BROWSER") == "1":
            pytest.fail("MATHREF_REQUIRE_BROWSER=1, but no chromium is on the path")
        pytest.skip("no chromium on the path")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def without_scripts(browser: Any) -> Iterator[object]:
    """A tab for many pages: a browser's new context costs more than most looks at a page."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
