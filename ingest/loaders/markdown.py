"""Markdown files (.md)."""

import re
from pathlib import PurePath

from ingest.loaders.decoding import decode
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page

_FIRST_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)


def load_markdown(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The text as it stands; the title is its first heading of level 1."""
    text = decode(content, name).strip()
    heading = _FIRST_HEADING.search(text)
    title = heading.group(1) if heading else PurePath(name).stem
    return [LoadedFile(title=title, format="md", pages=(Page(1, text),))]
