"""A printed page is whole: nothing cut at the edge of the paper, each letter in its font, at the first print too."""

from conftest import in_other_views

# Sides of A4 less the margins of the sheet, in CSS pixels.
WIDTH = round((210 - 2 * 18) / 25.4 * 96)
CUT = """(edge) => [...document.querySelectorAll(".md-typeset *")]
  .filter((each) => each.checkVisibility() && each.clientWidth && !each.closest("svg, .katex-mathml"))
  .filter((each) => {
    const { display, overflowX } = getComputedStyle(each);
    const clips = overflowX !== "visible" && !/inline|contents/.test(display);
    return (clips && each.scrollWidth > each.clientWidth + 1)
      || (!each.closest("mr-math") && each.getBoundingClientRect().right > edge + 4);
  })
  .map((each) => `${each.tagName} ${each.className}: ${each.textContent.slice(0, 40)}`)"""
# Fonts are asked for one after the other when the browser has time.
ASKED = """async () => {
  for (let n = 0; n < 30; n++) await new Promise((next) => requestIdleCallback(next));
}"""
# What a browser asks before it prints: the fonts of all that is shown, as far as they are there.
UNREADY = """async () => {
  dispatchEvent(new Event("beforeprint"));
  for (const each of document.querySelectorAll("details")) each.open = true;
  document.body.getBoundingClientRect();
  return [...document.fonts].filter((face) => face.status === "loading").map((face) => face.family);
}"""


def test_nothing_is_cut_on_a4(browser, address, site):
    tab = browser.new_page(viewport={"width": WIDTH, "height": 900})
    tab.emulate_media(media="print")
    cut = {}
    for file in in_other_views(sorted(f for f in site.rglob("index.html") if "api" not in f.relative_to(site).parts)):
        path = file.relative_to(site).as_posix().removesuffix("index.html")
        if not path.startswith("api/"):
            tab.goto(f"{address}{path}#x", wait_until="domcontentloaded")
            cut[path] = tab.evaluate(CUT, WIDTH)
    tab.close()
    assert {path: found for path, found in cut.items() if found} == {}


def test_all_fonts_of_a_page_are_there_when_it_is_printed_soon_after_opening(browser, address):
    tab = browser.new_page()
    for slug in ("determinant", "svd", "tensor", "jacobian", "hadamard", "kl-divergence"):
        tab.goto(f"{address}concepts/{slug}/")
        tab.evaluate(ASKED)
        tab.evaluate("document.fonts.ready.then(() => true)")
        assert tab.evaluate(UNREADY) == [], slug
        tab.emulate_media(media="print")
        assert tab.evaluate(UNREADY) == [], slug
        tab.emulate_media(media="screen")
    tab.close()
