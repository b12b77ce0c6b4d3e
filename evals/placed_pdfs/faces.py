"""Fonts to set in, and how far their ink reaches above and below the baseline."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from evals.placed_pdfs.block_font import block_font, block_ink

_TALL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789bdfhkl")
_LOW = frozenset("gpqy")


@dataclass(frozen=True, slots=True)
class Face:
    """Heights over the baseline in shares of the size: of capitals, of small letters without an ascender, and of the
    lowest part of letters with a descender; of ideographs, the height and the depth. Taken from the fonts' own metrics,
    rounded towards the middle of the line: what they enclose is ink in any cut of the font.
    """

    name: str
    capital: float
    small: float
    low: float
    ideograph: tuple[float, float] = (0.0, 0.0)

    def width(self, text: str, size: float) -> float:
        """In points."""
        return float(pdfmetrics.stringWidth(text, self.name, size))

    def ink(self, text: str, size: float) -> tuple[float, float]:
        """How far the text's ink reaches above the baseline and below it, in points."""
        if any("\u3400" <= character <= "\u9fff" for character in text):
            above, below = self.ideograph
        else:
            above = self.capital if _TALL & set(text) else self.small
            below = self.low if _LOW & set(text) else 0.0
        return above * size, below * size


HELVETICA = Face("Helvetica", 0.70, 0.51, 0.20)
HELVETICA_BOLD = Face("Helvetica-Bold", 0.70, 0.52, 0.20)
TIMES = Face("Times-Roman", 0.65, 0.44, 0.20)
TIMES_BOLD = Face("Times-Bold", 0.66, 0.45, 0.20)
COURIER = Face("Courier", 0.55, 0.41, 0.15)
VERA = Face("Vera", 0.72, 0.54, 0.20)
SONG = Face("STSong-Light", 0.62, 0.40, 0.10, (0.78, 0.04))
MSUNG = Face("MSung-Light", 0.62, 0.40, 0.10, (0.78, 0.04))


def register() -> None:
    """Makes the fonts known that are not among the standard fourteen."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))  # comes with reportlab


def blocks_for(name: str, characters: Iterable[str]) -> Face:
    """An embedded Chinese font of these characters."""
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(block_font(characters))))
    _, low, _, high = block_ink("中")
    return Face(name, 0.70, 0.70, 0.0, (high / 1000, -low / 1000))
