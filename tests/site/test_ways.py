"""Ways through many pages: the map, paths that remember, formulas at a glance, and what one takes along."""

import gzip
import re
from xml.etree import ElementTree

import pytest
import yaml
from conftest import ROOT, soup
from PIL import Image

from mathref.handbook.read.concepts import load
from mathref.handbook.read.page import read

PAGES = sorted((ROOT / "docs" / "concepts").glob("*.md"))
CONCEPTS = load((read(path.read_text(), path.as_posix()) for path in PAGES), ROOT / "mathref")
NEEDS = {slug: concept.meta.needs for slug, concept in CONCEPTS.items()}
PATHS = yaml.safe_load((ROOT / "docs" / "paths.yml").read_text())
BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
})"""
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
# how tall letters are on the screen: the smallest of the drawing
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".mr-ways text")].map((text) =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
BOXES = """all => all.map((a) => ["rect", "text"].map((kind) => a.querySelector(kind).getBoundingClientRect()))
  .map(([rect, text]) => [rect.height, text.right])"""
# sides of A4 less the margins of the sheet, in CSS pixels
WIDTH, HEIGHT = (round((side - 2 * margin) / 25.4 * 96) for side, margin in ((210, 18), (297, 16)))
SHEETS = """() => {
  const starts = [...document.querySelectorAll(".mr-sheet")].map((h2) => h2.getBoundingClientRect().top);
  const end = document.querySelector("article").getBoundingClientRect().bottom;
  return starts.map((top, n) => (starts[n + 1] ?? end) - top);
}"""


def slugs(links):
    return [re.search(r"concepts/([\w-]+)/", link["href"])[1] for link in links]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path["title"])
def test_a_path_takes_each_concept_after_what_it_needs_and_ends_where_it_says(path, site):
    (page,) = (p for p in site.glob("paths/*/index.html") if soup(p, name="h1").get_text().startswith(path["title"]))
    way = soup(page)
    steps = slugs(way.select(".mr-way a"))
    assert steps[-1] == path["to"][-1]
    for number, slug in enumerate(steps):
        assert set(NEEDS[slug]) <= set(steps[:number])
        said = soup(site / "concepts" / slug / "index.html", name="li").select_one(
            f"li:has(> a[href*='{page.parent.name}'])"
        )
        after = [CONCEPTS[step].title for step in steps[number + 1 : number + 2]]
        assert [link.get_text() for link in said.select("a")[1:]] == after
    assert len(way.select(".mr-way img")) == len(steps)


def test_what_is_ticked_off_on_a_path_is_still_so_after_loading_it_anew_and_on_another(browser, address):
    tab = browser.new_page()
    ways = ["paths/derive-backpropagation/", "paths/the-loss-of-a-vae/"]
    tab.goto(address + ways[0])
    tab.check("[data-step=vector]")
    for way in ways:
        tab.goto(address + way)
        assert tab.eval_on_selector_all("[data-step]:checked", "all => all.length") == 1
        assert tab.is_checked("[data-step=vector]")
    tab.uncheck("[data-step=vector]")
    tab.reload()
    assert not tab.is_checked("[data-step=vector]")
    tab.close()


@pytest.mark.parametrize(
    "script", [BLOCKED, "localStorage.setItem(new URL('../../', location).pathname + '.__read', '7')"]
)
def test_a_path_can_be_ticked_off_where_storage_is_closed_or_holds_something_else(script, browser, address):
    tab, wrong = browser.new_page(), []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.add_init_script(script)
    tab.goto(f"{address}paths/derive-backpropagation/")
    tab.check("[data-step=scalar]")
    assert tab.is_checked("[data-step=scalar]")
    assert wrong == []
    tab.close()


def test_the_map_has_a_link_for_each_concept_an_arc_for_each_need_and_the_list_says_the_same(site):
    home = soup(site / "index.html")
    listed = slugs(home.select("ol.mr-map a"))
    assert sorted(listed) == sorted(NEEDS)
    assert slugs(home.select("svg.mr-ways a")) == listed
    for node, card in zip(home.select("svg.mr-ways a"), home.select("ol.mr-map li"), strict=True):
        titles = [CONCEPTS[need].title for need in NEEDS[slugs([node])[0]]]
        assert len(node.find_next_sibling("g").select("path")) == len(titles)
        assert [t for t in titles if t not in node["aria-label"] or t not in card.get_text()] == []


def test_home_is_light_and_brings_pictures_only_as_they_come_near(browser, address):
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    finished = []
    tab.on("requestfinished", lambda request: finished.append(request))
    tab.goto(address, wait_until="networkidle")
    bodies = {request.url: request.response().body() for request in finished}
    weight = sum(len(body) if url.endswith(".woff2") else len(gzip.compress(body)) for url, body in bodies.items())
    pictures = sum(url.endswith(".svg") and "concepts/" in url for url in bodies)
    print(f"\nhome {weight} bytes, {pictures} of {len(NEEDS)} pictures")
    assert weight <= 120_000
    assert pictures < len(NEEDS) / 2
    tab.close()


def test_the_map_is_legible_on_a_phone(browser, address):
    context = browser.new_context(**PHONE)
    tab = context.new_page()
    tab.goto(address)
    assert tab.evaluate(SMALLEST) >= 11.5
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    for height, right in tab.eval_on_selector_all(".mr-ways a", BOXES):
        assert height >= 24
        assert right <= 390
    context.close()


def test_formulas_at_a_glance_are_those_that_stand_first_on_their_pages(site):
    sheet = soup(site / "formulas" / "index.html")
    shown = [math["data-tex"] for math in sheet.select(".mr-formula [data-tex]")]
    pages = {slug: soup(site / "concepts" / slug / "index.html", class_="mr-formula") for slug in NEEDS}
    first = {slug: page.select_one(".mr-formula [data-tex]") for slug, page in pages.items()}
    links = slugs(sheet.select("article h3 a[href*=concepts]"))
    assert sorted(links) == sorted(NEEDS)
    assert shown == [first[slug]["data-tex"].rstrip(" .,") for slug in links]
    functions = [link["href"] for link in sheet.select("article p a[href*='/api/']")]
    assert {re.search(r"api/([\w-]+)/", link)[1] for link in functions} == set(NEEDS)


def test_each_part_of_the_formulas_fits_on_two_sides_of_a4(browser, address):
    tab = browser.new_page(viewport={"width": WIDTH, "height": 900})
    tab.emulate_media(media="print")
    tab.goto(f"{address}formulas/")
    heights = tab.evaluate(SHEETS)
    print("\nsides", [round(height / HEIGHT, 2) for height in heights])
    assert max(heights) <= 2 * HEIGHT * 0.93  # what breaks over a side leaves a gap
    tab.close()


def test_a_page_is_copied_as_its_markdown(browser, address, site):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{address}concepts/svd/")
    button = tab.locator(".mr-takeaway button")
    assert not button.is_visible()
    button.evaluate("button => button.scrollIntoView()")
    tab.wait_for_selector(".mr-takeaway button[data-clipboard-text]")
    button.click()
    tab.wait_for_selector(".md-dialog--active")
    markdown = (site / "concepts" / "svd" / "index.md").read_text()
    assert tab.evaluate("navigator.clipboard.readText()") == markdown
    assert markdown in (site / "llms-full.txt").read_text()
    context.close()


def test_each_figure_is_there_as_a_file_that_needs_no_sheet(site):
    count = 0
    for page in site.rglob("index.html"):
        for figure in soup(page, name="figure").select("figure.mr-figure"):
            drawing, *pictures = figure.select("figcaption a[download]")
            drawn = (page.parent / drawing["href"]).read_text()
            ElementTree.fromstring(drawn)
            assert "var(" not in drawn
            assert 'viewBox="' in drawn
            corners = [Image.open(page.parent / link["href"]).convert("L").getpixel((0, 0)) for link in pictures]
            assert [corner > 128 for corner in corners] == [True, False], "one on light paper and one on dark"
            count += 1
    assert count > len(NEEDS)
