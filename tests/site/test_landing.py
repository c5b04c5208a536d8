"""Links to headings lead to them: what is laid out late, drawn by scripts or set in late fonts moves nothing away."""

import re

DESKTOP, PHONE = {"width": 1380, "height": 900}, {"width": 390, "height": 844}
# How far a heading stands from where it is sought, once all is at rest; for the one that the page was opened at.
OPENED = """async () => {
  await document.fonts.ready;
  for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
  const heading = document.getElementById(location.hash.slice(1)), landed = heading.getBoundingClientRect().top;
  heading.scrollIntoView();
  return Math.round(Math.abs(landed - heading.getBoundingClientRect().top));
}"""
# The same for all others, link after link.
FOLLOWED = """async () => {
  const far = {};
  for (const heading of document.querySelectorAll("article :is(h2, h3, h4, h5, h6)[id]")) {
    location.hash = "";
    location.hash = heading.id;
    await new Promise(requestAnimationFrame);
    const landed = heading.getBoundingClientRect().top;
    heading.scrollIntoView();
    const by = Math.abs(landed - heading.getBoundingClientRect().top);
    if (by > 4) far[heading.id] = Math.round(by);
  }
  return far;
}"""


def test_every_link_to_a_heading_lands_there_on_a_desktop_and_on_a_phone(browser, address, site):
    tab, far, opened = browser.new_page(), {}, 0
    for number, file in enumerate(sorted(site.rglob("index.html"))):
        path = file.relative_to(site).as_posix().removesuffix("index.html")
        names = re.findall(r'<h[2-6] id="([^"]*)"', file.read_text())
        if not names:
            continue
        # opened below a figure that scripts make taller, else at the end
        name = "definition" if "definition" in names else names[-1]
        for view in (DESKTOP, PHONE) if number % 2 or name == "definition" else (PHONE, DESKTOP):
            tab.set_viewport_size(view)
            if not tab.url.startswith(f"{address}{path}#"):
                tab.goto(f"{address}{path}#{name}")
                opened += 1
                far |= {f"{path}#{name} at {view['width']}": by for by in [tab.evaluate(OPENED)] if by > 4}
            far |= {f"{path} at {view['width']}": found for found in [tab.evaluate(FOLLOWED)] if found}
    tab.close()
    assert opened > 30
    assert far == {}
