"""The published site: strict, light, whole without scripts and without a server, and open to everyone."""

import gzip
import re
import statistics
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import ROOT, SHOW_ALL
from PIL import Image

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))
OTHERS = [
    "",
    "claims/",
    "names/",
    "symbols/",
    "error-messages/",
    "notation/",
    "data/",
    "tutorial-set-right/",
    "404.html",
]
PAGES = [*(f"concepts/{slug}/" for slug in SLUGS), *OTHERS, "api/", *(f"api/{slug}/" for slug in SLUGS)]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
OPEN_GRAPH = ("type", "title", "description", "url", "image")
VIEWS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@pytest.fixture(scope="module")
def strict_address(site):
    """The site, served with the headers that it was built with."""
    lines = (site / "_headers").read_text().splitlines()[1:]
    headers = [line.strip().split(": ", 1) for line in lines]

    class Strict(SimpleHTTPRequestHandler):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, directory=str(site), **options)

        def end_headers(self):
            for name, value in headers:
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Strict) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def watched(tab):
    """What goes wrong in a tab: messages of its console and what the policy blocks."""
    wrong = []
    tab.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    return wrong


@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_under_the_policy_and_asks_no_other_host(path, browser, strict_address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    wrong, asked = watched(tab), []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(strict_address + path)
    tab.click("label.md-header__button:not([hidden])[for^=__palette]")
    for kind, button in ((".mr-snippet", ".md-code__button"), (".md-typeset > .mr-formula", ".mr-formula__copy")):
        if tab.query_selector(kind):
            tab.hover(kind)
            tab.click(f"{kind} {button}")
    tab.fill(".md-search__input", "svd")
    tab.keyboard.press("End")
    tab.wait_for_selector(".md-search-result__item")
    assert wrong == []
    assert [url for url in asked if not url.startswith((strict_address, "data:", "blob:"))] == []
    context.close()


def violations(tab):
    """What axe finds. The visual halves of formulas, hidden from readers of the screen, would take it minutes."""
    tab.evaluate(SHOW_ALL)
    tab.evaluate("for (const half of document.querySelectorAll('mr-math')) half.remove()")
    found = Axe().run(tab, options=AXE).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200], len(each["nodes"])) for each in found]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path, view, browser, address):
    context = browser.new_context(**VIEWS[view], reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(address + path)
    assert violations(tab) == []
    context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_in_the_open_search(view, browser, address):
    context = browser.new_context(**VIEWS[view], reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{address}?q=eigenvalue")
    tab.wait_for_selector(".md-search-result__item")
    assert violations(tab) == []
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_without_scripts_a_page_shows_all_that_it_has(path, browser, address):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address + path)
    shown = ["h1", "article > :is(p, ul, .doc, .mr-scroll, .mr-claim)"]
    if path.startswith("concepts/"):
        shown += [".mr-oneline", ".katex-html", "[data-snippet-source]", "[data-snippet-output]", ".mr-figure svg"]
        shown += [".mr-claim__statement", ".mr-table"]
    for kind in shown:
        assert tab.locator(kind).first.is_visible(), kind
    context.close()


def test_a_wide_table_scrolls_by_itself_without_scripts(browser, address):
    context = browser.new_context(**VIEWS["phone"], java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}symbols/")
    assert tab.eval_on_selector(".mr-scroll", "box => box.scrollWidth > box.clientWidth")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_what_the_browser_draws_itself_follows_the_chosen_scheme(browser, address):
    tab = browser.new_page(color_scheme="light")
    tab.goto(address)
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    assert tab.evaluate(scheme) == "normal"
    tab.click("label.md-header__button:not([hidden])[for^=__palette]")
    assert tab.evaluate(scheme) == "dark"
    assert tab.locator("meta[name=theme-color]").count() == 1
    assert tab.locator("meta[name=color-scheme]").count() == 0  # each change of which styles the page anew
    tab.close()


def weight(browser, address, path):
    """Bytes of the first load, text compressed, and the number of requests."""
    tab = browser.new_page()
    bodies = {}
    tab.on("requestfinished", lambda request: bodies.update({request.url: request.response().body()}))
    tab.goto(address + path, wait_until="networkidle")
    tab.close()
    packed = (len(body) if url.endswith(".woff2") else len(gzip.compress(body)) for url, body in bodies.items())
    return sum(packed), len(bodies)


def test_concept_pages_are_light(browser, address):
    weights = {slug: weight(browser, address, f"concepts/{slug}/") for slug in SLUGS}
    median = statistics.median(size for size, _ in weights.values())
    print(f"\nmedian {median:.0f} bytes", weights)
    assert {slug: size for slug, (size, _) in weights.items() if size > 200_000} == {}
    assert {slug: count for slug, (_, count) in weights.items() if count > 25} == {}
    assert median <= 140_000


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


def shift(browser, url, view):
    """How far things move while a page loads for the first time."""
    context = browser.new_context(**VIEWS[view])
    tab = context.new_page()
    tab.add_init_script(SHIFTS)
    tab.goto(url, wait_until="networkidle")
    moved = sum(tab.evaluate("shifts"))
    context.close()
    return moved


@pytest.mark.parametrize("view", ["light", "phone"])
@pytest.mark.parametrize("path", ["", "claims/", *(f"concepts/{slug}/" for slug in SLUGS)])
def test_nothing_moves_while_a_page_loads(path, view, browser, address):
    # on a busy machine a font may come late: one load of three will do
    assert any(shift(browser, address + path, view) == 0 for _ in range(3))


@pytest.mark.parametrize("path", [path for path in PAGES if path != "404.html"])
def test_a_page_says_what_it_is_to_machines(path, site):
    soup = BeautifulSoup((site / path / "index.html").read_text(), "html.parser")
    assert len(soup.select("h1")) == 1
    assert soup.select_one("meta[name=description]")["content"]
    assert soup.select_one("link[rel=canonical]")["href"].endswith(path)
    said = {name: soup.select_one(f"meta[property='og:{name}']")["content"] for name in OPEN_GRAPH}
    assert all(said.values())
    with Image.open(site / "assets" / "cards" / said["image"].rpartition("/assets/cards/")[2]) as picture:
        assert picture.size == (1200, 630)
    levels = [int(heading.name[1]) for heading in soup.select("article :is(h1, h2, h3, h4, h5, h6)")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_our_own_rules_are_all_in_the_sheet_of_the_pages(site):
    ours = (ROOT / "mathref" / "handbook" / "theme" / "static" / "mathref.css").read_text()
    (merged,) = (site / "assets").glob("styles.*.css")
    classes = set(re.findall(r"\.(mr-[\w-]+)", ours))
    assert "mr-handle__knob" in classes
    assert classes <= set(re.findall(r"\.(mr-[\w-]+)", merged.read_text()))


def test_the_policy_stands_in_each_page_for_hosts_without_headers(site):
    for page in site.rglob("*.html"):
        assert page.read_text().count('http-equiv="Content-Security-Policy"') == 1


def test_the_archive_is_read_and_searched_without_a_server(site, browser, tmp_path):
    with zipfile.ZipFile(site / "mathref-handbook.zip") as packed:
        packed.extractall(tmp_path)
    home = tmp_path / "mathref-handbook" / "index.html"
    tab = browser.new_page()
    wrong = watched(tab)
    tab.goto(home.as_uri())
    tab.click(".mr-card a >> text=Determinant")
    tab.wait_for_url(re.compile(r"determinant/index\.html$"))
    assert tab.title().startswith("Determinant")
    tab.focus(".md-search__input")
    tab.keyboard.type("pseudo", delay=20)
    tab.wait_for_selector(".md-search-result__item")
    assert "pseudoinverse" in tab.get_attribute(".md-search-result__item a", "href")
    assert wrong == []
    tab.close()
