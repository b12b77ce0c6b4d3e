"""Pages that are pictures, and pictures on pages: rendered without the print on them, and their text recognized."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

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


def scanned(page: pypdfium2.PdfPage, space: PageSpace, print_boxes: Sequence[Box], reading: Reading) -> Scan:
    """The page as it is shown but for its print, smaller where it would take more pixels than may be read."""
    return _rendered(page, space, (0.0, 0.0, space.width, space.height), print_boxes, reading)


def picture_file(
    page: pypdfium2.PdfPage, space: PageSpace, box: Box, print_boxes: Sequence[Box], reading: Reading
) -> bytes:
    """A part of the page, as it is shown but for its print, as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(_rendered(page, space, box, print_boxes, reading).image).save(buffer, "PNG")
    return buffer.getvalue()


def _rendered(
    page: pypdfium2.PdfPage, space: PageSpace, box: Box, print_boxes: Sequence[Box], reading: Reading
) -> Scan:
    left, top, right, bottom = box
    crop = (left, space.height - bottom, space.width - right, top)
    pixels = min(_MOST_PIXELS, reading.limits.pixels)
    scale = min(_SCALE, math.sqrt(pixels / ((right - left) * (bottom - top))))
    bitmap = page.render(scale=scale, crop=crop, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=False)
    try:
        shown = bitmap.to_numpy()
        image = np.array(shown[:, :, :3] if shown.ndim == 3 else np.stack([shown] * 3, axis=2))
    finally:
        bitmap.close()
    for x, y, to_x, to_y in print_boxes:
        _hide(image, ((x - left) * scale, (y - top) * scale, (to_x - left) * scale, (to_y - top) * scale))
    return Scan(image, scale)


def _hide(image: np.ndarray[Any, np.dtype[np.uint8]], box: Box) -> None:
    """Fills a part of the image with the colour that most of it has."""
    height, width = image.shape[:2]
    left, right = max(math.floor(box[0]), 0), min(math.ceil(box[2]), width)
    top, bottom = max(math.floor(box[1]), 0), min(math.ceil(box[3]), height)
    if left < right and top < bottom:
        part = image[top:bottom, left:right]
        part[:] = np.median(part, axis=(0, 1))


def recognized(scan: Scan, reading: Reading) -> Recognized:
    """The text in it, with boxes on the page. Raises MissingExtraError without the extra."""
    text, boxes = recognized_text(ocr.recognize(scan.image, reading), 1 / scan.scale)
    return text, tuple(replace(each, box=_rounded(each.box)) for each in boxes)


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(float(value), 2) for value in box)
    return left, top, right, bottom
