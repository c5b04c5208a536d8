"""Style and helpers of static figures: Matplotlib draws, the page's own colours and fonts show."""

import io
import re
import warnings
from collections.abc import Sequence
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike
from scour import scour

# Stand-ins that no figure uses by chance; in the page each becomes a colour of the current scheme. The accent marks
# what the page is about, the second what it is compared with.
INK, MUTED, FAINT, PAPER = "#010203", "#010204", "#010205", "#010206"
ACCENT, SECOND, THIRD = "#010207", "#010208", "#010209"
_NAMES = {
    INK: "ink",
    MUTED: "muted",
    FAINT: "faint",
    PAPER: "paper",
    ACCENT: "accent",
    SECOND: "second",
    THIRD: "third",
}
# Four digits of a coordinate are a tenth of a pixel or less.
_SCOUR = ["--set-precision=4", "--enable-id-stripping", "--shorten-ids", "--remove-metadata", "--no-line-breaks"]
_SCOUR += ["--strip-xml-prolog", "--enable-comment-stripping", "--strip-xml-space", "--quiet"]
_LINE = re.compile(r"M -?[\d.]+ -?[\d.]+ \n(?:L -?[\d.]+ -?[\d.]+ \n){8,}")
_NOT_SHOWN = re.compile(
    r' (?:width|height)="[\d.]+pt"| xmlns:xlink="[^"]*"| font-family="[^"]*"| transform="rotate\(-0 [^"]*"'
    r'| version="1\.1"|<style[^>]*>.*?</style>|<defs></defs>',
    re.DOTALL,
)

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mathref",
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=[ACCENT, SECOND, THIRD, MUTED]),
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": FAINT,
    "figure.facecolor": "none",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "path.simplify_threshold": 0.5,
}


def axes(
    columns: int = 1, *, width: float = 6.4, height: float = 3.2, rows: int = 1, font_size: float = 10
) -> tuple[Figure, Any]:
    """A figure in inches (96 px each) with one row of axes, or a grid; from here on Matplotlib draws in our style."""
    mpl.rcParams.update(_STYLE | {"font.size": font_size})
    figure = Figure((width, height), layout="constrained")
    FigureCanvasSVG(figure)  # words are measured as they will be drawn
    return figure, figure.subplots(rows, columns)


def plane(ax: Axes, low: float, high: float, bottom: float | None = None, top: float | None = None) -> Axes:
    """Make axes a coordinate plane: equal scales, a faint grid at the integers, the two axes through the origin."""
    bottom, top = low if bottom is None else bottom, high if top is None else top
    ax.set(xlim=(low, high), ylim=(bottom, top), aspect="equal")
    ax.set_xticks(np.arange(np.ceil(low), high + 1e-9))
    ax.set_yticks(np.arange(np.ceil(bottom), top + 1e-9))
    ax.grid(True, linewidth=0.7)
    ax.tick_params(length=0, labelsize=8)
    ax.spines[:].set_visible(False)
    ax.axhline(0, color=MUTED, linewidth=0.8, zorder=1)
    ax.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    ax.set_axisbelow(True)
    return ax


def arrow(
    ax: Axes,
    tip: ArrayLike,
    label: str = "",
    *,
    start: ArrayLike = (0, 0),
    color: str = ACCENT,
    dashed: bool = False,
    offset: tuple[float, float] = (4, 4),
) -> None:
    """A vector as an arrow from `start` to `tip`, its label beside the tip (`offset` in points)."""
    (x, y), origin = np.asarray(tip, float), np.asarray(start, float)
    style = {"arrowstyle": "-|>,head_width=0.25,head_length=0.5", "color": color, "linewidth": 1.8}
    style |= {"linestyle": (0, (4, 3)) if dashed else "-", "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=(x, y), xytext=tuple(origin), arrowprops=style, zorder=4)
    if label:
        ax.annotate(label, xy=(x, y), xytext=offset, textcoords="offset points", color=color, zorder=5)


def polygon(ax: Axes, corners: ArrayLike, *, color: str = ACCENT, alpha: float = 0.18, label: str = "") -> None:
    """A filled polygon, corners as rows."""
    points = np.asarray(corners, float)
    ax.fill(*points.T, facecolor=color, alpha=alpha, edgecolor="none", zorder=2, label=label)
    ax.plot(*np.vstack([points, points[:1]]).T, color=color, linewidth=1.5, zorder=3)


def cells(
    ax: Axes, A: ArrayLike, title: str = "", *, color: str = ACCENT, digits: int = 1, numbers: bool = True
) -> None:
    """A matrix as a grid of cells: the larger an entry's modulus, the stronger the colour; zeros stay empty."""
    values = np.atleast_2d(np.asarray(A, float))
    rows, columns = values.shape
    largest = np.abs(values).max() or 1.0
    for (i, j), value in np.ndenumerate(values):
        if abs(value) > 1e-12 * largest:
            alpha = 0.12 + 0.6 * abs(value) / largest
            ax.add_patch(Rectangle((j, i), 1, 1, facecolor=color, alpha=alpha, edgecolor="none", clip_on=False))
        if numbers:
            text = f"{value:.{digits}f}".replace("-", "−")
            text = text.lstrip("−") if float(text.replace("−", "-")) == 0 else text
            ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=9, color=INK)
    ax.hlines(range(rows + 1), 0, columns, color=FAINT, linewidth=0.8, clip_on=False)
    ax.vlines(range(columns + 1), 0, rows, color=FAINT, linewidth=0.8, clip_on=False)
    ax.set(xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05), aspect="equal")
    ax.set_title(title)
    ax.axis("off")


def show(figure: Figure) -> None:
    """Print the figure as the SVG that the page holds."""
    print(svg(figure))


def svg(figure: Figure) -> str:
    """The figure as SVG without style attributes, in the page's colours and font; the same bytes each time."""
    for background in (figure.patch, *(ax.patch for ax in figure.axes)):
        background.set_visible(False)  # it has no colour
    # Laid out twice, since ticks move what they were laid out by; Matplotlib itself would draw it all each time.
    engine = cast(LayoutEngine, figure.get_layout_engine())
    engine.execute(figure)
    drawn = figure.get_tightbbox()
    engine.execute(figure)
    figure.set_layout_engine("none")
    # no empty strip above or below
    shown = Bbox.from_extents(0, drawn.y0 - 0.03, figure.get_figwidth(), drawn.y1 + 0.03)
    none = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    buffer = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(buffer, format="svg", bbox_inches=shown, metadata=none)
    figure.set_layout_engine(engine)
    text = str(scour.scourString(_LINE.sub(_simplified, buffer.getvalue()), scour.parse_args(_SCOUR)))
    text = _NOT_SHOWN.sub("", text[text.index("<svg") :].replace("xlink:href", "href"))
    # what stands between tags is words
    text = re.sub(r"<[^>]+>", lambda tag: re.sub(r"\d*\.\d+", _short, tag[0]), text)
    for stand_in, name in _NAMES.items():
        text = text.replace(stand_in, f"var(--mr-{name})")
    return text.strip()


def _simplified(line: re.Match[str]) -> str:
    """A line of straight pieces without the points that it does not need to look the same."""
    path = Path(np.array(line[0].replace("M", "").replace("L", "").split(), float).reshape(-1, 2))
    path.simplify_threshold = 0.2
    points = np.asarray(path.cleaned(simplify=True).vertices)[:-1]  # the last one says that the path ends
    return "M" + "L".join(f" {x} {y} \n" for x, y in points)


def _short(number: re.Match[str]) -> str:
    """A coordinate to a hundredth, without zeros that say nothing."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".").lstrip("0") or "0"


def unit_circle(points: int = 181) -> Any:
    """Points of the unit circle as columns, shape (2, points)."""
    angles = np.linspace(0, 2 * np.pi, points)
    return np.array([np.cos(angles), np.sin(angles)])


def label_lines(ax: Axes, labels: Sequence[tuple[float, float, str, str]]) -> None:
    """Text at (x, y) in a colour, instead of a legend that the eye must go back and forth to."""
    for x, y, text, color in labels:
        ax.text(x, y, text, color=color)
