"""The fragments of print on a page, as PDFium finds its characters."""

import ctypes
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ingest.pdf.page_space import Boxes, PageSpace
from ingest.pdf.printed import Fragment, Frame, Rule, rule_of
from tools.shapes import Box
from tools.text.clean import clean

Flags = np.ndarray[Any, np.dtype[np.bool_]]

_SAME_EDGE = 0.05  # points; characters of one run of print reach equally high and low
_GAP = 0.6  # times the size of the print: wider ones part fragments
_ASCENT = (0.86, 1.1)  # at least and at most, times the size: what fonts say of themselves is not always true
_DESCENT = (0.2, 0.35)
_ASKEW = 5  # degrees
_HYPHEN = re.compile("[\x02\ufffe\xad]")
_SPACES = ("\t", " ", "\xa0", "\u2003", "\u3000")
_WHITE_SPACE = re.compile(r"\s")
_BOLD = re.compile(rb"bold|black|heavy|demi|bx\d|simhei|heiti", re.IGNORECASE)
_BULLET = re.compile("[\uf06c\uf06e\uf075\uf0a7\uf0b7\uf0d8\uf0fc]")  # of the symbol fonts that Office knows


@dataclass(frozen=True, slots=True)
class _Style:
    """How a run of characters is printed. `origin`: of the first, on the page. `size`: 0 where it makes no sense."""

    direction: int | None
    origin: tuple[float, float]
    size: float
    is_bold: bool


def read_frames(page: pypdfium2.PdfPage, space: PageSpace, rules: Sequence[Rule]) -> list[Frame]:
    """What is printed on `page`, by the direction it is read in; the direction with most text is the first.

    `rules`: on the page; what they part is parted.
    """
    text_page = page.get_textpage()
    try:
        by_direction: defaultdict[int | None, list[Fragment]] = defaultdict(list)
        for frame, fragment in _fragments(text_page, space, rules):
            by_direction[frame.direction].append(fragment)
    finally:
        text_page.close()
    frames = [
        replace(_frame(direction, space, rules), fragments=tuple(found)) for direction, found in by_direction.items()
    ]
    return sorted(frames, key=lambda frame: -sum(len(each.text) for each in frame.fragments))


def _frame(direction: int | None, space: PageSpace, rules: Sequence[Rule]) -> Frame:
    empty = Frame(direction, space.width, space.height)
    return replace(empty, rules=tuple(rule_of(empty.framed(rule.box)) for rule in rules))


def _fragments(
    text_page: pypdfium2.PdfTextPage, space: PageSpace, rules: Sequence[Rule]
) -> Iterator[tuple[Frame, Fragment]]:
    characters = _characters(text_page)
    seen = [index for index, character in enumerate(characters) if character and not character.isspace()]
    if not seen:
        return
    frames: dict[int | None, Frame] = {}
    boxes = space.boxes(_loose_boxes(text_page, seen))
    same = np.abs(np.diff(boxes, axis=0)) < _SAME_EDGE
    in_row = same[:, 1] | same[:, 3]  # tall and deep characters reach further, but only to one side
    in_column = (same[:, 0] | same[:, 2]) & ~in_row
    start = 0
    while start < len(seen):
        style = _style(text_page, seen[start], space)
        goes_on = in_column if style.direction in (90, 270) else in_row
        end = start + 1 + _length(goes_on, start)
        if style.is_bold and not _is_bold(text_page, seen[end - 1]):
            style = replace(style, is_bold=False)
        if style.direction not in frames:
            frames[style.direction] = _frame(style.direction, space, rules)
        frame = frames[style.direction]
        for fragment in _run(characters, seen[start:end], boxes[start:end], style, frame):
            yield frame, fragment
        start = end


def _length(goes_on: Flags, start: int) -> int:
    """How many of `goes_on` from `start` are true one after another."""
    ends = np.flatnonzero(~goes_on[start:])
    return int(ends[0]) if len(ends) else len(goes_on) - start


def _characters(text_page: pypdfium2.PdfTextPage) -> list[str]:
    """One string for each index of PDFium's; the second half of a surrogate pair is empty."""
    count = text_page.count_chars()
    text = text_page.get_text_range()
    if len(text) == count:
        return list(text)
    characters = [chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(count)]
    for index in range(count - 1):
        if "\ud800" <= characters[index] < "\udc00" <= characters[index + 1] < "\ue000":
            pair = (characters[index] + characters[index + 1]).encode("utf-16", "surrogatepass")
            characters[index : index + 2] = [pair.decode("utf-16"), ""]
    return characters


def _loose_boxes(text_page: pypdfium2.PdfTextPage, indexes: list[int]) -> Boxes:
    """(left, top, right, bottom) in the file's own coordinates, in which the top is the larger."""
    rectangles = (pdfium.FS_RECTF * len(indexes))()
    handle, read = text_page.raw, pdfium.FPDFText_GetLooseCharBox
    for index, rectangle in zip(indexes, rectangles, strict=True):
        read(handle, index, rectangle)
    return np.frombuffer(rectangles, dtype=np.float32).reshape(-1, 4)


def _style(text_page: pypdfium2.PdfTextPage, index: int, space: PageSpace) -> _Style:
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    return _Style(
        direction=_quarter(space.direction(matrix.a, matrix.b)),
        origin=space.point(x.value, y.value),
        size=size if 0.5 <= size <= 4 * space.height else 0.0,
        is_bold=_is_bold(text_page, index),
    )


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), None)
    return _BOLD.search(name.value) is not None


def _run(characters: list[str], indexes: list[int], boxes: Boxes, style: _Style, frame: Frame) -> Iterator[Fragment]:
    """The fragments of characters of one line of print, cut where gaps are wide and where rules stand in them."""
    framed = np.stack(frame.framed(tuple(boxes.T)), axis=1)
    baseline = frame.framed((*style.origin, *style.origin))[1]
    size = style.size or float(framed[0][3] - framed[0][1]) or 1.0
    gaps = np.maximum(framed[1:, 0] - framed[:-1, 2], framed[:-1, 0] - framed[1:, 2])
    is_cut = gaps > _GAP * size
    middles = (framed[:, 0] + framed[:, 2]) / 2
    for rule in frame.rules:
        if not rule.is_horizontal and rule.start < baseline - size / 3 < rule.end:
            is_cut |= (middles[:-1] < rule.at) != (middles[1:] < rule.at)
    start = 0
    for end in (*(np.flatnonzero(is_cut) + 1).tolist(), len(indexes)):
        text = _text(characters, indexes[start], indexes[end - 1])
        box = _box(framed[start:end], baseline, size, frame.direction is None)
        if text.strip() and _is_on_page(frame, box):
            yield Fragment(text, box, baseline, round(size, 1), style.is_bold)
        start = end


def _quarter(degrees: float) -> int | None:
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) <= _ASKEW else None


def _text(characters: list[str], first: int, last: int) -> str:
    """From `first` to `last` and, where the file goes on with white space, a space."""
    end = last + 1
    text = "".join(characters[first:end])
    after = characters[end] if end < len(characters) else ""
    return clean(_BULLET.sub("•", _HYPHEN.sub("-", _WHITE_SPACE.sub(" ", text)))) + (" " if after in _SPACES else "")


def _box(boxes: Boxes, baseline: float, size: float, is_askew: bool) -> Box:
    left, top = (float(value) for value in boxes[:, :2].min(axis=0))
    right, bottom = (float(value) for value in boxes[:, 2:].max(axis=0))
    if is_askew:
        return left, top, right, bottom
    ascent = min(max(baseline - top, _ASCENT[0] * size), _ASCENT[1] * size)
    descent = min(max(bottom - baseline, _DESCENT[0] * size), _DESCENT[1] * size)
    return left, baseline - ascent, right, baseline + descent


def _is_on_page(frame: Frame, box: Box) -> bool:
    left, top, right, bottom = frame.on_page(box)
    return left < right and top < bottom
