"""What an executed block says of itself beyond its output: a claim its cases, a working its steps."""

from typing import Any

said: dict[str, Any] = {}


def report(**values: Any) -> None:
    """Hand values (anything JSON can hold) to the page that is being built; without a page they are kept and unread."""
    said.update(values)
