"""What Word, PowerPoint and Excel files have in common: who wrote them and when, and what drawings refer to."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.loaders.archive import Archive
from ingest.loaders.archive_pictures import ArchivePictures
from ingest.loaders.drawing import chart_blocks, diagram_blocks
from ingest.loaders.elements import attribute, local
from ingest.reading import Reading
from tools.text.clean import one_line

_PROPERTIES = "docProps/core.xml"
_KEYS = {"creator": "author", "created": "created", "modified": "modified", "subject": "subject"}
# What refers to a part → the attribute that names it.
_REFERENCES = {"blip": "embed", "imagedata": "id", "chart": "id", "relIds": "dm"}


def properties(archive: Archive) -> tuple[str, dict[str, str]]:
    """The title that the file's properties hold, and its metadata as tools/shapes.py names them."""
    root = archive.xml(_PROPERTIES)
    found = {} if root is None else {local(element): one_line(element.text or "") for element in root}
    metadata = {key: found[name] for name, key in _KEYS.items() if found.get(name)}
    return found.get("title", ""), metadata


class Drawings:
    """Reads what the drawings of one document refer to."""

    def __init__(self, archive: Archive, reading: Reading) -> None:
        self._archive = archive
        self._pictures = ArchivePictures(archive, reading)

    def blocks(self, drawing: Any, related: Mapping[str, tuple[str, str]]) -> Iterator[str]:
        """The pictures, charts and diagrams of a drawing, in its order. `related`: of the part that it stands in."""
        alternative = next((attribute(one, "descr") for one in drawing.iter("{*}docPr", "{*}cNvPr")), "")
        for reference in drawing.iter("{*}blip", "{*}chart", "{*}relIds", "{*}imagedata"):
            kind = local(reference)
            _, part = related.get(attribute(reference, _REFERENCES[kind]), ("", ""))
            if kind in ("blip", "imagedata"):
                yield self._pictures.text(part, alternative or attribute(reference, "title"))
                continue
            root = self._archive.xml(part)
            if root is not None:
                yield from diagram_blocks(root) if kind == "relIds" else chart_blocks(root)


def first_of_kind(related: Mapping[str, tuple[str, str]], kind: str) -> str:
    """The part that the first reference of this kind names, empty where there is none."""
    return next((part for named, part in related.values() if named == kind), "")
