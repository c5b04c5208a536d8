"""Factors by which what is old counts less and less."""

from typing import Any

from mathref._arguments.single import as_number


def as_fading(beta: Any, name: str) -> float:
    """The share of a running average that is kept: from 0 to below 1."""
    return as_number(beta, name, least=0, below=1)
