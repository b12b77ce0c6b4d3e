"""Excel files (.xlsx)."""

import datetime
import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

import openpyxl

from ingest.loaders.office import check_office_archive, corrupt
from ingest.loaders.table import markdown_table
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line


def load_xlsx(content: bytes, name: str) -> list[LoadedFile]:
    """One page a sheet: its name as a heading, its tables as Markdown, values as they are shown."""
    check_office_archive(content, name, "xl/workbook.xml")
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        title = one_line(workbook.properties.title or "")
        pages = tuple(
            Page(number, "\n\n".join([f"## {one_line(sheet.title)}", *_tables(sheet)]))
            for number, sheet in enumerate(workbook.worksheets, start=1)
        )
    except Exception as error:  # openpyxl raises many kinds for damaged files
        raise corrupt(name) from error
    return [LoadedFile(title=title or PurePath(name).stem, format="xlsx", pages=pages, has_pages=True)]


def _tables(sheet: Any) -> Iterator[str]:
    """Blank rows part tables; a row with one cell above a table is its caption."""
    sheet.reset_dimensions()  # some programs write wrong ones
    rows: list[list[str]] = []
    for cells in sheet.iter_rows():
        row = [shown(cell.value, getattr(cell, "number_format", "") or "") for cell in cells]
        filled = [cell for cell in row if cell]
        if len(filled) > 1 or (filled and rows):
            rows.append(row)
            continue
        yield from _table(rows)
        rows = []
        yield from filled
    yield from _table(rows)


def _table(rows: Iterable[list[str]]) -> Iterator[str]:
    table = markdown_table(rows)
    if table:
        yield table


def shown(value: object, number_format: str) -> str:
    """A cell as Excel shows it: dates as ISO dates, per cent and thousands separators by its number format."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        is_date = value.time() == datetime.time()
        return value.date().isoformat() if is_date else value.isoformat(" ", "minutes")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    return clean(str(value)).strip()


def _number(value: int | float, number_format: str) -> str:
    suffix = ""
    if "%" in number_format:
        value, suffix = value * 100, "%"
    separator = "," if "#,##0" in number_format else ""
    # Twelve digits: enough for amounts, few enough to hide binary fractions such as 0.30000000000000004.
    text = f"{float(f'{value:.12g}'):{separator}.10f}".rstrip("0").rstrip(".")
    return text + suffix
