"""The content of OpenDocument text and slides as blocks of Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.loaders.archive import Archive
from ingest.loaders.archive_pictures import ArchivePictures
from ingest.loaders.blocks import heading, list_item
from ingest.loaders.elements import attribute, child, children, descendants, local, text_of, whole
from ingest.loaders.superscripts import note as footnote
from ingest.loaders.table import Cell, laid_out, table_blocks
from ingest.loaders.word_numbering import as_counted
from ingest.reading import Reading
from tools.text.clean import clean, one_line

_CONTAINERS = {
    *("section", "text-box", "g", "table-of-content", "index-body", "bibliography"),
    *("alphabetical-index", "illustration-index", "user-index"),
}
_DROPPED = {"tracked-changes", "annotation", "annotation-end", "script", "sequence-decls", "ruby-text", "title", "desc"}
_DRAWN = {"frame", "custom-shape", "rect", "ellipse", "line", "connector", "polygon", "path", "g", "a"}
_KINDS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting",
}
_MAX_SPACES = 100
_MAX_REPEATED = 100
_TITLE_STYLES = {"Title", "标题"}


@dataclass(slots=True)
class _Line:
    pieces: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


class OdfBody:
    """Reads the text of one file."""

    def __init__(self, archive: Archive, reading: Reading) -> None:
        self._pictures = ArchivePictures(archive, reading)
        self._parents: dict[str, str] = {}
        self._lists: dict[str, Any] = {}
        for part in ("styles.xml", "content.xml"):
            root = archive.xml(part)
            for style in descendants(root, "style") if root is not None else ():
                self._parents[attribute(style, "name")] = attribute(style, "parent-style-name")
            for style in descendants(root, "list-style") if root is not None else ():
                self._lists[attribute(style, "name")] = style

    def blocks(self, container: Any) -> Iterator[str]:
        for element in container:
            name = local(element)
            if name == "h":
                level = attribute(element, "outline-level")
                yield from self._paragraph(element, whole(level, 1) + 1)
            elif name == "p":
                style = attribute(element, "style-name")
                is_title = style in _TITLE_STYLES or self._parents.get(style) in _TITLE_STYLES
                yield from self._paragraph(element, 1 if is_title else None)
            elif name == "list":
                yield from self._list(element, 0, attribute(element, "style-name"))
            elif name == "table":
                yield from self._table(element)
            elif name in _DRAWN:
                yield from self._drawn(element)
            elif name in _CONTAINERS:
                yield from self.blocks(element)

    def slide(self, page: Any) -> Iterator[str]:
        """The title of a slide as its heading, then the other frames."""
        frames = [element for element in page if local(element) in _DRAWN]
        titles = [frame for frame in frames if attribute(frame, "class") == "title"]
        for title in titles:
            text = one_line(" ".join(self._drawn(title)))
            yield heading(1, text) if text else ""
        for frame in frames:
            if frame not in titles:
                yield from self._drawn(frame)

    def notes(self, page: Any) -> Iterator[str]:
        """The speaker's notes on a slide."""
        for notes in children(page, "notes"):
            for frame in notes:
                if attribute(frame, "class") == "notes":
                    yield from self._drawn(frame)

    def _paragraph(self, paragraph: Any, level: int | None) -> Iterator[str]:
        line = self._read(paragraph)
        text = clean("".join(line.pieces)).strip()
        if text:
            yield text if level is None else heading(level, text)
        yield from line.beside

    def _read(self, container: Any) -> _Line:
        line = _Line()
        self._read_into(container, line)
        return line

    def _read_into(self, container: Any, line: _Line) -> None:
        line.pieces.append(_collapsed(container.text))
        for element in container:
            name = local(element)
            if name == "s":
                count = attribute(element, "c")
                line.pieces.append(" " * min(whole(count, 1), _MAX_SPACES))
            elif name == "tab":
                line.pieces.append("\t")
            elif name == "line-break":
                line.pieces.append("\n")
            elif name == "note":
                line.beside += self._note(element)
            elif name in _DRAWN - {"a"}:
                line.beside += self._drawn(element)
            elif name and name not in _DROPPED:
                self._read_into(element, line)
            line.pieces.append(_collapsed(element.tail))

    def _note(self, note: Any) -> Iterator[str]:
        body = child(note, "note-body")
        text = one_line(" ".join(self.blocks(body))) if body is not None else ""
        if text:
            yield footnote(one_line(text_of(child(note, "note-citation"))), text)

    def _drawn(self, element: Any) -> Iterator[str]:
        """A frame or shape: the text in it, or its picture with the title and description given to it."""
        described = one_line(" ".join(text_of(child(element, name)) for name in ("title", "desc")))
        image = next(children(element, "image"), None)
        if image is not None and child(element, "text-box") is None:
            yield self._pictures.text(attribute(image, "href").removeprefix("./"), described)
            return
        if described:
            yield described
        yield from self.blocks(element)

    def _list(self, element: Any, level: int, style: str) -> Iterator[str]:
        levels = self._lists.get(style)
        number = 0
        for item in element:
            if local(item) not in ("list-item", "list-header"):
                continue
            start = attribute(item, "start-value")
            number = whole(start, number + (local(item) == "list-item"))
            mark = _mark(levels, level, number)
            for part in item:
                if local(part) == "list":
                    yield from self._list(part, level + 1, attribute(part, "style-name") or style)
                elif local(part) in ("p", "h"):
                    first, *others = [*self._paragraph(part, None), ""]
                    if first:
                        yield list_item(first, mark=mark, level=level)
                    yield from filter(None, others)
                    mark = "-"

    def _table(self, table: Any) -> Iterator[str]:
        inner: list[str] = []
        rows = [list(self._cells(row, inner)) for row in _rows(table)]
        grid, spans = laid_out(rows)
        yield from table_blocks(grid, spans)
        yield from inner

    def _cells(self, row: Any, inner: list[str]) -> Iterator[Cell]:
        for cell in row:
            if local(cell) != "table-cell":
                continue  # one that another covers
            texts: list[str] = []
            for block in self.blocks(cell):
                (inner if block.startswith("| ") else texts).append(block)
            rows, columns, repeated = (
                whole(attribute(cell, name), 1)
                for name in ("number-rows-spanned", "number-columns-spanned", "number-columns-repeated")
            )
            yield from [Cell(" ".join(texts), rows, columns)] * min(repeated, _MAX_REPEATED)


def _rows(container: Any) -> Iterator[Any]:
    for element in container:
        if local(element) == "table-row":
            yield element
        elif local(element) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _rows(element)


def _mark(style: Any | None, level: int, number: int) -> str:
    """A dash, or the number as the list style writes it."""
    for own in style if style is not None else ():
        if attribute(own, "level") == str(level + 1) and local(own) == "list-level-style-number":
            kind = attribute(own, "num-format")
            if kind:
                text = as_counted(number, _KINDS.get(kind, "decimal"))
                return f"{attribute(own, 'num-prefix')}{text}{attribute(own, 'num-suffix')}".strip() or "-"
    return "-"


def _collapsed(text: str | None) -> str:
    """White space as OpenDocument means it: a run of it is one space."""
    if not text:
        return ""
    words = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if words and text[-1].isspace() else ''}"
