"""Figures as files of their own: to be taken away, and to be shown small beside a link to their page."""

import io
import re
import tempfile
from functools import cache
from pathlib import Path

from mathref.handbook.run.cache import Cache

_THEME = Path(__file__).parents[1] / "theme"
_SHEET = _THEME / "static" / "mathref.css"
_SCHEMES = re.findall(r"\{([^{}]*--mr-ink: [^{}]*)\}", _SHEET.read_text(encoding="utf-8"))
LIGHT, DARK = (dict(re.findall(r"--mr-(\w+): (#\w+)", scheme)) for scheme in _SCHEMES[:2])
_FONT = _THEME / "assets" / "fonts" / "source-serif-4-latin-wght-normal.woff2"
_FAMILY = " font-family=\"'Source Serif 4',Charter,Georgia,serif\""
_FOLDER = tempfile.TemporaryDirectory(prefix="mathref-")
_SCALE = 2 * 96 / 72  # a drawing's unit is a point; two pixels for each of a screen's


def coloured(svg: str, scheme: dict[str, str]) -> str:
    """A drawing with the colours of a scheme written out, and fonts for where it stands alone."""
    for name, colour in scheme.items():
        svg = svg.replace(f"var(--mr-{name})", colour)
    return svg.replace("<svg", f"<svg{_FAMILY}", 1)


def alone(svg: str) -> str:
    """A drawing with its colours written out, for what reads no variables; dark ones where that scheme is on."""
    names = [name for name in LIGHT if f"var(--mr-{name})" in svg]
    rules = "".join(f'[{of}="{LIGHT[name]}"]{{{of}:{DARK[name]}}}' for name in names for of in ("fill", "stroke"))
    style = f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"
    return coloured(svg, LIGHT).replace(">", f">{style}", 1)


def write(folder: Path, name: str, svg: str, kept: Cache) -> None:
    """The files of a figure: a drawing that knows both schemes, and pictures of it on light and on dark paper."""
    (folder / f"{name}.svg").write_text(alone(svg), encoding="utf-8")
    (folder / f"{name}.png").write_bytes(png(svg, "light", kept))
    (folder / f"{name}-dark.png").write_bytes(png(svg, "dark", kept))


@cache  # while serving, each save asks again
def png(svg: str, scheme: str, kept: Cache) -> bytes:
    """The picture of a drawing on the paper of a scheme, drawn only if it is not in the cache."""
    import resvg_py

    colours = {"light": LIGHT, "dark": DARK}[scheme]
    made_from = [Path(__file__).read_bytes(), _FONT.read_bytes(), resvg_py.__version__, colours, svg]
    return bytes.fromhex(kept.made(made_from, lambda: _drawn(svg, colours).hex()))


def _drawn(svg: str, colours: dict[str, str]) -> bytes:
    """The pixels, in the site's own font, and another where that lacks a letter."""
    import resvg_py
    from PIL import Image

    drawn = resvg_py.svg_to_bytes(
        svg_string=coloured(svg, colours),
        background=colours["paper"],
        zoom=_SCALE,
        skip_system_fonts=True,
        font_files=_fonts(),
    )
    picture, out = Image.open(io.BytesIO(drawn)).convert("RGB"), io.BytesIO()
    picture.quantize(128).save(out, "PNG")
    return out.getvalue()


@cache
def _fonts() -> list[str]:
    """Files of the site's font, and of the letters that it lacks from one that comes with Matplotlib."""
    import matplotlib
    from fontTools import subset
    from fontTools.ttLib import TTFont

    ours, other = TTFont(_FONT), TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf")
    ours.flavor = None  # the renderer reads no woff2
    del ours["GSUB"]  # it puts a letter of another font where it would stand without ligatures
    # without the others, or the renderer takes all letters of a word from it that has one of these
    chosen = subset.Subsetter(subset.Options(layout_features=[], hinting=False, drop_tables=["FFTM"]))
    chosen.populate(unicodes=set(other.getBestCmap()) - set(ours.getBestCmap()))
    chosen.subset(other)
    other["head"].unitsPerEm = round(1.1 * other["head"].unitsPerEm)  # its letters are taller
    files = [Path(_FOLDER.name) / "ours.ttf", Path(_FOLDER.name) / "other.ttf"]
    for font, file in zip((ours, other), files, strict=True):
        font.save(file)
    return list(map(str, files))
