"""The fragments of print on a page, as PDFium finds its characters."""

import ctypes
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ingest.pdf.lines import FULL_WIDTH, WORD_SPACE, is_right_to_left
from ingest.pdf.page_space import Boxes, PageSpace
from ingest.pdf.printed import Fragment, Frame, Rule, rule_of
from tools.shapes import Box
from tools.text.clean import clean

Places = np.ndarray[Any, np.dtype[np.float32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_SAME_EDGE = 0.05  # points; characters of one run of print reach equally high and low
_GAP = 0.6  # times the size of the print: wider ones part fragments
_ASCENT = (0.86, 1.1)  # at least and at most, times the size: what fonts say of themselves is not always true
_DESCENT = (0.2, 0.35)
_ASKEW = 5  # degrees
_ENOUGH = 5  # gaps, to tell what is usual
_HYPHEN = re.compile("[\x02\ufffe\xad]")
_LINE_END = re.compile(r"[\r\n]+\s*$")
_WHITE_SPACE = re.compile(r"\s")
_BOLD = re.compile(rb"bold|black|heavy|demi|bx\d|simhei|heiti", re.IGNORECASE)
_FILLER = re.compile(r"[\s_.…·‥☐□◻]+")  # printed where something is to be filled in
_LEAST_FILLER = 3  # signs in a row: a full stop is none
_WIDE_FILLER = re.compile("[…‥☐□◻]")
_BULLET = re.compile("[\uf06c\uf06e\uf075\uf0a7\uf0b7\uf0d8\uf0fc]")  # of the symbol fonts that Office knows


@dataclass(frozen=True, slots=True)
class _Style:
    """How a run of characters is printed. `origin`: of the first, on the page. `size`: 0 where it makes no sense."""

    direction: int | None
    origin: tuple[float, float]
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is read in one direction. `uprights`: where the upright rules of the frame are, begin and end.

    `filled`: the boxes of the fields that are filled in.
    """

    frame: Frame
    uprights: Boxes
    filled: Sequence[Box]
    fragments: list[Fragment] = field(default_factory=list)


def read_frames(
    page: pypdfium2.PdfPage, space: PageSpace, rules: Sequence[Rule], filled: Sequence[Box] = ()
) -> list[Frame]:
    """What is printed on `page`, by the direction it is read in; the direction with most text is the first.

    `rules`: on the page; what they part is parted. `filled`: where fields are that are filled in; the dots and lines
    printed there to be written on are left out.
    """
    sheets: dict[int | None, _Sheet] = {}
    text_page = page.get_textpage()
    try:
        for style, characters, boxes in _runs(text_page, space):
            if style.direction not in sheets:
                sheets[style.direction] = _sheet(style.direction, space, rules, filled)
            sheet = sheets[style.direction]
            sheet.fragments.extend(_fragments(characters, boxes, style, sheet))
    finally:
        text_page.close()
    frames = [replace(sheet.frame, fragments=tuple(sheet.fragments)) for sheet in sheets.values()]
    return sorted(frames, key=lambda frame: -sum(len(each.text) for each in frame.fragments))


def _sheet(direction: int | None, space: PageSpace, rules: Sequence[Rule], filled: Sequence[Box]) -> _Sheet:
    empty = Frame(direction, space.width, space.height)
    framed = tuple(rule_of(empty.framed(rule.box)) for rule in rules)
    uprights = [(rule.at, rule.start, rule.end) for rule in framed if not rule.is_horizontal]
    at_ends = np.array(uprights, dtype=np.float32).reshape(-1, 3).T
    return _Sheet(replace(empty, rules=framed), at_ends, [empty.framed(box) for box in filled])


def _runs(text_page: pypdfium2.PdfTextPage, space: PageSpace) -> Iterator[tuple[_Style, list[str], Boxes]]:
    """Characters on one line of print that follow one another, each with the white space behind it, and their boxes."""
    characters = _characters(text_page)
    seen = [index for index, character in enumerate(characters) if character and not character.isspace()]
    if not seen:
        return
    texts = ["".join(characters[index:after]) for index, after in itertools.pairwise((*seen, len(characters)))]
    boxes = space.boxes(_loose_boxes(text_page, seen))
    _turn_ligatures(texts, boxes)
    same = np.abs(np.diff(boxes, axis=0)) < _SAME_EDGE
    in_row = same[:, 1] | same[:, 3]  # tall and deep characters reach further, but only to one side
    in_column = (same[:, 0] | same[:, 2]) & ~in_row
    row_ends, column_ends = (np.append(np.flatnonzero(~goes_on), len(seen) - 1) for goes_on in (in_row, in_column))
    start = 0
    while start < len(seen):
        style = _style(text_page, seen[start], space)
        ends = column_ends if style.direction in (90, 270) else row_ends
        end = int(ends[np.searchsorted(ends, start)]) + 1
        if style.direction is None:
            end = start + sum(1 for _ in itertools.takewhile(_is_of_same_object(text_page, seen[start]), seen[start:]))
        if style.is_bold and not _is_bold(text_page, seen[end - 1]):
            style = replace(style, is_bold=False)
        yield style, texts[start:end], boxes[start:end]
        start = end


def _turn_ligatures(texts: list[str], boxes: Boxes) -> None:
    """Puts the letters of one sign, as of lam-alef, in order: PDFium turns right-to-left text round by letters."""
    for place in np.flatnonzero(~np.diff(boxes, axis=0).any(axis=1)).tolist():
        first, second = texts[place], texts[place + 1]
        if len(first) == 1 and is_right_to_left(first) and is_right_to_left(second):
            texts[place : place + 2] = second[0], first + second[1:]


def _is_of_same_object(text_page: pypdfium2.PdfTextPage, first: int) -> Callable[[int], bool]:
    """Tells of an index whether its character was drawn together with the one at `first`."""

    def address(index: int) -> int:
        drawn = pdfium.FPDFText_GetTextObject(text_page, index)
        return ctypes.addressof(drawn.contents) if drawn else 0

    wanted = address(first)
    return lambda index: index == first or address(index) == wanted


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


def _fragments(characters: list[str], boxes: Boxes, style: _Style, sheet: _Sheet) -> Iterator[Fragment]:
    """The characters of a run, cut where gaps are wide and where rules stand between them."""
    frame = sheet.frame
    framed = np.stack(frame.framed(tuple(boxes.T)), axis=1)
    baseline = frame.framed((*style.origin, *style.origin))[1]
    size = style.size or float(framed[0][3] - framed[0][1]) or 1.0
    gaps = np.maximum(framed[1:, 0] - framed[:-1, 2], framed[:-1, 0] - framed[1:, 2])
    is_cut = gaps > (_GAP * size if frame.direction is not None else math.inf)
    middles = (framed[:, 0] + framed[:, 2]) / 2
    at, top, bottom = sheet.uprights
    height = baseline - size / 3
    for x in at[(top < height) & (height < bottom) & (middles.min() < at) & (at < middles.max())]:
        is_cut |= (middles[:-1] < x) != (middles[1:] < x)
    fields = [(left, right) for left, over, right, under in sheet.filled if over < height < under]
    gives_way = _filler(characters, middles, fields)
    is_cut |= gives_way[:-1] != gives_way[1:]
    if frame.direction is not None:
        characters = _parted(characters, gaps, size)
    start = 0
    for end in (*(np.flatnonzero(is_cut) + 1).tolist(), len(characters)):
        text = "" if gives_way[start] else _text("".join(characters[start:end]))
        box = _box(framed[start:end], baseline, size, frame.direction is None)
        if text and _is_on_page(frame, box):
            yield Fragment(text, box, baseline, round(size, 1), style.is_bold)
        start = end


def _filler(characters: Sequence[str], middles: Places, fields: Sequence[tuple[float, float]]) -> Mask:
    """Which characters are of dots, lines and squares that reach into fields, which are from and to these places."""
    found = np.zeros(len(characters), dtype=bool)
    if not fields:
        return found
    signs = [len(each.strip()) if _FILLER.fullmatch(each) else 0 for each in characters]
    counts = [
        _LEAST_FILLER if count and _WIDE_FILLER.search(each) else count
        for count, each in zip(signs, characters, strict=True)
    ]
    is_filler = np.array(signs) > 0
    for left, right in fields:
        found |= is_filler & (left < middles) & (middles < right)
    runs = np.cumsum(np.append(False, is_filler[1:] != is_filler[:-1]))
    is_long = np.bincount(runs, weights=counts)[runs] >= _LEAST_FILLER
    gives_way: Mask = is_filler & is_long & np.isin(runs, runs[found])
    return gives_way


def _parted(characters: list[str], gaps: Boxes, size: float) -> list[str]:
    """With a space in wide gaps: PDFium leaves some out where a program moved on instead of printing one.

    Where letters are spaced out, the gap between words is one beyond that; of two characters nobody knows.
    """
    if len(gaps) < 2:
        return characters
    usual = max(0.0, float(np.median(gaps) if len(gaps) >= _ENOUGH else gaps.min()))
    texts = list(characters)
    for place in np.flatnonzero(gaps > usual + WORD_SPACE * size).tolist():
        before, after = texts[place], texts[place + 1]
        if not before[-1].isspace() and not (FULL_WIDTH.match(before) or FULL_WIDTH.match(after)):
            texts[place] = before + " "
    return texts


def _quarter(degrees: float) -> int | None:
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) <= _ASKEW else None


def _text(text: str) -> str:
    """Without line ends; a space at its end is one that the file holds. Empty when nothing in it can be read."""
    shown = clean(_BULLET.sub("•", _HYPHEN.sub("-", _WHITE_SPACE.sub(" ", _LINE_END.sub("", text)))))
    read = shown.rstrip()
    return read + " " if read and shown.endswith(" ") else read


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
