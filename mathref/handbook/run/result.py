"""What came of a block, and whether it is what its page says and what a page can show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mathref.handbook.read.page import Block, PageError
from mathref.handbook.run.program import FOLDER

# What no page can show: control characters, what Markdown and formulas mark places with, and no characters at all.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000\ue001\ufffe\uffff]")


@dataclass
class Result:
    """What came of a block."""

    output: str = ""
    error: dict[str, Any] | None = None
    warnings: list[str] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # of a processor

    @property
    def shown(self) -> str:
        """What a reader sees: all that was printed, and what Python prints of an error from its name on."""
        silent = self.error is None or self.error["names"][0] == "SystemExit"
        if silent or not self.error:
            return self.output
        after = self.error.get("after", len(self.output))
        return f"{self.output[:after]}{self.error['message']}\n{self.output[after:]}"


def checked(block: Block, result: Result) -> Result:
    """The result, or a PageError with page and line if it is not what the block's options expect."""
    fault = _fault(block, result)
    if fault is None:
        return result
    line, message = fault
    alone = f"to run it alone: python -m mathref.handbook run {block.page}:{block.line}"
    raise PageError(f"{block.page}:{line}", f"{block.kind} {message}\n  {alone}")


def _fault(block: Block, result: Result) -> tuple[int, str] | None:
    """The line of a fault and what is wrong, or None."""
    expected, error = block.options.get("error"), result.error
    if error and (not expected or expected not in error["names"]):
        wanted = f" (it should have raised {expected})" if expected else ""
        return block.line + error["line"] - 1, f"fails{wanted}: {_visible(error['message']).strip()}"
    if expected and not error:
        return block.line, f"should have raised {expected}, but did not"
    unexpected = [text for text in result.warnings if text.split(":")[0] != block.options.get("warning")]
    if unexpected:
        return block.line, f"warns: {_visible(unexpected[0])}"
    if "warning" in block.options and not result.warnings:
        return block.line, "should have warned, but did not"
    return _unshown(block, result)


def _unshown(block: Block, result: Result) -> tuple[int, str] | None:
    if (found := _UNSHOWN.search(block.source)) is not None:
        line = block.line + block.source.count("\n", 0, found.start())
        return line, f"should not hold the character {_named(found[0])}, which no page can show; write it as an escape"
    texts = [result.shown, *result.warnings, *_texts(result.said)]
    for text in texts:
        if (found := _UNSHOWN.search(text)) is not None:
            return (
                block.line,
                f"should not print the character {_named(found[0])}, which no page can show; print its repr",
            )
        if __package__.replace(".", "/") in text:
            return block.line, "should not print the frames of what runs it, which no reader's program has"
        if FOLDER in text:
            return block.line, "should not print the folder in which it runs, which is another on each machine"
    return None


def _named(character: str) -> str:
    return f"U+{ord(character):04X} ({character!a})"


def _visible(text: str) -> str:
    return _UNSHOWN.sub(lambda found: ascii(found[0])[1:-1], text)


def _texts(value: Any) -> Iterator[str]:
    """All strings within what JSON holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
