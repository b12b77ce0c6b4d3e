"""Excel files before 2007 (.xls), also as WPS writes them (.et)."""

import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import olefile
import xlrd
from openpyxl.styles.numbers import is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, error_text_from_code

from ingest.loaders.archive import corrupt
from ingest.loaders.compound_file import is_sound
from ingest.loaders.sheet import check_cells, sheet_blocks, sheet_text
from ingest.loaders.shown import shown
from ingest.loaders.table import Span
from ingest.reading import Reading
from tools.errors import FileError, SignpostError
from tools.shapes import LoadedFile, Page
from tools.text.clean import one_line


def load_xls(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """One page a sheet: its name as a heading, its tables as Markdown, values as they are shown."""
    try:
        # With formats: they say what is a date. What xlrd finds odd in a file it would print.
        workbook = xlrd.open_workbook(file_contents=_book(content), formatting_info=True, logfile=io.StringIO())
        count = sum(sheet.nrows * sheet.ncols for sheet in workbook.sheets())
        check_cells(count, name, reading.limits)
        pages = tuple(
            Page(number, sheet_text(sheet.name, _tables(workbook, sheet), is_hidden=bool(sheet.visibility)))
            for number, sheet in enumerate(workbook.sheets(), start=1)
        )
    except SignpostError:
        raise
    except Exception as error:  # xlrd raises many kinds for damaged files
        if "encrypted" in str(error):
            raise FileError(
                f"{name} is protected by a password.",
                why="Its content cannot be read without the password.",
                next_step="Open it in Excel or LibreOffice and save it without a password.",
            ) from error
        raise corrupt(name) from error
    author = one_line(workbook.user_name or "")
    return [
        LoadedFile(
            title=PurePath(name).stem,
            format="xls",
            pages=pages,
            has_pages=True,
            metadata={"author": author} if author else {},
            warnings=tuple(_warnings(workbook)),
        )
    ]


def _book(content: bytes) -> bytes:
    """The stream that holds the workbook: xlrd itself may follow damaged chains of sectors without end."""
    if not olefile.isOleFile(content):
        return content
    if not is_sound(content):
        raise ValueError("streams that do not fit into the file")
    with olefile.OleFileIO(content) as file:
        stream = next((name for name in ("Workbook", "Book") if file.exists(name)), None)
        if stream is None:
            raise ValueError("no workbook")
        found: bytes = file.openstream(stream).read()
    return found


def _tables(workbook: Any, sheet: Any) -> Iterator[str]:
    rows = {
        number: {column: text for column, cell in enumerate(sheet.row(number)) if (text := _shown(workbook, cell))}
        for number in range(sheet.nrows)
    }
    merged = [Span(top, left, bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells]
    yield from sheet_blocks(rows, merged)
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        yield f"{xlrd.cellname(row, column)}: {one_line(note.text)}"


def _shown(workbook: Any, cell: Any) -> str:
    if cell.ctype == XL_CELL_ERROR:
        return str(error_text_from_code.get(cell.value, ""))
    if cell.ctype == XL_CELL_BOOLEAN:
        return shown(bool(cell.value), "")
    if cell.ctype == XL_CELL_DATE:
        epoch = CALENDAR_MAC_1904 if workbook.datemode else CALENDAR_WINDOWS_1900
        try:
            return shown(from_excel(cell.value, epoch, is_timedelta_format(_format(workbook, cell))), "")
        except (OverflowError, ValueError):
            return shown(cell.value, "")
    if cell.ctype == XL_CELL_NUMBER:
        value = int(cell.value) if float(cell.value).is_integer() else cell.value
        return shown(value, _format(workbook, cell))
    return shown(cell.value, "")


def _format(workbook: Any, cell: Any) -> str:
    style = workbook.xf_list[cell.xf_index] if cell.xf_index is not None else None
    number_format = workbook.format_map.get(style.format_key) if style is not None else None
    return number_format.format_str if number_format is not None else ""


def _warnings(workbook: Any) -> Iterator[str]:
    for sheet in workbook.sheets():
        if sheet.visibility:
            yield f"sheet {one_line(sheet.name)} is hidden; it was read"
        hidden_rows = sum(bool(row.hidden) for row in sheet.rowinfo_map.values())
        if hidden_rows:
            yield f"sheet {one_line(sheet.name)}: hidden rows were read ({hidden_rows})"
