"""The content of Word documents as blocks of Markdown: body, notes, text boxes, headers and footers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.loaders.archive import Archive
from ingest.loaders.blocks import heading, list_item
from ingest.loaders.drawing import equation
from ingest.loaders.elements import attribute, child, local, value, whole
from ingest.loaders.office import Drawings, first_of_kind
from ingest.loaders.superscripts import note as footnote
from ingest.loaders.superscripts import raised
from ingest.loaders.table import Cell, laid_out, table_blocks
from ingest.loaders.word_numbering import Number, Numbering
from ingest.loaders.word_rows import TRANSPARENT, merged_down, rows_of, within
from ingest.loaders.word_styles import Styles, heading_level
from ingest.reading import Reading
from tools.text.clean import clean, one_line

_MAX_HEADING_CHARACTERS = 200  # some documents give whole paragraphs an outline level
# Boxes and ticks that forms take from symbol fonts.
_SYMBOLS = {
    **dict.fromkeys(("F0A8", "F06F", "F0A3"), "☐"),
    **dict.fromkeys(("F0FE", "F052"), "☑"),
    **dict.fromkeys(("F0FD", "F054"), "☒"),
    "F0FC": "✓",
    "F0FB": "✗",
}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read: its text, and what stands beside it and follows as blocks of its own."""

    pieces: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class WordBody:
    """Reads a part of a Word file, with its styles and numbers."""

    def __init__(self, archive: Archive, part: str, reading: Reading) -> None:
        self._archive = archive
        self._drawings = Drawings(archive, reading)
        self._related = archive.related(part)
        main = archive.related(first_of_kind(archive.related(""), "officeDocument"))
        self._styles = Styles(archive.xml(first_of_kind(main, "styles")))
        self._numbering = Numbering(archive.xml(first_of_kind(main, "numbering")))
        self._notes: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, int] = {}  # of the last note of each kind

    def blocks(self, container: Any) -> Iterator[str]:
        """The blocks in a body, cell, text box, note, header or footer."""
        for element in container:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name == "AlternateContent":
                yield from self.blocks(_chosen(element))
            elif name in TRANSPARENT:
                yield from self.blocks(element)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        line = _Line()
        self._read(paragraph, line)
        own = child(paragraph, "pPr")
        text = clean("".join(line.pieces)).strip()
        if text:
            style = self._styles.of(own)
            yield _as_block(text, heading_level(own, style), self._numbering.next(own, style))
        yield from line.beside
        yield from line.notes

    def _read(self, container: Any, line: _Line) -> None:
        for element in container:
            name = local(element)
            if name == "t":
                line.pieces.append(element.text or "")
            elif name in ("tab", "ptab"):
                line.pieces.append("\t")
            elif name in ("br", "cr"):
                line.pieces.append("\n")
            elif name == "noBreakHyphen":
                line.pieces.append("-")
            elif name == "sym":
                line.pieces.append(_SYMBOLS.get(attribute(element, "char").upper(), ""))
            elif name in _NOTES:
                line.notes += self._note(_NOTES[name], attribute(element, "id"))
            elif name in ("oMath", "oMathPara"):
                line.pieces.append(f" {equation(element)} ")
            elif name in ("drawing", "pict", "object"):
                line.beside += self._drawing(element)
            elif name == "AlternateContent":
                self._read(_chosen(element), line)
            elif name in TRANSPARENT and not _is_hidden(element):
                begin = len(line.pieces)
                self._read(element, line)
                if value(element, "rPr", "vertAlign") == "superscript":
                    before = "".join(line.pieces[begin - 1 : begin])[-1:]
                    line.pieces[begin:] = [raised("".join(line.pieces[begin:]), before)]

    def _drawing(self, drawing: Any) -> Iterator[str]:
        boxes = list(_text_boxes(drawing))
        for box in boxes:
            yield from self.blocks(box)
        if not boxes:  # else what is in them was read with them
            yield from self._drawings.blocks(drawing, self._related)

    def _note(self, kind: str, identity: str) -> Iterator[str]:
        """The note as a block after the paragraph that refers to it, numbered in the order of the references."""
        if kind not in self._notes:
            root = self._archive.xml(first_of_kind(self._related, kind))
            self._notes[kind] = {} if root is None else {attribute(note, "id"): note for note in root}
        note = self._notes[kind].pop(identity, None)
        text = one_line(" ".join(self.blocks(note))) if note is not None else ""
        if text:
            self._numbers[kind] = self._numbers.get(kind, 0) + 1
            yield footnote(str(self._numbers[kind]), text)

    def _table(self, table: Any) -> Iterator[str]:
        """The table, and after it each one that stands in a cell of it. A table of one cell is a frame around text."""
        cells = [cell for row in rows_of(table) for cell in within(row, "tc")]
        if len(cells) == 1:
            yield from self.blocks(cells[0])
            return
        inner: list[str] = []
        grid, spans = laid_out(merged_down([list(self._cells(row, inner)) for row in rows_of(table)]))
        yield from table_blocks(grid, spans)
        yield from inner

    def _cells(self, row: Any, inner: list[str]) -> Iterator[tuple[Cell, str]]:
        """The cells of a row, each with how it is merged with the one above: "", "restart" or "continue"."""
        properties = child(row, "trPr")
        before = whole(value(properties, "gridBefore"))
        if before:
            yield Cell("", columns=before), ""
        for cell in within(row, "tc"):
            own = child(cell, "tcPr")
            merge = child(own, "vMerge")
            columns = value(own, "gridSpan")
            texts: list[str] = []
            for block in self.blocks(cell):
                (inner if block.startswith("| ") else texts).append(block)
            merged = "" if merge is None else attribute(merge, "val") or "continue"
            yield Cell(" ".join(texts), columns=whole(columns, 1)), merged


def _as_block(text: str, level: int | None, number: Number | None) -> str:
    is_bullet = number is not None and number.is_bullet
    mark = number.text if number is not None and not is_bullet else ""
    if level is not None and len(text) <= _MAX_HEADING_CHARACTERS:
        return heading(level + 1, _numbered(mark, text))
    if number is not None and is_bullet:
        return list_item(text, level=number.level)
    if number is None or not mark:
        return text
    # A number that holds those above it, or begins an article, says its place by itself.
    says_place = sum(character in ".．-条章节" for character in mark.rstrip(".．")) > 0
    if says_place:
        return _numbered(mark, text)
    return list_item(text, mark=mark, level=number.level)


def _numbered(mark: str, text: str) -> str:
    """一、 and full-width brackets stand close to the text, other numbers before a space."""
    if not mark or text.startswith(mark):
        return text
    return f"{mark}{'' if mark[-1] in '、）．' else ' '}{text}"


def _chosen(alternatives: Any) -> Any:
    """The content for programs that know the newer form, else the older one: they say the same."""
    choice = child(alternatives, "Choice")
    fallback = child(alternatives, "Fallback")
    return choice if choice is not None else fallback if fallback is not None else ()


def _text_boxes(element: Any) -> Iterator[Any]:
    """The outermost text boxes in a drawing, each once."""
    for part in element:
        if local(part) == "txbxContent":
            yield part
        elif local(part) == "AlternateContent":
            yield from _text_boxes(_chosen(part))
        else:
            yield from _text_boxes(part)


def _is_hidden(element: Any) -> bool:
    hidden = child(element, "rPr", "vanish")
    return hidden is not None and attribute(hidden, "val") not in ("0", "false")
