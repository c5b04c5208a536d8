"""Sources: each stands once in references.bib and is printed on the pages that name its key."""

from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pybtex.backends.html
import pybtex.plugin
from pybtex.database import BibliographyData, parse_file
from pybtex.exceptions import PybtexError

from mathref.handbook.read.page import PageError


class Bibliography:
    """The entries of one BibTeX file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _data(self) -> BibliographyData:
        try:
            return parse_file(str(self.path), bib_format="bibtex")
        except (PybtexError, OSError) as error:
            raise PageError(str(self.path), f"the bibliography cannot be read: {error}") from None

    @cached_property
    def _style(self) -> Any:
        return pybtex.plugin.find_plugin("pybtex.style.formatting", "unsrt")()

    def html(self, keys: list[str], page: str) -> list[str]:
        """Each named source as a line of HTML, in the order of the keys."""
        for key in keys:
            if key not in self._data.entries:
                raise PageError(f"{page}:1", f"front matter field 'references' names {key!r}, which {self.path} lacks")
        return [self._line(key) for key in keys]

    @cache  # noqa: B019
    def _line(self, key: str) -> str:
        (formatted,) = self._style.format_bibliography(self._data, [key])
        return str(formatted.text.render(pybtex.backends.html.Backend("utf-8")).replace("\n", " "))
