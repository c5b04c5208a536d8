"""A page works where the browser keeps nothing, or keeps what this site has not put there."""

import pytest

BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
})"""
KEPT = "localStorage.setItem(new URL('../../', location).pathname + '.__palette', {})"


@pytest.mark.parametrize(
    "script", [BLOCKED, *(KEPT.format(repr(rubbish)) for rubbish in ("{", "7", '{"index":"x","color":{"a b":1}}'))]
)
def test_search_copy_and_scheme_work(script, browser, address):
    tab = browser.new_page()
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.add_init_script(script)
    tab.goto(f"{address}concepts/determinant/")
    tab.locator(".mr-snippet .md-code__button").first.click()
    scheme = tab.get_attribute("body", "data-md-color-scheme")
    tab.click("label.md-header__button:not([hidden])[for^=__palette]")
    assert tab.get_attribute("body", "data-md-color-scheme") != scheme
    tab.focus(".md-search__input")
    tab.keyboard.type("svd")
    tab.wait_for_selector(".md-search-result__item")
    assert wrong == []
    tab.close()
