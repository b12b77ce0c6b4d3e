"""Text recognition in pictures: lines of print found, turned upright, read and put in order."""

from dataclasses import dataclass

import numpy as np

from ingest.line_joints import BLANK_LINE, join
from ingest.line_order import reading_order
from ingest.line_reading import cut_out, read_lines
from ingest.ocr_engine import Corners, Pixels, TextEngine, is_available, text_engine
from ingest.reading import Reading
from tools.shapes import Box

__all__ = ["RecognizedLine", "is_available", "recognize"]

_MARGIN = 12
"""Pixels added on each side: print at the edge is not found."""
_FINDING_SIDES = (960, 1280)
"""Longest side, in pixels, of the picture in which lines are looked for; a larger one costs more and finds no more."""
_FINDING_SHARE = 0.55
_MOST_ENLARGED = 3.0
_LEAST_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """A line of print. `box` is in pixels of the picture from its top left; `score` is from 0 to 1, higher is surer.

    `joint`: what joins it to the line before: a blank line, or within a paragraph or a row a space or nothing.
    """

    text: str
    box: Box
    score: float
    joint: str = BLANK_LINE


def recognize(image: Pixels, reading: Reading) -> list[RecognizedLine]:
    """The lines of print in a picture, in the order of reading. `image`: height × width × 3, RGB.

    A picture that lies on a side or stands on its head is read too; boxes are those in the picture as it was given.
    For a page of small print 150 pixels an inch are enough. Nothing is recognized where `reading` says so. Raises
    MissingExtraError when the extra is not installed.
    """
    return recognize_with(text_engine(), image) if reading.recognizes_text else []


def recognize_with(engine: TextEngine, image: Pixels) -> list[RecognizedLine]:
    """As `recognize`, with any engine."""
    height, width = image.shape[:2]
    padded = np.pad(image, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)), mode="edge")
    corners = engine.detect(padded, _finding_side(max(height, width)))
    if not corners:
        return []
    quarter, read = read_lines(engine, cut_out(padded, corners))
    said = [
        (text, _box(each, width, height), score)
        for each, (text, score) in zip(corners, read, strict=True)
        if text and score >= _LEAST_SCORE
    ]
    upright = [_turned(box, quarter, width, height) for _, box, _ in said]
    order = reading_order(upright)
    across = height if quarter % 2 else width
    joined = join([said[index][0] for index in order], [upright[index] for index in order], across)
    return [
        RecognizedLine(text, said[index][1], said[index][2], joint)
        for index, (joint, text) in zip(order, joined, strict=True)
    ]


def _finding_side(longest_side: int) -> int:
    least, most = _FINDING_SIDES
    return int(min(most, longest_side * _MOST_ENLARGED, max(least, longest_side * _FINDING_SHARE)))


def _box(corners: Corners, width: int, height: int) -> Box:
    """Within the picture without its margin."""
    (left, top), (right, bottom) = corners.min(axis=0) - _MARGIN, corners.max(axis=0) - _MARGIN
    return _within(left, width), _within(top, height), _within(right, width), _within(bottom, height)


def _within(value: float, most: float) -> float:
    return min(max(float(value), 0.0), float(most))


def _turned(box: Box, quarter: int, width: int, height: int) -> Box:
    """The box in the picture turned to the left by so many quarters."""
    for _ in range(quarter):
        left, top, right, bottom = box
        box = (top, width - right, bottom, width - left)
        width, height = height, width
    return box
