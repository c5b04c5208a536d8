"""Figures as files of their own: to be taken away, and to be shown small beside a link to their page."""

import re
from pathlib import Path

_SHEET = Path(__file__).parents[1] / "theme" / "static" / "mathref.css"
_SCHEMES = re.findall(r"\{([^{}]*--mr-ink: [^{}]*)\}", _SHEET.read_text(encoding="utf-8"))
LIGHT, DARK = (dict(re.findall(r"--mr-(\w+): (#\w+)", scheme)) for scheme in _SCHEMES[:2])


def alone(svg: str) -> str:
    """A drawing with its colours written out, for what reads no variables; dark ones where that scheme is on."""
    names = [name for name in LIGHT if f"var(--mr-{name})" in svg]
    for name in names:
        svg = svg.replace(f"var(--mr-{name})", LIGHT[name])
    rules = "".join(f'[{of}="{LIGHT[name]}"]{{{of}:{DARK[name]}}}' for name in names for of in ("fill", "stroke"))
    style = f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"
    return svg.replace("<svg", '<svg font-family="Source Serif 4,Charter,Georgia,serif"', 1).replace(
        ">", f">{style}", 1
    )
