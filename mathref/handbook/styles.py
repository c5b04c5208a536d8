"""The theme's style sheet without the rules for what no page of the site has."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from mathref.handbook.cache import Cache

_CLASSES = re.compile(r'class="([^"]*)"')
_WORD = re.compile(r"[A-Za-z_][\w-]*")


def used_classes(pages: list[str], scripts: list[str]) -> set[str]:
    """Each class that a page has, and each word of a script, which may be a class that it sets."""
    found = {name for page in pages for classes in _CLASSES.findall(page) for name in classes.split()}
    return found.union(*(_WORD.findall(script) for script in scripts))


def purge(sheet: Path, used: set[str], cache: Cache) -> None:
    """Take out the selectors with a class that nothing has."""
    css = sheet.read_text(encoding="utf-8")
    relevant = sorted(used & set(_WORD.findall(css)))
    key = hashlib.sha256(repr((Path(__file__).read_bytes(), css, relevant)).encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        kept = {"css": _purged(css, used)}
        cache.put(key, kept)
    sheet.write_text(kept["css"], encoding="utf-8")


def _purged(css: str, used: set[str]) -> str:
    import tinycss2

    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(filter(None, (_rule(rule, used) for rule in rules)))


def _rule(rule: Any, used: set[str]) -> str:
    import tinycss2

    if rule.type == "qualified-rule":
        kept = [selector for selector in _selectors(rule.prelude) if _classes(selector) <= used]
        selectors = ",".join(tinycss2.serialize(selector).strip() for selector in kept)
        return f"{selectors}{{{tinycss2.serialize(rule.content)}}}" if kept else ""
    if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        body = "".join(_rule(each, used) for each in inner)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}" if body else ""
    return str(rule.serialize())


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    """The selectors between commas; those within :is() and :not() stay together."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _classes(selector: list[Any]) -> set[str]:
    return {name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"}
