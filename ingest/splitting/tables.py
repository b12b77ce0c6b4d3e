"""Splits tables by rows, each part with the header and apart from the text around it."""

from collections.abc import Iterator
from dataclasses import replace

from ingest.splitting.outline import outline
from ingest.splitting.span import Unit
from tools.shapes import LoadedFile


def by_row(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each table, with its caption and the headings right above it, and one for the text between two."""
    for unit in outline(loaded):
        part = replace(unit, blocks=[])
        for number, block in enumerate(unit.blocks):
            follows_table = bool(part.blocks) and part.blocks[-1].header is not None
            following = unit.blocks[number + 1] if number + 1 < len(unit.blocks) else None
            names_next = following is not None and following.caption != ""
            is_own = block.header is not None and not block.caption
            if part.blocks and (follows_table or names_next or is_own):
                yield part
                part = replace(unit, headings=None, blocks=[])
            part.blocks.append(block)
        yield part
