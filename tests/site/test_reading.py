"""The built site in a browser: concepts are found by their names, a link to a snippet leads to it."""

import pytest
from conftest import ROOT

DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def page(browser, address):
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def _names():
    for path in (ROOT / "docs" / "concepts").glob("*.md"):
        heading = next(line for line in path.read_text().splitlines() if line.startswith("# "))
        yield pytest.param(path.stem, heading[2:].split(" {")[0], id=path.stem)


@pytest.mark.parametrize(("slug", "name"), list(_names()))
def test_the_search_box_finds_a_concept_by_its_name(slug, name, page, address):
    if page.url != address:
        page.goto(address)
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").fill("")
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


def test_an_exercise_is_folded_in_and_opens_for_who_comes_by_a_link(page, address):
    page.goto(f"{address}concepts/svd/#the-gradient-of-one-example")
    page.wait_for_selector("details.mr-exercise[open]")
    assert page.locator("details.mr-exercise").count() > 2
    assert page.locator("details.mr-exercise[open] #the-gradient-of-one-example").is_visible()
    assert page.locator("details.mr-exercise[open]").count() == 1
