"""Word files (.docx, .docm, .dotx)."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from ingest.loaders.archive import Archive, corrupt
from ingest.loaders.asides import with_aside
from ingest.loaders.blocks import join_blocks
from ingest.loaders.elements import child
from ingest.loaders.office import first_of_kind, properties
from ingest.loaders.word_body import WordBody
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_PAGE_NUMBER = re.compile(r"(?:page|of|第|页|頁|共|[\d\s/\-–—.,，|])*", re.IGNORECASE)


def load_docx(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """All text in its order, page headers and footers once at its end, below a heading of their own.

    Word files know no pages before laid out.
    """
    archive = Archive(content, name, reading.limits)
    part = first_of_kind(archive.related(""), "officeDocument")
    body = child(archive.xml(part), "body")
    if body is None:
        raise corrupt(name)
    word = WordBody(archive, part, reading)
    blocks = list(word.blocks(body))
    title, metadata = properties(archive)
    first = re.match(r"#+ (.+)", blocks[0]) if blocks else None
    title = (first.group(1) if first else "") or title or PurePath(name).stem
    headers = join_blocks(_page_headers(archive, part, reading))
    [text] = with_aside([join_blocks(blocks)], "page headers", [headers])
    return [LoadedFile(title=title, format="docx", pages=(Page(1, text),), metadata=metadata)]


def _page_headers(archive: Archive, part: str, reading: Reading) -> Iterator[str]:
    """What stands at the top and bottom of pages, each text once, without page numbers."""
    seen: set[str] = set()
    for kind, header in dict.fromkeys(archive.related(part).values()):
        root = archive.xml(header) if kind in ("header", "footer") else None
        for block in WordBody(archive, header, reading).blocks(root) if root is not None else ():
            text = one_line(block).lstrip("# ")
            if text not in seen and not _PAGE_NUMBER.fullmatch(text):
                seen.add(text)
                yield text
