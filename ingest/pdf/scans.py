"""Pages that are pictures: rendered, and their text recognized."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2

from ingest import ocr
from ingest.pdf.page_space import PageSpace
from ingest.pdf.printed import Recognized
from ingest.reading import Reading
from ingest.recognized_text import recognized_text
from tools.shapes import Box

_SCALE = 150 / 72  # pixels a point: 150 dots an inch
_MOST_PIXELS = 12_000_000  # of a page: more is slower, not better


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as a picture. `image`: height × width × 3, RGB. `scale`: its pixels a point."""

    image: np.ndarray[Any, np.dtype[np.uint8]]
    scale: float


def scale_of(width: float, height: float, reading: Reading) -> float:
    """Pixels a point at which so much of a page is rendered."""
    return min(_SCALE, math.sqrt(min(_MOST_PIXELS, reading.limits.pixels) / (width * height)))


def scanned(page: pypdfium2.PdfPage, space: PageSpace, reading: Reading) -> Scan:
    """The page as it is shown, smaller where it would take more pixels than may be read."""
    scale = scale_of(space.width, space.height, reading)
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=False)
    try:
        shown = bitmap.to_numpy()
        image = np.array(shown[:, :, :3] if shown.ndim == 3 else np.stack([shown] * 3, axis=2))
    finally:
        bitmap.close()
    return Scan(image, scale)


def recognized(scan: Scan, reading: Reading) -> Recognized:
    """The text in it, with boxes on the page. Raises MissingExtraError without the extra."""
    text, boxes = recognized_text(ocr.recognize(scan.image, reading), 1 / scan.scale)
    return text, tuple(replace(each, box=_rounded(each.box)) for each in boxes)


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(float(value), 2) for value in box)
    return left, top, right, bottom
