"""What is written into the built site besides its pages: styles of formulas, data files, downloads."""

import json
import re
from pathlib import Path
from typing import Any

from mathref.handbook import downloads
from mathref.handbook.concepts import Concept
from mathref.handbook.downloads import Results
from mathref.handbook.formulas import KATEX, Formulas


def write_formula_styles(site: Path, formulas: Formulas) -> None:
    """The style classes that the formulas use, and KaTeX's own rules without the fonts that are not served."""
    folder = site / "assets" / "katex"
    rules = "".join(f".{name}{{{style}}}\n" for name, style in sorted(formulas.styles.items()))
    (folder / "styles.css").write_text(rules)
    css = (KATEX / "katex.min.css").read_text()
    (folder / "katex.min.css").write_text(re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)", "", css))


def write_json(path: Path, entries: list[dict[str, Any]]) -> None:
    """A data file."""
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_downloads(site: Path, concept: Concept, results: Results, macros: dict[str, str], foot: str) -> None:
    """A page as script, notebook and Markdown, beside its HTML."""
    folder = site / "concepts" / concept.slug
    forms = {
        f"{concept.slug}.py": downloads.script(concept),
        f"{concept.slug}.ipynb": downloads.notebook(concept, results, macros),
        "index.md": downloads.markdown(concept, results, macros, foot),
    }
    for name, text in forms.items():
        (folder / name).write_text(text, encoding="utf-8")
