"""Cuts what is too large for a chunk: between sentences, else between lines, else where it must be."""

import re
from collections.abc import Iterator, Sequence

from ingest.splitting.span import Block, Span, lines_of, stripped
from tools.text.sentences import placed_sentences
from tools.text.token_estimate import estimate_tokens

_BREAK = re.compile(r"[\s，,；;、|]")


def fitting(text: str, span: Span, room: int, *, by_line: bool = False) -> list[Span]:
    """`span` in parts of at most `room` tokens, as many neighbouring sentences together as fit.

    by_line: lines are kept whole instead, as in code.
    """
    if tokens_in(text, span) <= room:
        return [span]
    lines = list(lines_of(text, span))
    parts = lines if by_line else _sentences_in(text, span)
    if len(parts) < 2:
        parts = lines
    return _joined(text, parts, room, by_line) if len(parts) > 1 else list(cut(text, span, room))


def pieces_of(text: str, block: Block, room: int) -> Iterator[tuple[Span, Span | None]]:
    """The block in parts of at most `room` tokens, each with the table header that it needs where it stands alone."""
    if block.header is None:
        for part in fitting(text, Span(block.start, block.end), room, by_line=block.is_code):
            yield part, None
        return
    header: Span | None = block.header
    begin: int | None = block.header.start  # the header stands before the first row anyway
    size = tokens_in(text, block.header)
    if size > room // 2:  # too large to be repeated
        for part in fitting(text, block.header, room):
            yield part, None
        header, begin, size = None, None, 0
    for row in block.rows:
        whole = row if begin is None else Span(begin, row.end)
        if tokens_in(text, whole) + (size + 1 if begin is None else 0) <= room:
            yield whole, header if begin is None else None
        else:
            if begin is not None:
                yield block.header, None
            for part in fitting(text, row, room):
                yield part, None
        begin = None
    if begin is not None:
        yield block.header, None


def cut(text: str, span: Span, room: int) -> Iterator[Span]:
    """`span` in parts of at most `room` tokens, cut at a space or comma where one is near."""
    start, last = span
    while start < last:
        # Four letters, four thirds of a Chinese character and one of the rarest characters are a token.
        sizes = (room * 4, room * 4 // 3, room - 1)
        end = start + next(size for size in sizes if estimate_tokens(text[start : min(start + size, last)]) <= room)
        end = min(end, last)
        if end < last:
            breaks = [match.end() for match in _BREAK.finditer(text, start + (end - start) * 3 // 4, end)]
            end = breaks[-1] if breaks else end
        part = stripped(text, Span(start, end))
        if part.start < part.end:
            yield part
        start = end


def tokens_in(text: str, span: Span) -> int:
    """Estimated tokens of a range."""
    return estimate_tokens(text[span.start : span.end])


def _sentences_in(text: str, span: Span) -> list[Span]:
    found = placed_sentences(text[slice(*span)])
    return [Span(span.start + sentence.start, span.start + sentence.end) for sentence in found]


def _joined(text: str, parts: Sequence[Span], room: int, by_line: bool) -> list[Span]:
    """As many neighbouring parts together as fit; a part that is too large alone is cut."""
    joined: list[Span] = []
    for part in parts:
        whole = Span(joined[-1].start, part.end) if joined else part
        if joined and tokens_in(text, whole) <= room:
            joined[-1] = whole
        else:
            joined.extend(fitting(text, part, room, by_line=by_line))
    return joined
