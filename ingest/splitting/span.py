"""Ranges of a page's text. What a splitter gives are ranges, so that nothing of a text can be lost or changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """The characters of a page's text from `start` up to `end`."""

    start: int
    end: int


class Heading(NamedTuple):
    """A heading. level: 1 is the highest. is_line: it is all of its line; else the line goes on with text."""

    level: int
    text: str
    is_line: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, table or fenced code. It begins and ends with a character that is no white space.

    heading: that it is, or begins with. label: what begins with it, such as the article of a law. header: of a table,
    its first two lines; rows: the lines below them; caption: what is said right before it. is_code: its lines are not
    to be read as sentences.
    """

    start: int
    end: int
    heading: Heading | None = None
    label: str = ""
    header: Span | None = None
    rows: tuple[Span, ...] = ()
    caption: str = ""
    is_code: bool = False


@dataclass(slots=True)
class Unit:
    """What a splitter keeps together: no chunk holds parts of two. One that is too large is cut.

    page: index of the page. section: path of headings. top: tells the top-level headings of a document apart.
    headings: the lines that it begins with. article: of a law, that it is or belongs to.
    """

    page: int
    section: str
    top: int
    headings: Span | None = None
    blocks: list[Block] = field(default_factory=list)
    article: str = ""

    @property
    def is_empty(self) -> bool:
        return self.headings is None and not self.blocks


@dataclass(frozen=True, slots=True)
class Piece:
    """What becomes a chunk: a range of a page. header: the range that is said again before it, of a table's header."""

    unit: Unit
    span: Span
    header: Span | None = None
    caption: str = ""

    def text(self, page: str) -> str:
        """The chunk's text, out of that of its page."""
        said = page[slice(*self.span)]
        return f"{page[slice(*self.header)]}\n{said}" if self.header else said


def lines_of(text: str, span: Span) -> Iterator[Span]:
    """The lines in `span` that are not blank, without the white space behind them."""
    start = span.start
    while start < span.end:
        end = text.find("\n", start, span.end)
        end = span.end if end < 0 else end
        line = text[start:end].rstrip()
        if line:
            yield Span(start, start + len(line))
        start = end + 1


def stripped(text: str, span: Span) -> Span:
    """`span` without the white space at its ends."""
    part = text[slice(*span)]
    left = len(part) - len(part.lstrip())
    return Span(span.start + left, span.start + max(left, len(part.rstrip())))
