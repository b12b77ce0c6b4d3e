"""Lines joined to paragraphs, and everything of a page as blocks of Markdown with its places."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.pdf.headings import Headings
from ingest.pdf.lines import Line, is_right_to_left
from ingest.pdf.reading_order import Region
from ingest.pdf.tables import Cell, Table
from tools.shapes import Box

_BLOCK_START = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,6}[章节条编]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[-–•·●○▪■◆]\s|\d{1,3}[.．、)）](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s+[A-Z\u3400-\u9fff]"
    r"|(?:[图表]|Figure|Fig\.|Table)\s?\d"
)
_LEADERS = re.compile(r"(?:[.…·]\s?){5,}\d+$")  # as in a table of contents
_FIRST_WORD = re.compile(r"[!-~]+|.[，。；：、！？）”》]?")
_SENTENCE_END = re.compile(r"[.!?。！？；;:：][\"'”’）)]*$")
_CUT_WORD = re.compile(r"(?<=[a-z])-$")  # infor-
_CUT_CODE = re.compile(r"[\dA-Za-z]-$")  # DZ-2024-
_FULL_WIDTH = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]")
_PITCH = 1.25  # times the distance of lines within a paragraph
_HANGING = 4  # times the size: how far in an item of a list goes on
_APART = 4  # times the size
_LONG = 12  # times the size: a line that reads as one of a paragraph
_HEADING_PITCH = 1.7  # times the size: a heading that goes on in a second line


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a block; `box` says where in the frame, None for what Markdown adds."""

    text: str
    box: Box | None = None


Block = tuple[Piece, ...]


def blocks_of(regions: Sequence[Region], headings: Headings, page: int) -> list[Block]:
    """Headings, paragraphs and tables in the order of reading."""
    pitch = _usual_pitch(regions)
    blocks: list[Block] = []
    open_lines: list[Line] = []
    margin = 0.0

    def close() -> None:
        if open_lines:
            blocks.append(_paragraph(open_lines))
            open_lines.clear()

    for region in regions:
        lines = [item for item in region if isinstance(item, Line)]
        goes_on_beside = open_lines and lines and _goes_on_beside(open_lines[-1], lines[0], margin)
        if not goes_on_beside or lines[0] is not region[0]:
            close()
        margin = max((_end(line) for line in lines), default=0.0)
        for kind, items in _grouped(region, headings, page, pitch):
            if kind is None and isinstance(items[0], Line):
                line = items[0]
                if open_lines and line is not region[0] and not _goes_on(open_lines[-1], line, margin, pitch):
                    close()
                open_lines.append(line)
                continue
            close()
            blocks.append(_table(items[0]) if isinstance(items[0], Table) else _heading(kind or 1, items))
    close()
    return blocks


def _grouped(
    region: Region, headings: Headings, page: int, pitch: float
) -> Iterator[tuple[int | None, list[Line | Table]]]:
    """Each line or table by itself, but lines of one heading together, with its level."""
    heading: list[Line | Table] = []
    level: int | None = None
    for before, item, after in zip([None, *region], region, [*region[1:], None], strict=False):
        found = None
        if isinstance(item, Line):
            found = headings.level(item, page, _stands_alone(before, item, after, pitch))
        if heading and not (found == level and isinstance(item, Line) and _is_heading_going_on(heading[-1], item)):
            yield level, heading
            heading = []
        if found is None:
            yield None, [item]
        else:
            heading.append(item)
            level = found
    if heading:
        yield level, heading


def _is_heading_going_on(before: Line | Table, line: Line) -> bool:
    if not isinstance(before, Line) or before.size != line.size or _BLOCK_START.match(line.text):
        return False
    return 0 < line.baseline - before.baseline <= _HEADING_PITCH * line.size and before.is_bold == line.is_bold


def _stands_alone(before: Line | Table | None, line: Line, after: Line | Table | None, pitch: float) -> bool:
    """Whether white or other print stands above, and something else than more of the same below."""
    far_above = not isinstance(before, Line) or not 0 < _distance(before, line) <= pitch * _PITCH
    other_below = not isinstance(after, Line) or not after.is_bold or not 0 < _distance(line, after) <= pitch * _PITCH
    return far_above and other_below and after is not None


def _usual_pitch(regions: Sequence[Region]) -> float:
    """The least distance of neighbouring lines of one size."""
    distances = (
        _distance(line, following)
        for region in regions
        for line, following in itertools.pairwise(region)
        if isinstance(line, Line) and isinstance(following, Line)
    )
    return min((distance for distance in distances if distance > 0), default=0.0)


def _distance(line: Line, following: Line) -> float:
    """How far down the page `following` stands; 0 when it is not the next line of the same size."""
    distance = following.baseline - line.baseline
    return distance if following.size == line.size and distance > line.size * 0.8 else 0.0


def _start(line: Line) -> float:
    return -line.box[2] if is_right_to_left(line.text) else line.box[0]


def _end(line: Line) -> float:
    return -line.box[0] if is_right_to_left(line.text) else line.box[2]


def _goes_on(line: Line, following: Line, margin: float, pitch: float) -> bool:
    """Whether `following` is the same paragraph: close below, and its first word did not fit behind `line`."""
    if line.ends_filled_in:
        return False
    if not 0 < _distance(line, following) <= pitch * _PITCH:
        return bool(_CUT_CODE.search(line.text)) and 0 < _distance(line, following) <= 2 * pitch
    indent = _HANGING if _BLOCK_START.match(line.text) else 1  # further in, a new paragraph begins
    if _BLOCK_START.match(following.text) or _start(following) > _start(line) + indent * line.size:
        return False
    if _CUT_CODE.search(line.text):
        return True
    if _is_row(line) or _is_row(following) or _LEADERS.search(line.text):
        return False
    first = following.text[0]
    is_long = _end(line) - _start(line) > _LONG * line.size
    if first.islower() and is_long and not _SENTENCE_END.search(line.text):
        return True
    if first.isascii() and not first.islower() and margin - _start(line) < _LONG * line.size:
        return False  # lines so short are most often a list
    word = _FIRST_WORD.match(following.text)
    width = sum(0.5 if character.isascii() else 1.0 for character in word.group()) if word else 1.0
    return margin - _end(line) < (width + 0.5) * line.size


def _is_row(line: Line) -> bool:
    """Whether its parts stand so far from one another that they are no words of one sentence."""
    gaps = (max(b.box[0] - a.box[2], a.box[0] - b.box[2]) for a, b in itertools.pairwise(line.runs))
    return any(gap > _APART * line.size for gap in gaps)


def _goes_on_beside(line: Line, following: Line, margin: float) -> bool:
    """Whether a paragraph goes on at the top of the next column: `line` is full, and ends no sentence."""
    if following.size != line.size or following.baseline >= line.baseline or _BLOCK_START.match(following.text):
        return False
    if line.ends_filled_in:
        return False
    return margin - _end(line) < 4 * line.size and not _SENTENCE_END.search(line.text)


def _heading(level: int, lines: Sequence[Line | Table]) -> Block:
    return (Piece(f"{'#' * level} "), *_paragraph([line for line in lines if isinstance(line, Line)]))


def _paragraph(lines: Sequence[Line]) -> Block:
    """The lines as one, a word that was cut at the end of a line whole again."""
    pieces: list[Piece] = []
    for line, following in itertools.zip_longest(lines, lines[1:]):
        runs = [(run.text, run.box) for run in line.runs]
        text, box = runs[-1]
        between = ""
        if following is not None and _CUT_WORD.search(text) and following.text[0].islower():
            runs[-1] = text[:-1], box
        elif following is not None:
            between = _between(text, following.text)
        for place, (text, box) in enumerate(runs):
            pieces.extend([Piece(" ")] if place else [])
            pieces.append(Piece(text, box))
        pieces.extend([Piece(between)] if between else [])
    return tuple(pieces)


def _between(text: str, following: str) -> str:
    """What stands between two lines that are joined: nothing beside Chinese, nor within a code."""
    if _FULL_WIDTH.match(text[-1]) or _FULL_WIDTH.match(following[0]):
        return ""
    return "" if _CUT_CODE.search(text) and following[0].isalnum() else " "


def _table(table: Table) -> Block:
    """A Markdown table with the first row as its header."""
    kept = [column for column in range(len(table.rows[0])) if any(row[column] for row in table.rows)]
    pieces: list[Piece] = []
    for number, row in enumerate(table.rows):
        pieces.append(Piece("\n| " if number else "| "))
        for place, column in enumerate(kept):
            pieces.extend([Piece(" | ")] if place else [])
            pieces.extend(_cell(row[column]))
        pieces.append(Piece(" |"))
        if number == 0:
            pieces.append(Piece("\n|" + " --- |" * len(kept)))
    return tuple(pieces)


def _cell(cell: Cell) -> Block:
    if not cell:
        return ()
    return tuple(Piece(piece.text.replace("|", "\\|"), piece.box) for piece in _paragraph(cell))
