"""Plain text files (.txt), also those without an extension."""

import re
from pathlib import PurePath

from ingest.loaders.decoding import decode
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page

_MAX_TITLE_CHARACTERS = 60
_HEADING = re.compile(r"#{1,6} ")  # many a README is Markdown


def load_text(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The text as it stands; the title is its first line where that looks like one."""
    text = decode(content, name).strip()
    first, _, rest = text.partition("\n")
    first = _HEADING.sub("", first.strip())
    is_title = rest and len(first) <= _MAX_TITLE_CHARACTERS and first[-1:] not in "。！？；，：.!?;,:"
    return [LoadedFile(title=first if is_title else PurePath(name).stem, format="txt", pages=(Page(1, text),))]
