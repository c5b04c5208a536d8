"""On a phone formulas, figures and code are whole, and nothing lies on the code; forced colours reach drawings."""

import pytest
from conftest import in_other_views

CUT = """(kinds) => [...document.querySelectorAll(kinds)]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.scrollWidth - each.clientWidth}: ${each.textContent.slice(0, 40)}`)"""
WHOLE = ", ".join([".mr-formula", ".mr-figure", "pre > code", ".mr-snippet__output", ".mr-scroll:has(.mr-column)"])
COVERED = """() => [...document.querySelectorAll(".md-code__nav")].filter((nav) => {
  const code = nav.closest("pre").querySelector("code"), [a, b] = [nav, code].map((e) => e.getBoundingClientRect());
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}).length"""


def test_nothing_of_a_page_is_cut_and_no_button_lies_on_code(browser, address, site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab, cut = context.new_page(), {}
    paths = [f"concepts/{file.parent.name}/" for file in site.glob("concepts/*/index.html")]
    for path in [*in_other_views(sorted(paths)), "api/svd/"]:
        tab.goto(f"{address}{path}#x", wait_until="domcontentloaded")
        cut[path] = tab.evaluate(CUT, WHOLE)
        tab.locator("pre:has(> code)").first.scroll_into_view_if_needed()
        tab.wait_for_selector(".md-code__nav", state="attached")  # the button is made for what is seen
        assert tab.evaluate(COVERED) == 0, path
        assert tab.locator(".md-top").count() == 0  # the button "Back to top" lay on the text
    context.close()
    assert {path: found for path, found in cut.items() if found} == {}


COLOURS = """(text) => {
  const probe = document.createElement("i");
  probe.style.color = "CanvasText";
  document.body.append(probe);
  return [getComputedStyle(text).fill, getComputedStyle(probe).color];
}"""


@pytest.mark.parametrize(("system", "chosen"), [("light", "slate"), ("dark", "default")])
def test_where_colours_are_forced_a_drawing_has_them_whatever_scheme_was_chosen(system, chosen, browser, address):
    context = browser.new_context(forced_colors="active", color_scheme=system)
    tab = context.new_page()
    tab.goto(f"{address}concepts/entropy/")
    tab.evaluate("scheme => { document.body.dataset.mdColorScheme = scheme; }", chosen)
    drawn, forced = tab.locator(".mr-figure__svg text").first.evaluate(COLOURS)
    assert drawn == forced
    context.close()
