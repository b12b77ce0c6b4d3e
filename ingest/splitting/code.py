"""Splits source code by function and class; decorators, attributes and comments right above stay with them.

What belongs to a definition is read from its indentation, as people and formatters write it: all that follows and is
indented deeper, with the closing brace. A class that is too large for a chunk is split by its members.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.splitting.definitions import definition
from ingest.splitting.fitting import tokens_in
from ingest.splitting.sizes import MAX_TOKENS
from ingest.splitting.span import Block, Span, Unit, lines_of
from tools.shapes import LoadedFile

# What stands right above a definition and belongs to it: decorators, attributes, comments, a template's or return type.
_BELONGS_BELOW = re.compile(r"@\w|#\[|\[\w+.*\]$|//|/\*|\*|#(?!include|define|if|endif|pragma|else)|--|template\s*<")
_CLOSES = re.compile(r"[\])}]|end\b|```|~~~")
_OPENS_ONLY = re.compile(r"[({]")
_READ_CHARACTERS = 400  # of a line: enough for what it defines


class _Line(NamedTuple):
    span: Span
    indent: int
    text: str


class _Part(NamedTuple):
    """Lines from `first` up to `last` that define `name`, or stand between definitions (empty)."""

    name: str
    first: int
    last: int


def by_definition(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each function and class, and one for what stands between two; `section` names what they are in."""
    language = str(loaded.metadata.get("programming_language", ""))
    for number, page in enumerate(loaded.pages):
        lines = [_line(page.text, span) for span in lines_of(page.text, Span(0, len(page.text)))]
        if loaded.format == "code":  # of its fence no chunk but the first and the last would have a line
            lines = lines[1:-1]
        for names, first, last in _units(page.text, lines, 0, len(lines), language, ()):
            block = Block(lines[first].span.start, lines[last - 1].span.end, is_code=True)
            yield Unit(number, " > ".join(names), 0, blocks=[block])


def _line(text: str, span: Span) -> _Line:
    line = text[slice(*span)]
    bare = line.lstrip()
    return _Line(span, len(line[: len(line) - len(bare)].expandtabs(4)), bare[:_READ_CHARACTERS])


def _units(
    text: str, lines: Sequence[_Line], first: int, last: int, language: str, within: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The ranges of lines that become units, each with the names that it stands in."""
    for part in _parts(lines, first, last, language):
        names = (*within, part.name) if part.name else within
        is_large = tokens_in(text, Span(lines[part.first].span.start, lines[part.last - 1].span.end)) > MAX_TOKENS
        begin = _body(lines, part, language) if part.name and is_large else part.last
        if begin < part.last and len(inner := list(_parts(lines, begin, part.last, language))) > 1:
            # The head of a class goes with what stands before its first member.
            opening = inner[0].last if not inner[0].name else begin
            yield names, part.first, opening
            if opening < part.last:
                yield from _units(text, lines, opening, part.last, language, names)
        else:
            yield names, part.first, part.last


def _body(lines: Sequence[_Line], part: _Part, language: str) -> int:
    """The first line of a definition that is indented deeper than the one that defines it."""
    head = next(at for at in range(part.first, part.last) if definition(language, lines[at].text))
    deeper = (at for at in range(head + 1, part.last) if lines[at].indent > lines[head].indent)
    return next(deeper, part.last)


def _parts(lines: Sequence[_Line], first: int, last: int, language: str) -> Iterator[_Part]:
    """Definitions at the outermost indentation between two lines, and what stands between them; in order, all lines."""
    outermost = min((line.indent for line in lines[first:last] if not _CLOSES.match(line.text)), default=0)
    begin = at = first
    while at < last:
        name = definition(language, lines[at].text) if lines[at].indent == outermost else ""
        if not name:
            at += 1
            continue
        above = at
        while above > begin and _belongs_below(lines[above - 1], outermost):
            above -= 1
        if above > begin:
            yield _Part("", begin, above)
        begin = at = _end(lines, at, last, outermost)
        yield _Part(name, above, at)
    if begin < last:
        yield _Part("", begin, last)


def _belongs_below(line: _Line, indent: int) -> bool:
    # The lines of a comment with asterisks are indented by one more.
    return line.indent in (indent, indent + 1) and _BELONGS_BELOW.match(line.text) is not None


def _end(lines: Sequence[_Line], head: int, last: int, indent: int) -> int:
    """The line behind a definition: the first that is indented no deeper and neither opens nor closes its body."""
    at = head + 1
    while at < last:
        line = lines[at]
        if line.indent <= indent and not (_CLOSES.match(line.text) or _OPENS_ONLY.match(line.text)):
            return at
        at += 1
    return last
