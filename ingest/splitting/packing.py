"""Packs what a splitter keeps together into chunks: small neighbours are joined, what is too large is cut.

Blocks are joined up to `TARGET_TOKENS`; no chunk is larger than `MAX_TOKENS`. Headings stay with the text below them.
Paragraphs, table rows and the articles of laws and contracts (第九条 …, with the items below) stay whole while they
fit. Where a table is cut, each part begins with its header again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.splitting.fitting import fitting, pieces_of, tokens_in
from ingest.splitting.sizes import MAX_TOKENS, TARGET_TOKENS
from ingest.splitting.span import Block, Piece, Span, Unit


def packed(unit: Unit, text: str) -> Iterator[Piece]:
    """The pieces of a unit of a page with this text, in order; together they hold all of it but white space."""
    current: Piece | None = None
    is_headings = False
    room = MAX_TOKENS
    if unit.headings is not None:
        *before, last = fitting(text, unit.headings, MAX_TOKENS // 2)
        yield from (Piece(unit, span) for span in before)
        current, is_headings = Piece(unit, last), True
        room = MAX_TOKENS - tokens_in(text, last) - 2
    for block in _with_whole_articles(text, unit.blocks, room):
        for span, header in pieces_of(text, block, room):
            joined = _joined(text, current, span, block, MAX_TOKENS if is_headings else TARGET_TOKENS)
            if joined is None:
                if current is not None:
                    yield current
                joined = Piece(unit, span, header, block.caption)
            current, is_headings = joined, False
    if current is not None:
        yield current


def _joined(text: str, current: Piece | None, span: Span, block: Block, most: int) -> Piece | None:
    """What has been packed with `span` behind it, or None where that is more than `most` tokens."""
    if current is None:
        return None
    whole = Span(current.span.start, span.end)
    size = tokens_in(text, whole) + (tokens_in(text, current.header) + 1 if current.header else 0)
    return replace(current, span=whole, caption=current.caption or block.caption) if size <= most else None


def _with_whole_articles(text: str, blocks: Sequence[Block], room: int) -> Iterator[Block]:
    """The blocks, each article together with the paragraphs below it where they fit `room`."""
    article: Block | None = None
    for block in blocks:
        if article and not block.header and not block.label:
            whole = Span(article.start, block.end)
            if tokens_in(text, whole) <= room:
                article = replace(article, end=block.end)
                continue
        if article:
            yield article
        article = block if block.label and not block.header else None
        if article is None:
            yield block
    if article:
        yield article
