"""Splits a loaded document into chunks, by the splitter that is asked for or that its content calls for.

Every splitter gives ranges of a page's text, so that the chunks, joined, cover it: a chunk is such a range, and before
it, where it goes on with a table, the table's header once more. No chunk goes over the edge of a page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.chunk_metadata import chunk_metadata
from ingest.splitting import SPLITTERS
from ingest.splitting.choose import choose
from ingest.splitting.packing import packed
from ingest.splitting.parents import parent_numbers
from ingest.splitting.semantic import Likeness, by_topic, likeness_by_words
from ingest.splitting.span import Piece
from tools.shapes import Chunk, LoadedFile, Page, TextBox
from tools.text.identifiers import chunk_id
from tools.text.token_estimate import estimate_tokens


def split(
    loaded: LoadedFile, document_id: str, splitter: str = "", likeness: Likeness = likeness_by_words
) -> list[Chunk]:
    """The chunks of a document in reading order. The same input gives the same chunks with the same ids.

    splitter: one of `SPLITTERS`, else it is chosen by content. likeness: for the splitter by topic.
    """
    name = splitter or choose(loaded)
    pieces = list(split_into_pieces(loaded, name, likeness))
    texts = [piece.text(loaded.pages[piece.unit.page].text) for piece in pieces]
    tokens = [estimate_tokens(text) for text in texts]
    parents = parent_numbers(pieces, tokens)
    repeats: Counter[str] = Counter()
    chunks: list[Chunk] = []
    before: Piece | None = None
    for index, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
        page = loaded.pages[piece.unit.page]
        chunks.append(
            Chunk(
                id=chunk_id(document_id, text, repeats[text]),
                document_id=document_id,
                index=index,
                text=text,
                page=page.number if loaded.has_pages else None,
                section=piece.unit.section,
                boxes=_boxes_of(piece, page),
                parent=parents[index],
                metadata=chunk_metadata(piece, page, text, tokens[index], name, before),
            )
        )
        repeats[text] += 1
        before = piece
    return chunks


def split_into_pieces(loaded: LoadedFile, splitter: str, likeness: Likeness = likeness_by_words) -> Iterator[Piece]:
    """The ranges that become chunks, in order, without overlaps, with white space alone between them."""
    units = by_topic(loaded, likeness) if splitter == "semantic" else SPLITTERS[splitter](loaded)
    for unit in units:
        yield from packed(unit, loaded.pages[unit.page].text)


def _boxes_of(piece: Piece, page: Page) -> tuple[TextBox, ...]:
    """The boxes of the range, in the chunk's text. A header that is said again stands elsewhere and has none."""
    start, end = piece.span
    shift = len(piece.text(page.text)) - end
    inside: Sequence[TextBox] = [box for box in page.boxes if box.start < end and box.end > start]
    return tuple(replace(box, start=max(box.start, start) + shift, end=min(box.end, end) + shift) for box in inside)
