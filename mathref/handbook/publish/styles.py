"""Style sheets without the rules for what no page of the site has."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from mathref.handbook.run.cache import Cache

_CLASSES = re.compile(r'class="([^"]*)"')
_TAG = re.compile(r"<([a-z][\w-]*)")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_VARIABLE = re.compile(r"var\((--[\w-]+)")
# Set by the pages alone, so that a rule for a value which no page has is for nothing. One goes that was for something:
# the theme stops transitions while the scheme is switched, also when a page loads, and styles it all twice for that.
_CHOICE = re.compile(r'\b(dir|data-md-color-[\w-]+)="([^"]*)"')
_CHOSEN = re.compile(r'(dir|data-md-color-[\w-]+)(?:="?([^"]*)"?)?')
# What the theme's script brings itself; the rest that it knows belongs to features which show in the pages.
_BROUGHT = {"md-code", "md-tooltip", "md-tooltip2"}
_STATES = {"js", "focus-visible"}
# The theme has rules for twenty tabs of a set.
_TAB = re.compile(r'id="__tabbed_\d+_(\d+)"')
_NTH_TAB = re.compile(r"tabbed.*:nth-child\((\d+)\)")
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_FAMILY = re.compile(r"font-family:\s*[\"']?([^\"';}]+)")
_VISUAL = re.compile(r"<mr-math.*?</mr-math>", re.DOTALL)
# An element that holds text alone; one behind a strut is placed by a rule for any element there.
_LEAF = re.compile(r'(pstrut [^"]*"></span>)?<span class="([^"]*)">([^<]+)</span>')
_FORMULA = re.compile(r"\bk[0-9a-f]{6}\b")
_STYLED = re.compile(r'class="[^"]*\bk[0-9a-f]{6}\b[^"]*"')
FORMULAS = "assets/katex/styles.css"
# Relative, or on the page of errors absolute and behind the path at which the site is published.
_LINK = re.compile(r'<link rel="stylesheet" href="((?:\.\./)*|/(?:[^"]*?/)??)((?:assets|static)/[^"]*)">\s*')


class Used:
    """What pages and scripts need of the style sheets."""

    def __init__(self, pages: Iterable[str], own: Iterable[str], themes: Iterable[str]) -> None:
        self.classes, self.choices, self.variables = set(_STATES), set[tuple[str, str]](), set[str]()
        self.tags, self.tabs = set[str](), 0
        for page in pages:
            self.classes.update(name for classes in set(_CLASSES.findall(page)) for name in classes.split())
            for name, value in set(_CHOICE.findall(page)):
                self.choices |= {(name, value), (name, "")}
            self.variables.update(_VARIABLE.findall(page))
            self.tags.update(_TAG.findall(page))
            self.tabs = max([self.tabs, *map(int, _TAB.findall(page))])
        blocks = {_block(name) for name in self.classes} | _BROUGHT
        for script in own:
            self.classes.update(_WORD.findall(script))
            self.tags.update(_WORD.findall(script))
            self.variables.update(_VARIABLE.findall(script))
        for script in themes:
            words = set(_WORD.findall(script))
            self.classes.update(word for word in words if word.startswith("md-") and _block(word) in blocks)
            self.tags |= words

    def relevant(self, css: str) -> str:
        """What is used and stands in some sheets, as one string."""
        words = set(_WORD.findall(css))
        named = (sorted(self.classes & words), sorted(self.tags & words))
        return repr((named, self.tabs, sorted(self.choices), sorted(self.variables)))


def purge(sheets: list[Path], used: Used, cache: Cache) -> None:
    """Take the selectors and variables that nothing uses out of sheets that a page shows together."""
    before = [sheet.read_text(encoding="utf-8") for sheet in sheets]
    made_from = [Path(__file__).read_bytes(), before, used.relevant("".join(before))]
    after = cache.made(made_from, lambda: purged(before, used))
    for sheet, css in zip(sheets, after, strict=True):
        sheet.write_text(css, encoding="utf-8")


def purged(sheets: list[str], used: Used) -> list[str]:
    """The sheets' text without what is unused, and without comments and spaces."""
    import rcssmin
    import tinycss2

    parsed = [tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True) for css in sheets]
    variables: set[str] | None = None
    while True:  # a variable may be used by one that is itself unused
        after = ["".join(_rule(rule, used, variables) for rule in rules) for rules in parsed]
        found = used.variables | set(_VARIABLE.findall("".join(after)))
        if found == variables:
            break
        variables = found
    shown = _FACE.sub("", "".join(after))
    after = [_FACE.sub(lambda face: face[0] if _family(face[0]) in shown else "", css) for css in after]
    return [str(rcssmin.cssmin(css)) for css in after]


def _family(face: str) -> str:
    return str(_FAMILY.findall(face)[0])


def _rule(rule: Any, used: Used, variables: set[str] | None) -> str:
    """A rule, as far as it is used; declares of the variables only those given, if they are known yet."""
    import tinycss2

    if rule.type == "qualified-rule":
        kept = [selector for selector in _selectors(rule.prelude) if _applies(selector, used)]
        body = _declarations(rule.content, variables) if kept else ""
        return f"{','.join(tinycss2.serialize(selector).strip() for selector in kept)}{{{body}}}" if body else ""
    if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        body = "".join(_rule(each, used, variables) for each in inner)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}" if body else ""
    return str(rule.serialize())


def _declarations(content: list[Any], variables: set[str] | None) -> str:
    import tinycss2

    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    declared = {each.name for each in found if each.type == "declaration" and each.name.startswith("--")}
    unused = declared - (declared if variables is None else variables)
    if not unused:
        return str(tinycss2.serialize(content))
    kept = (each for each in found if each.type != "declaration" or each.name not in unused)
    return ";".join(each.serialize() for each in kept)


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    """The selectors between commas; those within :is() and :not() stay together."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _applies(selector: list[Any], used: Used) -> bool:
    import tinycss2

    names = {name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"}
    tags = {tag.value for mark, tag in pairwise([None, *selector]) if tag.type == "ident" and mark not in (".", ":")}
    beyond = any(int(nth) > used.tabs for nth in _NTH_TAB.findall(tinycss2.serialize(selector)))
    attributes = [tinycss2.serialize(token.content) for token in selector if token.type == "[] block"]
    chosen = filter(None, (_CHOSEN.fullmatch(attribute) for attribute in attributes))
    if beyond or not (names <= used.classes and tags <= used.tags):
        return False
    return all((choice[1], choice[2] or "") in used.choices for choice in chosen)


def _block(name: str) -> str:
    """The block of a class that is named by block, element and modifier."""
    return name.partition("__")[0].partition("--")[0]


def linked(page: str, site: Path) -> list[Path]:
    """The sheets that all pages share, in the order in which a page links to them."""
    return [site / address for _, address in _LINK.findall(page) if address != FORMULAS]


def merge(pages: dict[Path, str], sheets: list[Path], site: Path) -> str:
    """Make one sheet of those that all pages share, and return it."""
    folder = site / "assets"
    css = "".join(_moved(sheet, folder) for sheet in sheets)
    merged = f"assets/styles.{hashlib.sha256(css.encode()).hexdigest()[:8]}.css"
    (site / merged).write_text(css, encoding="utf-8")
    first, *rest = (str(sheet.relative_to(site)) for sheet in sheets)
    for path, page in pages.items():
        page = _LINK.sub(lambda link: "" if link[2] in rest else link[0], page)
        pages[path] = page.replace(first, merged)
    for sheet in sheets:
        sheet.unlink()
    return css


def _moved(sheet: Path, folder: Path) -> str:
    """A sheet's text with the addresses that it has from another folder."""
    found = re.compile(r"url\((?!data:|[\"'])([^)]*)\)")
    css = sheet.read_text(encoding="utf-8")
    return found.sub(lambda url: f"url({os.path.relpath(sheet.parent / url[1], folder)})", css)


def formula_sheets(pages: dict[Path, str], styles: dict[str, str], site: Path) -> None:
    """Give each page a sheet with the style classes of its own formulas, under names of a few characters."""
    found = {path: Counter(_FORMULA.findall(page)) for path, page in pages.items()}
    counts = sum(found.values(), Counter())
    ranked = sorted(styles, key=lambda name: (-counts[name], name))
    short = {name: f"k{rank}" for rank, name in enumerate(ranked)}
    for path, page in pages.items():
        names = sorted(styles.keys() & found[path].keys(), key=styles.__getitem__)
        sheet = "".join(f".{short[name]}{{{styles[name]}}}" for name in names)
        own = f"assets/katex/{hashlib.sha256(sheet.encode()).hexdigest()[:8]}.css"
        if sheet:
            (site / own).write_text(sheet, encoding="utf-8")
            page = page.replace(FORMULAS, own)
        else:
            page = _LINK.sub(lambda link: "" if link[2] == FORMULAS else link[0], page)
        pages[path] = _STYLED.sub(lambda classes: _renamed(classes[0], short), page)
    (site / FORMULAS).unlink()


def _renamed(classes: str, short: dict[str, str]) -> str:
    return _FORMULA.sub(lambda name: short.get(name[0], name[0]), classes)


def bare(page: str, css: str) -> str:
    """A page without what no rule is for in its formulas' visual halves: classes, and elements around text."""
    ruled = set(re.findall(r"\.([a-z][\w-]*)", css))

    def kept(classes: str) -> str:
        return " ".join(name for name in classes.split() if name in ruled or re.fullmatch(r"k\d+", name))

    def bared(formula: re.Match[str]) -> str:
        text = _LEAF.sub(lambda leaf: leaf[0] if leaf[1] or kept(leaf[2]) else leaf[3], formula[0])
        return _CLASSES.sub(lambda classes: f'class="{kept(classes[1])}"', text).replace(' class=""', "")

    return _VISUAL.sub(bared, page)
