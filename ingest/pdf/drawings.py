"""Rules and pictures on a page."""

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.pdf.page_space import PageSpace
from ingest.pdf.printed import Rule, around, rule_of
from tools.shapes import Box

_MOST_OBJECTS = 20_000  # a page with more is a drawing or a map: its lines rule no tables
_MOST_SEGMENTS = 2_000
_THIN = 2.5  # points
_SHORT = 4.0
_DEEPEST_FORM = 8

Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture on the page. `pixels`: of the picture as it is stored. `handle`: PDFium's, while the page is open."""

    box: Box
    pixels: int
    handle: pdfium.FPDF_PAGEOBJECT


@dataclass(slots=True)
class Drawings:
    """Rules and pictures, on the page. `paths`: how many shapes are drawn."""

    rules: list[Rule] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    paths: int = 0


def read_drawings(page: pypdfium2.PdfPage, space: PageSpace) -> Drawings:
    """What is drawn on `page` besides text."""
    drawings = Drawings()
    for count, (handle, matrix) in enumerate(_objects(page)):
        if count > _MOST_OBJECTS:
            drawings.rules.clear()
            break
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            width, height = ctypes.c_uint(), ctypes.c_uint()
            pdfium.FPDFImageObj_GetImagePixelSize(handle, width, height)
            drawings.images.append(Image(_bounds(handle, matrix, space), width.value * height.value, handle))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawings.paths += 1
            drawings.rules.extend(_rules(handle, matrix, space))
    return drawings


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    """All objects, those within forms too, with the matrix of the form."""
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _within(pdfium.FPDFPage_GetObject(page, index), _UNCHANGED, 0)


def _within(
    handle: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, depth: int
) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix]]:
    if pdfium.FPDFPageObj_GetType(handle) != pdfium.FPDF_PAGEOBJ_FORM:
        yield handle, matrix
    elif depth < _DEEPEST_FORM:
        inner = _times(_matrix(handle), matrix)
        for index in range(pdfium.FPDFFormObj_CountObjects(handle)):
            yield from _within(pdfium.FPDFFormObj_GetObject(handle, index), inner, depth + 1)


def _matrix(handle: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does what `first` does, and then what `second` does."""
    a, b, c, d, e, f = first
    x, y = second[:2], second[2:4]
    return (
        a * x[0] + b * y[0],
        a * x[1] + b * y[1],
        c * x[0] + d * y[0],
        c * x[1] + d * y[1],
        e * x[0] + f * y[0] + second[4],
        e * x[1] + f * y[1] + second[5],
    )


def _placed(x: float, y: float, matrix: Matrix, space: PageSpace) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return space.point(a * x + c * y + e, b * x + d * y + f)


def _bounds(handle: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, space: PageSpace) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
    corners = [_placed(x.value, y.value, matrix, space) for x in (left, right) for y in (bottom, top)]
    return around((*corner, *corner) for corner in corners)


def _rules(handle: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, space: PageSpace) -> Iterator[Rule]:
    """Lines that are drawn, edges of boxes that are drawn, and boxes so thin that they are lines."""
    box = _bounds(handle, matrix, space)
    width, height = box[2] - box[0], box[3] - box[1]
    if min(width, height) <= _THIN:
        if max(width, height) >= _SHORT:
            yield rule_of(box)
        return
    fill, is_stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, fill, is_stroked)
    if pdfium.FPDFPath_CountSegments(handle) > _MOST_SEGMENTS:
        return
    for corners in _polygons(handle, _times(_matrix(handle), matrix), space):
        part = around((*corner, *corner) for corner in corners)
        if not is_stroked.value:
            if min(part[2] - part[0], part[3] - part[1]) <= _THIN:
                yield rule_of(part)
            continue
        for (x, y), (to_x, to_y) in itertools.pairwise(corners):
            if min(abs(x - to_x), abs(y - to_y)) < 0.5 and max(abs(x - to_x), abs(y - to_y)) >= _SHORT:
                yield rule_of((min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)))


def _polygons(handle: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, space: PageSpace) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path, the first once more where it is closed; curves are left out."""
    corners: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(handle)):
        segment = pdfium.FPDFPath_GetPathSegment(handle, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind != pdfium.FPDF_SEGMENT_LINETO and corners:
            yield corners
            corners = []
        corners.append(_placed(x.value, y.value, matrix, space))
        if pdfium.FPDFPathSegment_GetClose(segment) and kind == pdfium.FPDF_SEGMENT_LINETO:
            corners.append(corners[0])
    if corners:
        yield corners
