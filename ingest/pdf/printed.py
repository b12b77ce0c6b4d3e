"""What is printed on a page, as it is read of the file: the data that the other stages work on.

Everything stands in the frame of its text: a page turned so that the text runs from left to right, in points from the
frame's top left, y downwards. For most pages the frame is the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tools.shapes import Box, TextBox


@dataclass(frozen=True, slots=True)
class Fragment:
    """Characters of one font that stand side by side. A space at an end of `text` is one that the file holds.

    `box` spans the print with its ascenders and descenders. `size`: of the font in points. `is_bold`: its name says so.
    `is_filled_in`: it is what somebody wrote into a form.
    """

    text: str
    box: Box
    baseline: float
    size: float
    is_bold: bool = False
    is_filled_in: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, horizontal or vertical: `at` is its y or x, `start` and `end` its ends."""

    is_horizontal: bool
    at: float
    start: float
    end: float

    @property
    def box(self) -> Box:
        if self.is_horizontal:
            return self.start, self.at, self.end, self.at
        return self.at, self.start, self.at, self.end


def rule_of(box: Box) -> Rule:
    """The rule that a thin box is."""
    left, top, right, bottom = box
    if right - left >= bottom - top:
        return Rule(True, (top + bottom) / 2, left, right)
    return Rule(False, (left + right) / 2, top, bottom)


@dataclass(frozen=True, slots=True)
class Frame:
    """The page as one reads it whose text runs in `direction`: degrees clockwise from left-to-right, None if askew.

    `width`, `height`: of the page, not of the frame.
    """

    direction: int | None
    width: float
    height: float
    fragments: tuple[Fragment, ...] = ()
    rules: tuple[Rule, ...] = ()

    def framed(self, box: Box) -> Box:
        """A box of the page in this frame."""
        left, top, right, bottom = box
        match self.direction:
            case 90:
                return top, self.width - right, bottom, self.width - left
            case 180:
                return self.width - right, self.height - bottom, self.width - left, self.height - top
            case 270:
                return self.height - bottom, left, self.height - top, right
        return box

    def on_page(self, box: Box) -> Box:
        """A box of this frame on the page, within its edges."""
        left, top, right, bottom = box
        match self.direction:
            case 90:
                left, top, right, bottom = self.width - bottom, left, self.width - top, right
            case 180:
                left, top, right, bottom = (
                    self.width - right,
                    self.height - bottom,
                    self.width - left,
                    self.height - top,
                )
            case 270:
                left, top, right, bottom = top, self.height - right, bottom, self.height - left
        return (
            round(max(left, 0.0), 2),
            round(max(top, 0.0), 2),
            round(min(right, self.width), 2),
            round(min(bottom, self.height), 2),
        )

    @property
    def depth(self) -> float:
        """From the frame's top to its bottom."""
        return self.width if self.direction in (90, 270) else self.height


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page and what is known of it, as a block of Markdown. `box`: on the page."""

    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a part of a page. `author`: empty where it is not known. `box`: None off the page."""

    text: str
    author: str
    box: Box | None


Recognized = tuple[str, tuple[TextBox, ...]]
"""Text, and where its lines stand on the page."""

Problem = Literal["blank", "scanned", "too large", "unread picture", "large picture", "broken"]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page. `frames`: by amount of text, with what is filled in. `recognized`: the text recognized in a picture of
    it, without its print.

    `problem`: why it could not be read: "scanned" where it is a picture whose text was not recognized, "too large"
    where a picture takes more than may be read; "unread picture" and "large picture" are the same beside text that was
    read.
    """

    number: int
    frames: tuple[Frame, ...] = ()
    pictures: tuple[Picture, ...] = ()
    comments: tuple[Comment, ...] = ()
    recognized: Recognized | None = None
    problem: Problem | None = None


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them, of which there is at least one."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
