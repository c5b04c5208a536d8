"""The picture of a page that other sites show beside a link to it."""

import io
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageFont

from mathref.handbook.run.cache import Cache
from mathref.handbook.take.figures import LIGHT

_WIDTH, _HEIGHT, _MARGIN = 1200, 630, 90


def kept(title: str, line: str, site: str, font: Path, cache: Cache) -> bytes:
    """The picture, drawn only if it is not in the cache."""
    made_from = [Path(__file__).read_bytes(), font.read_bytes(), PIL.__version__, LIGHT, title, line, site]
    return bytes.fromhex(cache.made(made_from, lambda: card(title, line, site, font).hex()))


def card(title: str, line: str, site: str, font: Path) -> bytes:
    """A title, one line about it, and the name of the site, as PNG of 1200 by 630 pixels."""
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), LIGHT["paper"])
    draw = ImageDraw.Draw(picture)
    height = _MARGIN
    for text, size, weight, colour in ((title, 84, 650, LIGHT["ink"]), (line, 44, 400, LIGHT["ink"])):
        face = _face(font, size, weight)
        lines = "\n".join(_wrapped(text, face))
        draw.multiline_text((_MARGIN + 40, height), lines, colour, face, spacing=size * 0.3)
        height += int(draw.multiline_textbbox((0, 0), lines, face, spacing=size * 0.3)[3] + 0.7 * size)
    draw.rectangle((_MARGIN, _MARGIN + 14, _MARGIN + 8, height - 24), LIGHT["accent"])
    draw.text((_MARGIN + 40, _HEIGHT - 56), site, LIGHT["muted"], _face(font, 36, 400), anchor="ls")
    out = io.BytesIO()
    picture.quantize(32, Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


def _face(font: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(str(font), size)
    face.set_variation_by_axes([weight])
    return face


def _wrapped(text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    """The text in lines that fit."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= _WIDTH - 2 * _MARGIN - 40:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
