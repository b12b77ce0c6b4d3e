"""The cells of an Excel file, read row by row: memory grows with what is in them, not with the size a sheet claims."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from ingest.loaders.archive import BROKEN, Archive, corrupt
from ingest.loaders.elements import attribute, child, descendants, local, whole
from ingest.loaders.office import first_of_kind
from ingest.loaders.sheet import check_cells
from ingest.loaders.shown import shown
from ingest.loaders.table import Span
from ingest.reading import Limits
from tools.text.clean import clean

_DIGITS = "0123456789"
_MAX_COLUMNS = 16_384
_MAX_MERGED = 100_000


class _Format(NamedTuple):
    code: str = ""
    is_date: bool = False
    is_duration: bool = False


_GENERAL = _Format()


@dataclass(slots=True)
class SheetCells:
    """`rows`: by number, each by column, counted from 0, what is shown; empty cells are not in them."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[Span] = field(default_factory=list)
    hidden_rows: int = 0
    uncalculated: int = 0


class CellReader:
    """Reads the sheets of one file: what they share is read once."""

    def __init__(self, archive: Archive, workbook: Any, related: Mapping[str, tuple[str, str]], limits: Limits) -> None:
        """`workbook`: the root of the main part. `related`: what it refers to."""
        self._archive = archive
        self._limits = limits
        self._count = 0
        self._strings = list(_shared_strings(archive.xml(first_of_kind(related, "sharedStrings"))))
        self._formats = _number_formats(archive.xml(first_of_kind(related, "styles")))
        properties = child(workbook, "workbookPr")
        is_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true")
        self._epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900

    def read(self, part: str) -> SheetCells:
        """The cells of a sheet, values as they are shown. Raises FileError when they are damaged or too many."""
        cells = SheetCells()
        number = -1
        try:
            with self._archive.open(part) as file:
                for element in _streamed(file):
                    if local(element) == "row":
                        number = whole(element.get("r", ""), number + 2) - 1
                        self._read_row(element, number, cells)
                    elif len(cells.merged) < _MAX_MERGED:
                        cells.merged.append(_span(attribute(element, "ref")))
        except (etree.LxmlError, IndexError, *BROKEN) as error:
            raise corrupt(self._archive.name) from error
        cells.rows = dict(sorted(cells.rows.items()))
        return cells

    def _read_row(self, element: Any, number: int, cells: SheetCells) -> None:
        row: dict[int, str] = {}
        column = -1
        for cell in element:
            reference = cell.get("r")
            column = column_index_from_string(reference.rstrip(_DIGITS)) - 1 if reference else column + 1
            parts = {local(part): part for part in cell}
            text = self._shown(cell, parts)
            if text and column < _MAX_COLUMNS:
                row[column] = text
            # A stored text may be empty; a stored number never is.
            elif "f" in parts and cell.get("t") != "str" and not _stored(parts):
                cells.uncalculated += 1
        if row:
            self._count += len(row)
            check_cells(self._count, self._archive.name, self._limits)
            cells.rows[number] = row
            cells.hidden_rows += element.get("hidden") in ("1", "true")

    def _shown(self, cell: Any, parts: Mapping[str, Any]) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _rich_text(parts.get("is"))
        text = _stored(parts)
        if not text:
            return ""
        if kind == "s":
            return self._strings[whole(text)]
        if kind == "b":
            return shown(text != "0", "")
        if kind != "n":
            return clean(text).strip()
        style = whole(cell.get("s", ""))
        number_format = self._formats[style] if style < len(self._formats) else _GENERAL
        number = float(text) if any(mark in text for mark in ".eE") else int(text)
        if number_format.is_date:
            try:
                date = from_excel(number, self._epoch, timedelta=number_format.is_duration)
            except (OverflowError, ValueError):
                return text
            return shown(date, number_format.code)
        return shown(number, number_format.code)


def _stored(parts: Mapping[str, Any]) -> str:
    value = parts.get("v")
    return (value.text or "") if value is not None else ""


def _streamed(file: Any) -> Iterator[Any]:
    """The rows and merged cells of a sheet, each forgotten after it was given."""
    events = etree.iterparse(file, tag=("{*}row", "{*}mergeCell"), resolve_entities=False, no_network=True)
    for _, element in events:
        yield element
        element.clear()
        while element.getprevious() is not None:  # cleared rows are still rows
            del element.getparent()[0]


def _shared_strings(root: Any | None) -> Iterator[str]:
    return (_rich_text(item) for item in root) if root is not None else iter(())


def _rich_text(item: Any | None) -> str:
    """Without phonetic readings, which stand in the same item."""
    if item is None:
        return ""
    runs = [run for part in item if local(part) in ("t", "r") for run in (part if local(part) == "r" else [part])]
    return clean("".join(run.text or "" for run in runs if local(run) == "t")).strip()


def _number_formats(root: Any | None) -> list[_Format]:
    """The number format of each cell style."""
    if root is None:
        return []
    own = {whole(attribute(one, "numFmtId")): attribute(one, "formatCode") for one in descendants(root, "numFmt")}
    styles = child(root, "cellXfs")
    ids = [whole(attribute(style, "numFmtId")) for style in (styles if styles is not None else [])]
    codes = (own.get(number, BUILTIN_FORMATS.get(number, "")) for number in ids)
    return [_Format(code, is_date_format(code), is_timedelta_format(code)) for code in codes]


def _span(reference: str) -> Span:
    left, top, right, bottom = range_boundaries(reference)
    return Span(top - 1, left - 1, bottom - top + 1, right - left + 1)
