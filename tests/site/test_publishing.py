"""The published site: what machines read of it, what of our sheet is in it, and the archive without a server."""

import re
import zipfile
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from PIL import Image

SLUGS = sorted(path.stem for path in (ROOT / "docs" / "concepts").glob("*.md"))
OTHERS = [
    "",
    "about/",
    "formulas/",
    "paths/derive-backpropagation/",
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
OPEN_GRAPH = ("type", "title", "description", "url", "image")


def watched(tab):
    """What goes wrong in a tab: messages of its console and what the policy blocks."""
    wrong = []
    tab.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    return wrong


@pytest.mark.parametrize("slug", ["broadcasting", "convolution", "covariance"])
def test_the_names_in_other_libraries_need_no_scrolling_on_a_desktop(browser, address, slug):
    context = browser.new_context(viewport={"width": 1380, "height": 900})
    tab = context.new_page()
    tab.goto(f"{address}concepts/{slug}/")
    assert tab.eval_on_selector(".mr-scroll:has(.mr-column)", "box => box.scrollWidth <= box.clientWidth")
    context.close()


def test_a_wide_table_scrolls_by_itself_without_scripts(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}claims/")
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


@pytest.mark.parametrize("path", [path for path in PAGES if path != "404.html"])
def test_a_page_says_what_it_is_to_machines(path, site):
    page = (site / path / "index.html").read_text()
    head = BeautifulSoup(page.partition("</head>")[0], "html.parser")
    assert len(re.findall(r"<h1\b", page)) == 1
    assert head.select_one("meta[name=description]")["content"]
    assert head.select_one("link[rel=canonical]")["href"].endswith(path)
    said = {name: head.select_one(f"meta[property='og:{name}']")["content"] for name in OPEN_GRAPH}
    assert all(said.values())
    with Image.open(site / "assets" / "cards" / said["image"].rpartition("/assets/cards/")[2]) as picture:
        assert picture.size == (1200, 630)
    article = page[page.index("<article") : page.index("</article>")]
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", article)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_our_own_rules_are_all_in_the_sheet_of_the_pages(site):
    sheets = (ROOT / "mathref" / "handbook" / "theme" / "static").glob("*.css")
    ours = "".join(sheet.read_text() for sheet in sheets)
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
