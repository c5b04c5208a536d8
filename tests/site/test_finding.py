"""From what was typed to the passage: corrections are offered, whole words are marked, the section comes first."""

import re
import zipfile
from collections import Counter

import pytest
from conftest import soup

BOX = ".md-search-result__list"
ASK = """(query) => new Promise((done) => {
  const list = document.querySelector(".md-search-result__list"), box = document.querySelector(".md-search__input");
  const limit = setTimeout(done, 3000);
  const watch = new MutationObserver(() => {
    if (!list.children.length) return;
    watch.disconnect();
    clearTimeout(limit);
    setTimeout(done, 50);
  });
  watch.observe(list, { childList: true });
  box.focus();
  box.value = query;
  box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
})"""


@pytest.fixture(scope="module")
def tab(browser, address):
    tab = browser.new_page()
    tab.goto(address)
    tab.focus(".md-search__input")
    ask(tab, "warm up")
    yield tab
    tab.close()


def ask(tab, query):
    tab.evaluate(ASK, query)


def first(tab, query):
    ask(tab, query)
    return tab.inner_text(f"{BOX} > li:first-child")


@pytest.mark.parametrize(("query", "word"), [("ballet", "ballet"), ("quaternion least squares", "quaternion")])
def test_a_word_that_is_nowhere_is_said_to_be_nowhere_and_no_other_is_put_in_its_place(query, word, tab):
    shown = first(tab, query)
    assert f"Nowhere in this handbook: {word}" in shown
    assert "Showing results for" not in shown


def test_a_correction_that_may_be_meant_is_offered(tab, address):
    ask(tab, "ballet")
    offered = tab.locator(f"{BOX} a").last
    assert "Did you mean" in offered.inner_text()
    assert "?q=" in offered.get_attribute("href")


def test_a_section_that_has_the_words_is_shown_and_entered(tab):
    shown = first(tab, "Wilkinson")
    assert "Eigenvalues as roots" in shown
    assert tab.locator(f"{BOX} > li:first-child > a").count() > 1
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("#"))
    assert tab.locator("mark").count() > 0
    words = tab.eval_on_selector_all("mark", "all => all.map((mark) => mark.textContent.toLowerCase())")
    assert set(words) <= {"wilkinson"}
    tops = tab.eval_on_selector_all("mark", "all => all.map((mark) => mark.getBoundingClientRect().top)")
    assert any(0 < top < tab.viewport_size["height"] for top in tops)
    tab.go_back()


@pytest.mark.parametrize(("query", "marked"), [("A⁻¹", set()), ("log", {"log", "logs"}), ("Shannon", {"shannon"})])
def test_a_page_marks_whole_words_and_nothing_for_a_symbol(query, marked, tab, address):
    tab.goto(address)
    ask(tab, query)
    tab.goto(tab.get_attribute(f"{BOX} a", "href"))
    words = tab.eval_on_selector_all("article mark", "all => all.map((mark) => mark.textContent.toLowerCase())")
    assert set(words) <= marked
    around = "all => all.map((mark) => [mark.previousSibling?.data ?? '', mark.nextSibling?.data ?? ''])"
    for before, after in tab.eval_on_selector_all("article mark", around):
        assert not before[-1:].isalnum()
        assert not after[:1].isalnum()


def test_results_in_the_archive_lead_to_files(browser, site, tmp_path):
    with zipfile.ZipFile(site / "mathref-handbook.zip") as packed:
        packed.extractall(tmp_path)
    tab = browser.new_page()
    tab.goto((tmp_path / "mathref-handbook" / "index.html").as_uri())
    for query in ("svd", "matrix", "ballet"):
        tab.fill(".md-search__input", "")
        tab.focus(".md-search__input")
        tab.keyboard.type(query)
        tab.wait_for_function(
            "word => document.querySelector('.md-search-result__list')?.innerText.includes(word)", arg=query
        )
        links = tab.eval_on_selector_all(f"{BOX} a", "all => all.map((a) => new URL(a.href).pathname)")
        assert links
        assert [link for link in links if not link.endswith("/index.html")] == []
    tab.close()


def test_the_table_of_symbols_shows_what_is_typed_and_leads_to_the_passage(site):
    page = soup(site / "symbols" / "index.html")
    typed = {code.text for code in page.select("td code")}
    assert {"||x||_inf", "LL*", "V*", "*", "A * B"} <= typed
    links = [link["href"] for link in page.select("td a")]
    assert len(links) > 150
    tops = [link for link in links if "#" not in link]
    assert max(Counter(tops).values()) <= 2, tops  # only a page's main formulas stand before its first heading
