"""What came of a page when it was converted: observed, taken from the page as JSON holds it, given to it again."""

import contextlib
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

from mkdocs.structure.toc import get_toc

_STYLED = re.compile(r"\bk[0-9a-f]{6}\b")


def of(page: Any, calls: list[Any], styles: dict[str, str]) -> dict[str, Any]:
    """A page's conversion, with what it told others, and those of the styles that its formulas use."""
    return {
        "content": page.content,
        "toc": [_token(item) for item in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids),
        "links": {file.src_uri: links for file, links in page.links_to_anchors.items()},
        "calls": calls,
        "styles": {name: styles[name] for name in sorted(styles.keys() & _STYLED.findall(page.content))},
    }


def _token(item: Any) -> dict[str, Any]:
    return {"name": item.title, "id": item.id, "level": item.level, "children": [_token(i) for i in item.children]}


def take_over(page: Any, kept: dict[str, Any], config: Any, files: Any, styles: dict[str, str]) -> None:
    """Give a page an earlier conversion, and tell others what that told them."""
    page.content, page.toc, page._title_from_render = kept["content"], get_toc(kept["toc"]), kept["title"]
    page.present_anchor_ids = set(kept["anchors"])
    page.links_to_anchors = {files.get_file_from_path(uri): links for uri, links in kept["links"].items()}
    styles.update(kept["styles"])
    told = _told(page, config)
    for number, given, options in kept["calls"]:
        owner, name, first = told[number]
        getattr(owner, name)(*first, *given, **options)


@contextlib.contextmanager
def observed(page: Any, config: Any) -> Iterator[tuple[list[Any], list[Any]]]:
    """Calls to those whom a conversion tells of what is on the page, and messages about it."""
    calls, messages, thread = list[Any](), list[Any](), threading.get_ident()
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: messages.append(record) if record.thread == thread else None  # type: ignore[method-assign]
    logs = [logging.getLogger(name) for name in {"mkdocs", type(page).__module__.partition(".")[0]}]
    told = _told(page, config)
    for number, (owner, name, first) in enumerate(told):
        setattr(owner, name, _noted(getattr(owner, name), calls, number, len(first)))
    for log in logs:
        log.addHandler(handler)
    try:
        yield calls, messages
    finally:
        for log in logs:
            log.removeHandler(handler)
        for owner, name, _ in told:
            delattr(owner, name)


def _noted(inner: Any, calls: list[Any], number: int, skipped: int) -> Any:
    def noted(*given: Any, **options: Any) -> Any:
        calls.append([number, given[skipped:], options])
        return inner(*given, **options)

    return noted


def _told(page: Any, config: Any) -> list[tuple[Any, str, tuple[Any, ...]]]:
    """Functions that mkdocstrings and autorefs call while a page is converted, and what each is given first."""
    autorefs, strings = config.plugins.get("autorefs"), config.plugins.get("mkdocstrings")
    told: list[tuple[Any, str, tuple[Any, ...]]] = [(autorefs, "register_anchor", (page,))] if autorefs else []
    if strings and strings.plugin_enabled:
        told += [(strings.handlers, "get_handler", ()), (strings.handlers.inventory, "register", ())]
    return told
