"""On a phone formulas, figures and code are whole, and nothing lies on the code; forced colours reach drawings."""

import pytest

CUT = """(kinds) => [...document.querySelectorAll(kinds)].filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.scrollWidth - e.clientWidth}: ${e.textContent.slice(0, 40)}`)"""
WHOLE = ".md-typeset :is(.mr-formula, .mr-figure, pre > code, .mr-snippet__output, .mr-table:has(.mr-column)), .mr-scroll:has(.mr-column)"
COVERED = """() => [...document.querySelectorAll(".md-code__nav")].filter((nav) => {
  const code = nav.closest("pre").querySelector("code"), [a, b] = [nav, code].map((e) => e.getBoundingClientRect());
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}).length"""


def test_nothing_of_a_page_is_cut_and_no_button_lies_on_code(browser, address, site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab, cut = context.new_page(), {}
    paths = [f"concepts/{file.parent.name}/" for file in site.glob("concepts/*/index.html")]
    for path in sorted([*paths, "api/svd/"]):
        tab.goto(f"{address}{path}#x", wait_until="domcontentloaded")
        if found := tab.evaluate(CUT, WHOLE):
            cut[path] = found
        tab.wait_for_selector(".md-code__nav", state="attached")
        assert tab.evaluate(COVERED) == 0, path
        assert tab.locator(".md-top").count() == 0  # the button "Back to top" lay on the text
    context.close()
    assert cut == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_colours_are_forced_a_drawing_has_them_whatever_scheme_was_chosen(scheme, browser, address):
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{address}concepts/entropy/")
    tab.evaluate(
        "() => { for (const s of ['default', 'slate']) if (s !== document.body.dataset.mdColorScheme) { document.body.dataset.mdColorScheme = s; break; } }"
    )
    ink = "node => { const probe = document.createElement('i'); probe.style.color = 'CanvasText'; document.body.append(probe); return [getComputedStyle(node).fill, getComputedStyle(probe).color]; }"
    fill, forced = tab.locator(".mr-figure__svg text").first.evaluate(ink)
    assert fill == forced
    context.close()
