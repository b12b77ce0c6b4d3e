"""Pages that are pictures: rendered, and their text recognized."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2

from ingest import ocr
from ingest.pdf.page_space import PageSpace
from ingest.pdf.printed import Fragment, Frame
from ingest.reading import Reading

SCAN_SCALE = 200 / 72  # pixels a point: 200 dots an inch
_MOST_PIXELS = 12_000_000  # of a page: more is slower, not better
_BASELINE = 0.78  # share of a line's box that is above its baseline
_SIZE = 0.75  # of the print, as a share of the height of its box


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as a picture. `image`: height × width × 3, RGB. `scale`: its pixels a point."""

    image: np.ndarray[Any, np.dtype[np.uint8]]
    scale: float
    space: PageSpace


def scanned(page: pypdfium2.PdfPage, space: PageSpace, reading: Reading) -> Scan:
    """The page as it is shown, smaller where it would take more pixels than may be read."""
    scale = min(SCAN_SCALE, math.sqrt(min(_MOST_PIXELS, reading.limits.pixels) / (space.width * space.height)))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=False)
    try:
        shown = bitmap.to_numpy()
        image = np.array(shown[:, :, :3] if shown.ndim == 3 else np.stack([shown] * 3, axis=2))
    finally:
        bitmap.close()
    return Scan(image, scale, space)


def recognized(scan: Scan, reading: Reading) -> Frame:
    """The text in it. Raises MissingExtraError without the extra."""
    fragments = tuple(_fragments(ocr.recognize(scan.image, reading), scan.scale))
    upright = sum(each.box[2] - each.box[0] >= each.box[3] - each.box[1] for each in fragments if len(each.text) > 2)
    is_askew = 2 * upright < sum(len(each.text) > 2 for each in fragments)  # lines run up or down: as they come
    return Frame(None if is_askew else 0, scan.space.width, scan.space.height, fragments)


def _fragments(lines: list[ocr.RecognizedLine], scale: float) -> list[Fragment]:
    found = []
    for line in lines:
        left, top, right, bottom = (value / scale for value in line.box)
        height = bottom - top
        text = " ".join(line.text.split())
        if text and height > 0:
            found.append(Fragment(text, (left, top, right, bottom), top + _BASELINE * height, round(_SIZE * height)))
    return found
