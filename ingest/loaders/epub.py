"""Electronic books (.epub)."""

import posixpath
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote

from ingest.loaders.archive import Archive, corrupt
from ingest.loaders.blocks import join_blocks
from ingest.loaders.decoding import decode
from ingest.loaders.elements import attribute, child, children, descendants, local, text_of
from ingest.loaders.html import html_text
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line

_KEYS = {"creator": "author", "date": "created", "subject": "subject"}


def load_epub(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The chapters in the order of the book. Electronic books know no pages."""
    archive = Archive(content, name, reading.limits)
    if "META-INF/encryption.xml" in archive.names and "META-INF/rights.xml" in archive.names:
        raise FileError(
            f"{name} is protected against copying.",
            why="Its text is encrypted for one reader.",
            next_step="Ask its publisher for a copy without protection.",
        )
    container = archive.xml("META-INF/container.xml")
    found = next(descendants(container, "rootfile"), None) if container is not None else None
    place = attribute(found, "full-path") if found is not None else ""
    package = archive.xml(place)
    if package is None:
        raise corrupt(name)
    warnings: list[str] = []
    chapters = []
    for part in _in_order(package, posixpath.dirname(place))[: reading.limits.pages]:
        try:
            chapters.append(html_text(decode(archive.read(part), part), reading))
        except FileError:
            warnings.append(f"{posixpath.basename(part)} is left out: it cannot be read as text")
    stated = child(package, "metadata")
    values: dict[str, str] = {}
    for element in stated if stated is not None else ():
        values.setdefault(local(element), one_line(text_of(element)))
    return [
        LoadedFile(
            title=values.get("title") or PurePath(name).stem,
            format="epub",
            pages=(Page(1, join_blocks(chapters)),),
            metadata={key: values[own] for own, key in _KEYS.items() if values.get(own)},
            warnings=tuple(warnings),
        )
    ]


def _in_order(package: Any, folder: str) -> list[str]:
    """The parts that the book's spine names, without its table of contents."""
    manifest, spine = child(package, "manifest"), child(package, "spine")
    if manifest is None or spine is None:
        return []
    items = {attribute(item, "id"): item for item in children(manifest, "item")}
    named = (items.get(attribute(reference, "idref")) for reference in children(spine, "itemref"))
    places = (
        posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href"))))
        for item in named
        if item is not None and "nav" not in attribute(item, "properties").split()
    )
    return list(dict.fromkeys(places))
