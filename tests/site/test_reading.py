"""The built site in a browser: pages open in silence, snippets are copied as they stand, concepts are found."""

import json

import pytest
from conftest import ROOT, SHOW_ALL

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))
PAGES = [
    "",
    "claims/",
    "notation/",
    "data/",
    "api/",
    *(f"{kind}/{slug}/" for slug in SLUGS for kind in ("concepts", "api")),
]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.heard = []
    page.on(
        "console", lambda message: page.heard.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on("requestfailed", lambda request: page.heard.append(f"failed: {request.url}"))
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_in_silence_and_asks_no_other_host(path, page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    response = page.goto(address + path)
    page.wait_for_load_state("networkidle")
    assert response.ok
    assert page.heard == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert page.locator("h1").count() == 1
    assert "$$" not in page.locator("article").inner_text()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_no_wider_than_a_phone(slug, page, address):
    page.set_viewport_size(PHONE)
    page.goto(f"{address}concepts/{slug}/")
    page.evaluate(SHOW_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("slug", SLUGS)
def test_each_copy_button_copies_exactly_the_source(slug, page, address, site):
    snippets = {s["id"]: s for s in json.loads((site / "snippets.json").read_text()) if s["page"] == slug}
    page.goto(f"{address}concepts/{slug}/")
    assert page.locator("[data-snippet]").count() == len(snippets)
    for name, snippet in snippets.items():
        element = page.locator(f'[data-snippet="{name}"]')
        button = element.locator("[data-md-type=copy]")
        element.scroll_into_view_if_needed()  # the button is made for what is seen
        button.click()
        assert button.count() == 1
        page.wait_for_function("navigator.clipboard.readText().then(text => text.length > 0)")
        assert page.evaluate("navigator.clipboard.readText()") == snippet["source"]
        page.evaluate("navigator.clipboard.writeText('')")


def _names():
    for path in (ROOT / "docs" / "concepts").glob("*.md"):
        heading = next(line for line in path.read_text().splitlines() if line.startswith("# "))
        yield pytest.param(path.stem, heading[2:].split(" {")[0], id=path.stem)


@pytest.mark.parametrize(("slug", "name"), list(_names()))
def test_the_search_box_finds_a_concept_by_its_name(slug, name, page, address):
    page.goto(address)
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially(name)
    first = page.locator(".md-search-result__link").first
    first.wait_for()
    # each key has its own results; those of the whole name are the last
    page.wait_for_function(
        "slug => document.querySelector('.md-search-result__link')?.href.includes(`/concepts/${slug}/`)", arg=slug
    )


def test_a_link_to_a_snippet_leads_to_it(page, address):
    page.goto(f"{address}concepts/determinant/#snippet-three-ways-to-the-same-number")
    page.wait_for_timeout(300)
    assert page.locator("#snippet-three-ways-to-the-same-number").is_visible()
    top = page.evaluate("document.getElementById('snippet-three-ways-to-the-same-number').getBoundingClientRect().top")
    assert 0 <= top < DESKTOP["height"] / 2
