"""A printed page is whole: nothing cut at the edge of the paper, each letter in its font, at the first print too."""

# Sides of A4 less the margins of the sheet, in CSS pixels.
WIDTH = round((210 - 2 * 18) / 25.4 * 96)
CUT = """(edge) => [...document.querySelectorAll(".md-typeset *")].filter((e) => e.checkVisibility() && !e.closest("svg, .katex-mathml"))
  .filter((e) => (e.scrollWidth > e.clientWidth + 1 && e.clientWidth && !/inline|contents/.test(getComputedStyle(e).display)
      && getComputedStyle(e).overflowX !== "visible")
    || (!e.closest("mr-math") && e.getClientRects().length && e.getBoundingClientRect().right > edge + 4))
  .map((e) => `${e.tagName} ${e.className}: ${e.textContent.slice(0, 40)}`)"""
# What a browser asks before it prints: the fonts of all that is shown, as far as they are there.
UNREADY = """async () => {
  dispatchEvent(new Event("beforeprint"));
  document.body.getBoundingClientRect();
  return [...document.fonts].filter((face) => face.status === "loading").map((face) => face.family);
}"""


def test_nothing_is_cut_on_a4(browser, address, site):
    tab = browser.new_page(viewport={"width": WIDTH, "height": 900})
    tab.emulate_media(media="print")
    cut = {}
    for file in sorted(site.rglob("index.html")):
        path = file.relative_to(site).as_posix().removesuffix("index.html")
        if not path.startswith("api/"):
            tab.goto(f"{address}{path}#x", wait_until="domcontentloaded")
            if found := tab.evaluate(CUT, WIDTH):
                cut[path] = found
    tab.close()
    assert cut == {}


def test_all_fonts_of_a_page_are_there_when_it_is_printed_soon_after_opening(browser, address):
    tab = browser.new_page()
    for slug in ("determinant", "svd", "tensor"):
        tab.goto(f"{address}concepts/{slug}/", wait_until="networkidle")
        assert tab.evaluate(UNREADY) == [], slug
        tab.emulate_media(media="print")
        assert tab.evaluate(UNREADY) == [], slug
        tab.emulate_media(media="screen")
    tab.close()
