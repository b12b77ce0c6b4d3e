"""What Word, PowerPoint and Excel files have in common: who wrote them and when, and what drawings refer to."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.loaders.archive import Archive
from ingest.loaders.drawing import chart_blocks, diagram_blocks
from ingest.loaders.elements import attribute, local
from ingest.pictures import picture_text
from ingest.reading import Reading
from tools.text.clean import one_line

_PROPERTIES = "docProps/core.xml"
_KEYS = {"creator": "author", "created": "created", "modified": "modified", "subject": "subject"}
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")


def properties(archive: Archive) -> tuple[str, dict[str, str]]:
    """The title that the file's properties hold, and its metadata as tools/shapes.py names them."""
    root = archive.xml(_PROPERTIES)
    found = {} if root is None else {local(element): one_line(element.text or "") for element in root}
    metadata = {key: found[name] for name, key in _KEYS.items() if found.get(name)}
    return found.get("title", ""), metadata


def referred_blocks(
    element: Any, related: Mapping[str, tuple[str, str]], archive: Archive, reading: Reading
) -> Iterator[str]:
    """The pictures, charts and diagrams that a drawing refers to, in its order."""
    alternative = next((attribute(one, "descr") for one in element.iter("{*}docPr", "{*}cNvPr")), "")
    for reference in element.iter("{*}blip", "{*}chart", "{*}relIds", "{*}imagedata"):
        is_picture = local(reference) in ("blip", "imagedata")
        attribute_name = {"blip": "embed", "relIds": "dm"}.get(local(reference), "id")
        _, part = related.get(attribute(reference, attribute_name), ("", ""))
        if is_picture:
            # A drawing of vectors cannot be looked at here; its description can be read.
            content = archive.read(part) if part.lower().endswith(_PICTURES) else b""
            described = one_line(alternative or attribute(reference, "title"))
            yield picture_text(content, described, reading) if content else described
            continue
        root = archive.xml(part)
        if root is not None:
            yield from diagram_blocks(root) if local(reference) == "relIds" else chart_blocks(root)


def first_of_kind(related: Mapping[str, tuple[str, str]], kind: str) -> str:
    """The part that the first reference of this kind names, empty where there is none."""
    return next((part for named, part in related.values() if named == kind), "")
