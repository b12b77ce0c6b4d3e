"""Which lines of a picture go on in the next one: paragraphs and rows from lines of print."""

import itertools
import re
from collections.abc import Sequence

from ingest.line_order import is_beside
from tools.shapes import Box
from tools.text.sentences import join_lines

BLANK_LINE = "\n\n"

_ITEM = re.compile(
    r"[-•·●■◆]|[(（]?\d{1,3}[.、)）](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|第[一二三四五六七八九十百零〇\d]{1,6}[章节条编]"
)
_LABEL = re.compile(r"[A-Z][\w'’/()-]*(?: [\w'’/()-]+){0,3}\s?[:：](?!//)|[\u3400-\u9fff（）()]{1,10}[:：]")
_HYPHENATED = re.compile(r"(?<=[a-z])-$")
_FIRST_WORD = re.compile(r"[!-~]+|.[，。；：、！？）”》]?")
_GOES_ON = ("，", "、", ",")
_LETTER_WIDTH, _CHARACTER_WIDTH = 0.45, 0.85
"""Times the height of a line's box, which is somewhat more than the size of its print."""
_PITCH = 0.9  # times the height of a line: more space parts paragraphs
_SAME_SIZE = 1.3
_INDENTS = (-1.0, 4.0)  # times the height: how far a paragraph's first line may begin from its second
_FULL = 0.7  # share of the way to the right edge that a line takes at least behind which a sentence may go on
_FLUSH = 0.15  # times the height: lines of one paragraph end so close to each other where both are full
_NEIGHBOURS = 3.0  # times the height: how far above and below a line others stand beside it
_MARGIN_RANK = 0.75  # of the lines' right ends: some are shorter, and a heading may be longer


def join(texts: Sequence[str], boxes: Sequence[Box], width: float) -> list[tuple[str, str]]:
    """What joins each line to the one before, and its text: without the hyphen where the next one completes the word.

    Lines are upright and in the order of reading. `width`: of the upright picture.
    """
    joints = [BLANK_LINE]
    shown = list(texts)
    for index, ((before, box_before), (text, box)) in enumerate(
        itertools.pairwise(zip(texts, boxes, strict=True)), start=1
    ):
        if is_beside(box_before, box):
            joints.append(" ")
        elif not _is_close_below(box_before, box) or _begins_anew(before, box_before, text, boxes, width):
            joints.append(BLANK_LINE)
        elif _HYPHENATED.search(before) and text[0].islower():
            shown[index - 1] = before[:-1]
            joints.append("")
        else:
            joints.append(join_lines([before, text])[len(before) : -len(text)])
    return list(zip(joints, shown, strict=False))


def _margin(line: Box, boxes: Sequence[Box]) -> float:
    """Where the lines that begin like `line` end on the right."""
    indent = 3 * (line[3] - line[1])
    ends = sorted(box[2] for box in boxes if abs(box[0] - line[0]) <= indent)
    return ends[int((len(ends) - 1) * _MARGIN_RANK)]


def _edge(line: Box, boxes: Sequence[Box], width: float) -> float:
    """How far right the line could go: to the next column, or as near the picture's edge as lines are on the left."""
    near = _NEIGHBOURS * (line[3] - line[1])
    beside = (box for box in boxes if box[1] < line[3] + near and line[1] - near < box[3])
    return min((box[0] for box in beside if box[0] > line[2]), default=width - min(box[0] for box in boxes))


def _is_close_below(line: Box, following: Box) -> bool:
    """As lines of one paragraph are, in print of one size."""
    height, next_height = line[3] - line[1], following[3] - following[1]
    least, most = (height * indent for indent in _INDENTS)
    return (
        1 / _SAME_SIZE < next_height / max(height, 1e-6) < _SAME_SIZE
        and -height / 2 < following[1] - line[3] < height * _PITCH
        and least <= line[0] - following[0] <= most
    )


def _begins_anew(before: str, line: Box, text: str, boxes: Sequence[Box], width: float) -> bool:
    """Whether `text`, below `line`, is no part of what `before` says: an entry, or what would have fitted behind it."""
    height = line[3] - line[1]
    is_flush = _is_chinese(text[0]) and sum(abs(box[2] - line[2]) < _FLUSH * height for box in boxes) > 1
    if _ITEM.match(text) or (_LABEL.match(text) and not is_flush):
        return True
    if before.endswith(_GOES_ON):
        return False
    word = _FIRST_WORD.match(text)
    room = sum(_LETTER_WIDTH if each.isascii() else _CHARACTER_WIDTH for each in word.group()) if word else 1.0
    if _margin(line, boxes) - line[2] >= (room + 0.6) * height:
        return True
    is_short = line[2] - line[0] < _FULL * (_edge(line, boxes, width) - line[0])
    return is_short and not is_flush and not text[0].islower()


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
