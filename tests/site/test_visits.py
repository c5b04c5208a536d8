"""Each page as a reader opens it first: light, still, silent, open to everyone, and copied as it stands.

What belongs to one view of a page is looked at in one visit, since opening a page costs more than most looks at it.
"""

import gzip
import json
import statistics
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ALL_VIEWS, FRAMES, ROOT, in_other_views, show_all

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))
OTHERS = [
    "about",
    "formulas",
    "putting-it-together",
    "paths/derive-backpropagation",
    "claims",
    "names",
    "symbols",
    "error-messages",
    "notation",
    "data",
    "tutorial-set-right",
    "api",
]
PAGES = ["", *(f"{name}/" for name in [*OTHERS, *(f"{kind}/{s}" for s in SLUGS for kind in ("concepts", "api"))])]
ALL = ["404.html", *PAGES]
STILL = ["", "claims/", *(f"concepts/{slug}/" for slug in SLUGS)]
COLOURS, LAYOUT = ["color-contrast", "link-in-text-block"], "layout"
# Of what axe would load again no rule here needs the sheets.
AXE = """options => axe.run(document, {
  resultTypes: ["violations"], preload: { assets: ["media"] }, ...options,
}).then(({ violations }) =>
  violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200), nodes.length]))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP = {"width": 1280, "height": 720}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PALETTE = "label.md-header__button:not([hidden])[for^=__palette]"
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
  .observe({ type: "layout-shift", buffered: true });
"""
# Elements with text of their own that differ in look or place from all before them: one of each kind is enough for
# the rules about colours, unless all are asked for. Within a formula axe has no rule, only many elements.
MARK_ONE_OF_EACH = """() => {
  for (const math of document.querySelectorAll("math")) math.textContent = math.textContent;
  const seen = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const look = getComputedStyle(element);
    let kind = [look.color, look.backgroundColor, look.fontSize, look.fontWeight, look.opacity].join();
    for (let box = element; box !== document.body; box = box.parentElement) kind += `|${box.tagName}.${box.className}`;
    if (!seen.has(kind)) element.toggleAttribute("data-look", true);
    seen.add(kind);
  }
}"""
# A coloured word of code has no part in the rules that are not about colours, only half of a page's elements. Where the
# rules about colours look, it stays.
CODE_AS_TEXT = """() => {
  for (const code of document.querySelectorAll("pre code:not(:has(:not(span), [data-look]))"))
    code.textContent = code.textContent;
}"""
# What is copied by the button of each snippet, by the snippet's id.
COPIED = """async () => {
  const copied = {};
  const until = async (holds, tries) => {
    for (let done = 0; done < tries && !await holds(); done++) await new Promise((next) => setTimeout(next, 20));
  };
  const folded = [...document.querySelectorAll("details:not([open])")];
  for (const each of folded) each.open = true;
  // the rest of the page would only be drawn anew for each snippet
  const others = document.querySelectorAll("article > :not([data-snippet], :has([data-snippet]))");
  for (const each of others) each.style.display = "none";
  for (const tab of document.querySelectorAll(".tabbed-block")) tab.style.display = "block";
  for (const snippet of document.querySelectorAll("[data-snippet]")) {
    const buttons = () => snippet.querySelectorAll("[data-md-type=copy]");
    if (!buttons().length) snippet.scrollIntoView(); // the theme puts the button in when it sees the code
    await until(() => buttons().length, 250);
    await navigator.clipboard.writeText("");
    for (let tries = 0; tries < 30 && !await navigator.clipboard.readText(); tries++) {
      snippet.scrollIntoView(); // what was above may have grown, and what is out of sight is not drawn
      for (const button of buttons()) button.click();
      await until(() => navigator.clipboard.readText(), 50);
    }
    copied[snippet.dataset.snippet] = [buttons().length, await navigator.clipboard.readText()];
  }
  for (const each of others) each.style.display = "";
  for (const each of folded) each.open = false;
  for (const tab of document.querySelectorAll(".tabbed-block")) tab.style.display = "";
  scrollTo(0, 0);
  return copied;
}"""


@pytest.fixture(scope="module")
def strict_address(site) -> Iterator[str]:
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


@pytest.fixture(scope="module")
def tab(browser):
    """A tab for many visits: a browser's new context costs more than a page."""
    context = browser.new_context(color_scheme="light", reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.add_init_script(SHIFTS)
    yield tab
    context.close()


class Visit:
    """A page opened with an empty cache, and what is said and asked meanwhile."""

    def __init__(self, tab, url, screen=DESKTOP):
        self.tab, self.wrong, self.asked, self.finished = tab, [], [], []
        self.hear = {
            "console": lambda told: self.wrong.append(told.text) if told.type in ("error", "warning") else None,
            "pageerror": lambda error: self.wrong.append(str(error)),
            "requestfailed": self.hear_failure,
            "request": lambda request: self.asked.append(request.url),
            "requestfinished": lambda request: self.finished.append(request),
        }
        for event, heard in self.hear.items():
            tab.on(event, heard)
        connection = tab.context.new_cdp_session(tab)
        connection.send("Network.clearBrowserCache")
        connection.detach()
        tab.set_viewport_size(screen)
        self.response = tab.goto(url)
        tab.evaluate("document.fonts.ready.then(() => true)")
        tab.evaluate(FRAMES)
        self.first = list(self.finished)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for event, heard in self.hear.items():
            self.tab.remove_listener(event, heard)
        self.tab.evaluate("localStorage.clear()")

    def hear_failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # what the browser gave up when it left a page has not failed
            self.wrong.append(f"failed: {request.url} {request.failure}")

    def moved(self):
        """How far things moved while it was loaded."""
        return sum(self.tab.evaluate("shifts"))

    def weight(self):
        """Bytes of the first load, text compressed, and the number of requests."""
        # asked for again: the browser keeps a body only as long as it likes
        bodies = {request.url: self.tab.request.get(request.url).body() for request in self.first}
        packed = (len(body) if url.endswith(".woff2") else len(gzip.compress(body)) for url, body in bodies.items())
        return sum(packed), len(bodies)

    def is_used(self):
        """Something is copied by the mouse, something searched for, and the scheme is changed."""
        tab = self.tab
        for kind, button in ((".mr-snippet", ".md-code__button"), (".md-typeset > .mr-formula", ".mr-formula__copy")):
            if tab.query_selector(kind):
                tab.hover(kind)
                tab.click(f"{kind} {button}")
        tab.fill(".md-search__input", "svd")
        tab.keyboard.press("End")
        tab.wait_for_selector(".md-search-result__item")
        tab.keyboard.press("Escape")
        tab.click(PALETTE)


def small_targets(tab):
    """What axe finds too small to be touched, or hidden in part, as long as nothing has been scrolled to."""
    tab.evaluate(Axe().axe_script)
    return tab.evaluate(AXE.replace("WHERE", "document"), {"runOnly": {"type": "rule", "values": ["target-size"]}})


def violations(tab, rules=None):
    """What axe finds. The visual halves of formulas, hidden from readers of the screen, would take it minutes."""
    tab.evaluate("for (const half of document.querySelectorAll('mr-math')) half.remove()")
    tab.evaluate("document.querySelector('.md-dialog')?.remove()")  # "Copied to clipboard", said late on a busy machine
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(Axe().axe_script)
    if rules != LAYOUT and not ALL_VIEWS:
        tab.evaluate(MARK_ONE_OF_EACH)
        tab.evaluate("axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-look]' }] })")
    if rules == LAYOUT or (rules is None and not ALL_VIEWS):
        tab.evaluate(CODE_AS_TEXT)
    without = {"rules": {name: {"enabled": False} for name in COLOURS}} if rules == LAYOUT else {}
    return tab.evaluate(AXE, {"runOnly": COLOURS if rules == COLOURS else TAGS, **without})


def stands_still(tab, url, screen=DESKTOP):
    """Nothing moves while a page loads; on a busy machine a font may come late: one load of three will do."""
    for _ in range(2):
        with Visit(tab, url, screen) as visit:
            if visit.moved() == 0:
                return True
    return False


@pytest.mark.parametrize("path", ALL)
def test_a_page_opens_in_silence_asks_no_other_host_and_axe_finds_nothing(path, tab, strict_address, site):
    with Visit(tab, strict_address + path) as visit:
        assert visit.response.ok
        assert tab.locator("h1").count() == 1
        assert "$$" not in tab.locator("article").inner_text()
        still = visit.moved() == 0 or path not in STILL
        if path.startswith("concepts/"):
            size, requests = visit.weight()
            assert size <= 200_000
            assert requests <= 25
            snippets = json.loads((site / "snippets.json").read_text())
            expected = {s["id"]: [1, s["source"]] for s in snippets if path == f"concepts/{s['page']}/"}
            if tab.evaluate(COPIED) != expected:  # on a busy machine a page may lose its clipboard: not twice
                tab.reload()
                assert tab.evaluate(COPIED) == expected
        show_all(tab)
        if path in in_other_views(ALL):
            visit.is_used()
            assert tab.get_attribute("body", "data-md-color-scheme") == "slate"
            assert violations(tab, COLOURS) == []
            tab.click(PALETTE)
        assert tab.get_attribute("body", "data-md-color-scheme") == "default"
        assert visit.wrong == []
        own = (strict_address, "data:", "blob:")
        assert [url for url in visit.asked if not url.startswith(own)] == []
        assert violations(tab) == []
    assert still or stands_still(tab, strict_address + path)


@pytest.fixture(scope="module")
def phone(browser):
    """A tab on a telephone."""
    context = browser.new_context(**PHONE, reduced_motion="reduce")
    tab = context.new_page()
    tab.add_init_script(SHIFTS)
    yield tab
    context.close()


@pytest.mark.parametrize("path", in_other_views(ALL))
def test_on_a_phone_a_page_stands_still_is_no_wider_than_it_and_axe_finds_nothing(path, phone, address):
    with Visit(phone, address + path, PHONE["viewport"]) as visit:
        still = visit.moved() == 0 or path not in STILL
        assert small_targets(phone) == []
        show_all(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
        assert violations(phone, LAYOUT) == []
    assert still or stands_still(phone, address + path, PHONE["viewport"])


def test_the_median_concept_page_is_light(tab, address):
    weights = {}
    for slug in in_other_views(SLUGS):
        with Visit(tab, f"{address}concepts/{slug}/") as visit:
            weights[slug], _ = visit.weight()
    print(f"\nmedian {statistics.median(weights.values()):.0f} bytes", weights)
    assert statistics.median(weights.values()) <= 140_000


@pytest.mark.parametrize("path", in_other_views(ALL))
def test_without_scripts_a_page_shows_all_that_it_has(path, without_scripts, address):
    without_scripts.goto(address + path)
    shown = ["h1", "article > :is(p, ul, .doc, .mr-scroll, .mr-claim)"]
    if path.startswith("concepts/"):
        shown += [".mr-oneline", ".katex-html", "[data-snippet-source]", "[data-snippet-output]", ".mr-figure svg"]
        shown += [".mr-claim__statement", "article > .mr-scroll .mr-table"]
    for kind in shown:
        assert without_scripts.locator(kind).first.is_visible(), kind


@pytest.mark.parametrize("view", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE])
def test_axe_finds_nothing_in_the_open_search(view, browser, address):
    context = browser.new_context(**view, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{address}?q=eigenvalue")
    tab.wait_for_selector(".md-search-result__item")
    show_all(tab)
    assert violations(tab) == []
    context.close()
