"""Splits source code by function and class; decorators, attributes and comments right above stay with them.

A definition that is too large for a chunk is split by those within it. Languages without a grammar are split by
structure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest

from ingest.splitting.definitions import Definition, Outline, outline_of
from ingest.splitting.fitting import tokens_in
from ingest.splitting.grammars import GRAMMARS
from ingest.splitting.sizes import MAX_TOKENS
from ingest.splitting.span import Block, Span, Unit
from ingest.splitting.structure import by_structure
from tools.shapes import LoadedFile

# What ends something and says no more.
_CLOSES = re.compile(r"[\s\])};,]*(?:(?:end|fi|done|esac)\b\W*|#\s*endif\b.*)?")
_WORD = re.compile(r"\w")

Part = tuple[tuple[str, ...], int, int]
"""The names that lines stand in, and these: from the first up to the last."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Lines of a page. `starts`: where each begins on the page, and where one behind the last would."""

    text: str
    lines: Sequence[str]
    starts: Sequence[int]

    def span(self, first: int, last: int) -> Span | None:
        """From the first of these lines that is not blank to the end of the last; None where all are blank."""
        filled = [at for at in range(first, last) if self.lines[at].strip()]
        if not filled:
            return None
        return Span(self.starts[filled[0]], self.starts[filled[-1]] + len(self.lines[filled[-1]].rstrip()))

    def is_large(self, first: int, last: int) -> bool:
        span = self.span(first, last)
        return span is not None and tokens_in(self.text, span) > MAX_TOKENS

    def is_line_alone(self, first: int, last: int, is_top: bool) -> bool:
        """Whether but one of these lines says something; `is_top`: of the file, and none is blank below."""
        said = [at for at in range(first, last) if _WORD.search(self.lines[at])]
        return len(said) == 1 and not (is_top and self.span(last - 1, last) is None)


def by_definition(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each function and class, and one for what stands between two; `section` names what they are in."""
    language = str(loaded.metadata.get("programming_language", "")).lower()
    sources = [_source(page.text, is_fenced=loaded.format == "code") for page in loaded.pages]
    outlines = [outline_of("\n".join(each.lines), language) for each in sources] if language in GRAMMARS else [None]
    if None in outlines:
        yield from by_structure(loaded)
        return
    for number, (source, outline) in enumerate(zip(sources, filter(None, outlines), strict=True)):
        for names, first, last in _parts(source, _worth_parting(outline, source), (), 0, len(source.lines)):
            if span := source.span(first, last):
                yield Unit(number, " > ".join(names), 0, blocks=[Block(span.start, span.end, is_code=True)])


def _source(text: str, is_fenced: bool) -> _Source:
    """is_fenced: the first line and the last are a fence's, of which no chunk has a line."""
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    return _Source(text, lines[1:-1], starts[1:-1]) if is_fenced else _Source(text, lines, starts)


def _worth_parting(outline: Outline, source: _Source) -> list[Definition]:
    """The outermost definitions but for those in a statement that is small enough to stay whole."""
    whole = {line for rows in outline.statements if not source.is_large(*rows) for line in range(*rows)}
    return [each for each in outline.definitions if each.first not in whole]


def _parts(
    source: _Source, definitions: Sequence[Definition], names: tuple[str, ...], first: int, last: int
) -> Iterator[Part]:
    """What the lines from `first` up to `last` are split into: the definitions in them and what stands between."""
    at = first
    for each, following in zip_longest(definitions, definitions[1:]):
        begin = each.first
        if source.is_line_alone(at, begin, is_top=at == first and not names):  # it goes with what it stands above
            begin = at
        yield names, at, begin
        at = _behind_what_closes(source, each.last, following.first if following else last)
        own = (*names, each.name)
        if each.inner and source.is_large(begin, at):
            yield from _parts(source, each.inner, own, begin, at)
        else:
            yield own, begin, at
    yield names, at, last


def _behind_what_closes(source: _Source, first: int, last: int) -> int:
    """The line behind those, of the lines from `first` up to `last`, that only close what is before them."""
    at = behind = first
    while at < last and _CLOSES.fullmatch(source.lines[at]):
        at += 1
        behind = at if source.lines[at - 1].strip() else behind
    return behind
