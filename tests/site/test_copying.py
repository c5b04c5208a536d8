"""What is copied is what one would have typed or read, in text and in HTML, with a clipboard or without."""

import re

import pytest

PASTED = """async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (kind) => item.types.includes(kind) ? (await item.getType(kind)).text() : "";
  return [await read("text/plain"), await read("text/html")];
}"""
SELECT = """([from, to]) => {
  const [first, last] = [from, to].map((name) => document.querySelector(name));
  getSelection().setBaseAndExtent(first, 0, last, last.childNodes.length);
}"""


@pytest.fixture(scope="module")
def tab(browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def test_an_example_of_the_api_is_copied_as_it_was_typed(tab, address):
    tab.goto(f"{address}api/determinant/")
    tab.wait_for_selector(".md-code__button")
    for number in range(tab.locator("pre:has(.gp)").count()):
        example = tab.locator("pre:has(.gp)").nth(number)
        example.scroll_into_view_if_needed()
        example.locator(".md-code__button").click()
        shown, copied = example.text_content(), tab.evaluate(PASTED)[0]
        assert copied == "\n".join(line[4:] for line in shown.splitlines() if line[:3] in (">>>", "..."))
        compile(copied, "example", "exec")
    assert number > 2


def test_a_selection_across_prose_formulas_and_code_keeps_blocks_apart_and_each_formula_once(tab, address):
    tab.goto(f"{address}concepts/determinant/#definition")
    tab.evaluate(SELECT, ["#definition", "#compute-it ~ .mr-snippet"])
    tab.keyboard.press("Control+c")
    text, markup = tab.evaluate(PASTED)
    snippet = tab.text_content("#compute-it ~ .mr-snippet code")
    assert snippet.rstrip() in text
    assert re.search(r"Compute it\n", text)
    output = tab.text_content("#compute-it ~ .mr-snippet samp")
    assert f"\n{output.rstrip()}" in text
    for flavour in (text, markup):
        assert flavour.count(r"$A^{(ij)}$") == 1
        assert r"$$\det A = \sum_{j=1}^{n}" in flavour
    assert not re.search(r"Copy TeX|#\n|\bdet⁡A", text)
    assert markup.count("<p") > 3
    assert "<pre" in markup
    assert "katex" not in markup


def test_a_part_of_a_formula_is_copied_as_the_whole(tab, address):
    tab.goto(f"{address}concepts/determinant/#definition")
    tab.evaluate(SELECT, [".mr-formula .katex-base .mspace", ".mr-formula .katex-base + .katex-base .mathnormal"])
    tab.keyboard.press("Control+c")
    text, _ = tab.evaluate(PASTED)
    assert text.strip() == f"$${tab.get_attribute('.mr-formula [data-tex]', 'data-tex')}$$"


HEARD = (
    "() => { window.copied = ''; addEventListener('copy', () => { copied = document.activeElement.value; }, true); }"
)
TEX = "button => button.closest('.mr-formula').querySelector('[data-tex]').dataset.tex"


def test_over_plain_http_formulas_and_links_are_copied_too(tab, address):
    tab.add_init_script("delete Navigator.prototype.clipboard")  # as where the address is no secure one
    tab.goto(f"{address}concepts/determinant/#definition")
    for near, button, of in (
        (".md-typeset > .mr-formula", ".mr-formula__copy", TEX),
        (".mr-snippet__head", ".mr-snippet__link", "link => link.href"),
    ):
        tab.hover(near)
        tab.evaluate(HEARD)
        tab.locator(button).first.click()
        tab.wait_for_selector(".md-dialog--active")
        assert tab.evaluate("copied") == tab.locator(button).first.evaluate(of)


def test_tex_that_is_copied_needs_no_macro_of_this_handbook(site):
    macros = re.compile(r"\\(?:R|C|T|H|pinv|norm|abs|KL|diag|tr|rank|E)(?![A-Za-z])")
    formulas = [tex for page in site.rglob("*.html") for tex in re.findall(r'data-tex="([^"]*)"', page.read_text())]
    assert len(formulas) > 2000
    assert sorted({tex for tex in formulas if macros.search(tex)}) == []
