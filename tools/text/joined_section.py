"""A section of a document as one text again, out of its chunks."""

from collections.abc import Sequence

from tools.shapes import Chunk, Section


def joined_section(chunks: Sequence[Chunk]) -> Section:
    """The chunks of one document, in their order, as one text; what they say again of a table's header is said once.

    Their metadata tells how they were cut: see ingest/chunk_metadata.py. Without it a blank line stands between them.
    """
    text = ""
    places: dict[str, tuple[int, int]] = {}
    before: Chunk | None = None
    for chunk in chunks:
        header = chunk.metadata.get("header", 0)
        said = chunk.text[header:] if header and chunk.text[:header].rstrip() in text else chunk.text
        if before is not None:
            follows = before.index + 1 == chunk.index
            text += chunk.metadata.get("joint", "\n\n") if follows else "\n\n"
        places[chunk.id] = (len(text), len(text) + len(said))
        text += said
        before = chunk
    return Section(chunks[0].document_id, text, places)
