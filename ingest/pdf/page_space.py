"""From the coordinates that a PDF file uses to points from the top left of the page as it is shown."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2

Boxes = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class PageSpace:
    """`width`, `height`: of the page as shown. The rest is a matrix: x' = a x + c y + e, y' = b x + d y + f."""

    width: float
    height: float
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def direction(self, x: float, y: float) -> float:
        """The direction of a vector in degrees, clockwise as one sees it; 0 is to the right."""
        return math.degrees(math.atan2(self.b * x + self.d * y, self.a * x + self.c * y))

    def boxes(self, boxes: Boxes) -> Boxes:
        """Rows of two opposite corners, as (left, top, right, bottom)."""
        xs, ys = boxes[:, 0::2], boxes[:, 1::2]
        shown = np.stack((self.a * xs + self.c * ys + self.e, self.b * xs + self.d * ys + self.f), axis=2)
        return np.concatenate((shown.min(axis=1), shown.max(axis=1)), axis=1)


def page_space(page: pypdfium2.PdfPage) -> PageSpace:
    """As PDFium shows the page: cut to its crop box and turned."""
    left, bottom, right, top = page.get_bbox()
    width, height = (max(side, 1.0) for side in page.get_size())
    turned = {
        0: (1, 0, 0, -1, -left, top),
        90: (0, 1, 1, 0, -bottom, -left),
        180: (-1, 0, 0, 1, right, -bottom),
        270: (0, -1, -1, 0, top, right),
    }[page.get_rotation()]
    return PageSpace(width, height, *turned)
