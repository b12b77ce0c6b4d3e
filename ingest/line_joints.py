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
_HYPHENATED = re.compile(r"(?<=[a-z])-$")
_FIRST_WORD = re.compile(r"[!-~]+|.[，。；：、！？）”》]?")
_LETTER_WIDTH, _CHARACTER_WIDTH = 0.45, 0.85
"""Times the height of a line's box, which is somewhat more than the size of its print."""
_PITCH = 0.9  # times the height of a line: more space parts paragraphs
_SAME_SIZE = 1.3
_INDENTS = (-1.0, 4.0)  # times the height: how far a paragraph's first line may begin from its second
_MARGIN_RANK = 0.75  # of the lines' right ends: some are shorter, and a heading may be longer


def join(texts: Sequence[str], boxes: Sequence[Box]) -> list[tuple[str, str]]:
    """What joins each line to the one before, and its text: without the hyphen where the next one completes the word.

    Lines are upright and in the order of reading.
    """
    joints = [BLANK_LINE]
    shown = list(texts)
    for index, ((before, box_before), (text, box)) in enumerate(
        itertools.pairwise(zip(texts, boxes, strict=True)), start=1
    ):
        if is_beside(box_before, box):
            joints.append(" ")
        elif not _goes_on(box_before, box, text, _margin(box_before, boxes)):
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


def _goes_on(line: Box, following: Box, text: str, margin: float) -> bool:
    """Whether `following` is the same paragraph: close below, and its first word did not fit behind `line`."""
    height, next_height = line[3] - line[1], following[3] - following[1]
    if not 1 / _SAME_SIZE < next_height / max(height, 1e-6) < _SAME_SIZE or _ITEM.match(text):
        return False
    least, most = (height * indent for indent in _INDENTS)
    if not -height / 2 < following[1] - line[3] < height * _PITCH or not least <= line[0] - following[0] <= most:
        return False
    word = _FIRST_WORD.match(text)
    width = sum(_LETTER_WIDTH if each.isascii() else _CHARACTER_WIDTH for each in word.group()) if word else 1.0
    return margin - line[2] < (width + 0.6) * height
