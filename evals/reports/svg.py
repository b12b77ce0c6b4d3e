"""Figures of matplotlib as SVG that takes its colours and its font from the page that it stands in.

Drawn with the font that matplotlib brings along and with stand-in colours, so that the same figures give the same
text on every machine.
"""

import re
import warnings
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from tools.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT, LINE, SERIES = "#010101", "#020202", "#030303", "#040404"
"""Stand-ins for the page's colours: of text, of lesser text, of lines, of data."""

_POINTS = 10

_VARIABLES = {INK: "--ink", FAINT: "--faint", LINE: "--line", SERIES: "--series"}
_FONT = "DejaVu Sans"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": _FONT,
    "font.size": _POINTS,
    # Names are not formulas.
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "axes.labelcolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
}
_PROLOGUE = re.compile(r"\A.*?(?=<svg )|<metadata>.*?</metadata>|<style[^>]*>.*?</style>", re.S)
_SIZE = re.compile(r'(<svg )(.*?)width="([\d.]+)pt" height="[\d.]+pt"', re.S)
_NAMED = re.compile(r'(\bid="|url\(#|href="#)')
_COLOUR = re.compile("|".join(_VARIABLES))


def inline_svg(name: str, width: float, height: float, draw: Callable[["Figure"], None]) -> str:
    """An <svg> element of the size in points that `draw` fills.

    name: keeps its ids apart from those of other figures of the page. Raises MissingExtraError without matplotlib.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError(
            "Plots need a package that is not installed.",
            why=" ".join(str(error).split()),
            next_step="pip install '.[eval]'",
        ) from error
    with rc_context({**_STYLE, "svg.hashsalt": f"signpost {name}"}):
        figure = Figure(figsize=(width / 72, height / 72))
        draw(figure)
        drawn = StringIO()
        with warnings.catch_warnings():
            # The page's fonts have what the one that figures are laid out with has not.
            warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")
            figure.savefig(drawn, format="svg")
    return _for_page(name, drawn.getvalue())


def text_points(text: str) -> float:
    """About how wide a text is: the fonts that pages have for Chinese are not those that figures are drawn with."""
    return sum(1.0 if east_asian_width(character) in "WF" else 0.62 for character in text) * _POINTS


def _for_page(name: str, svg: str) -> str:
    svg = _PROLOGUE.sub("", svg)
    svg = _SIZE.sub(r'\1class="figure" role="img" style="width: \3pt" \2', svg, count=1)
    svg = _NAMED.sub(lambda found: f"{found[1]}{name}-", svg)
    svg = _COLOUR.sub(lambda found: f"var({_VARIABLES[found[0]]})", svg)
    return svg.replace(f"'{_FONT}'", "var(--font)")
