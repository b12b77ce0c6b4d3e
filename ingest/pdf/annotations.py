"""What lies over the print of a page: the annotations of a PDF file, of which form fields and comments are kinds."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ingest.pdf.page_space import PageSpace
from ingest.pdf.printed import Frame
from tools.shapes import Box
from tools.text.clean import clean

_MOST = 5_000  # on a page
_MOST_BYTES = 1_000_000  # of one text
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW

Fill = Callable[[Any, int], int]
"""Writes a text into a buffer of so many bytes, where there is one, and gives how many it takes."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One that is shown. `kind`: PDFium's number. `box`: None off the page. `handle`: PDFium's, while it is read."""

    kind: int
    box: Box | None
    handle: Any

    def text(self, key: str) -> str:
        """What it says under `key`, such as Contents; empty where nothing."""
        return filled(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(self.handle, key.encode(), buffer, size))


def read_annotations(page: pypdfium2.PdfPage, space: PageSpace) -> Iterator[Annotation]:
    """Those of `page` that are not hidden, in the file's order."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        with _opened(page, index) as handle:
            if handle and not pdfium.FPDFAnnot_GetFlags(handle) & _UNSEEN:
                yield Annotation(pdfium.FPDFAnnot_GetSubtype(handle), _box(handle, space), handle)


@contextmanager
def _opened(page: pypdfium2.PdfPage, index: int) -> Iterator[Any]:
    handle = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield handle
    finally:
        if handle:
            pdfium.FPDFPage_CloseAnnot(handle)


def filled(fill: Fill) -> str:
    """A text that PDFium writes as UTF-16."""
    size = min(fill(None, 0), _MOST_BYTES)
    if size <= 2:  # the end alone
        return ""
    buffer = ctypes.create_string_buffer(size)
    fill(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return clean(buffer.raw.decode("utf-16-le", "ignore").partition("\0")[0])


def _box(handle: Any, space: PageSpace) -> Box | None:
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(handle, rectangle)
    corners = [rectangle.left, rectangle.top, rectangle.right, rectangle.bottom]
    x, y, to_x, to_y = space.boxes(np.array([corners], dtype=np.float32))[0].tolist()
    left, top, right, bottom = Frame(0, space.width, space.height).on_page((x, y, to_x, to_y))
    return (left, top, right, bottom) if left < right and top < bottom else None
