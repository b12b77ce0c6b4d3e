"""Splits by structure: each section by its paragraphs, these by sentences, never over the edge of a section."""

from collections.abc import Iterator

from ingest.splitting.outline import outline
from ingest.splitting.span import Unit
from tools.shapes import LoadedFile


def by_structure(loaded: LoadedFile) -> Iterator[Unit]:
    """A unit for each heading with the text below it."""
    return outline(loaded)
