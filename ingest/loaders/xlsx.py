"""Excel files (.xlsx)."""

import datetime
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import openpyxl
from lxml import etree

from ingest.loaders.office import check_office_archive, corrupt
from ingest.loaders.table import markdown_table
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MAX_EXPONENT = 20  # a fraction of more digits is written as 1.5E-30


def load_xlsx(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """One page a sheet: its name as a heading, its tables as Markdown, values as they are shown."""
    check_office_archive(content, name, "xl/workbook.xml")
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        title = one_line(workbook.properties.title or "")
        warnings = tuple(filter(None, map(_warning, workbook.worksheets)))
        pages = tuple(
            Page(number, "\n\n".join([f"## {one_line(sheet.title)}", *_tables(sheet)]))
            for number, sheet in enumerate(workbook.worksheets, start=1)
        )
    except Exception as error:  # openpyxl raises many kinds for damaged files
        raise corrupt(name) from error
    title = title or PurePath(name).stem
    return [LoadedFile(title=title, format="xlsx", pages=pages, has_pages=True, warnings=warnings)]


def _warning(sheet: Any) -> str:
    """Names a sheet with formulas whose values no program has stored: they read as empty cells."""
    count = 0
    # The sheet's own XML: openpyxl gives either formulas or values, and not whether an empty value was stored.
    with sheet._get_source() as part:
        for _, row in etree.iterparse(part, tag=f"{_MAIN}row", resolve_entities=False, huge_tree=True):
            count += sum(map(_is_uncalculated, row.iterchildren(f"{_MAIN}c")))
            row.clear()
            while row.getprevious() is not None:  # cleared rows are still rows
                del row.getparent()[0]
    if not count:
        return ""
    return (
        f"sheet {one_line(sheet.title)}: formulas without a stored value are left out ({count}); "
        "open the file in Excel or LibreOffice and save it"
    )


def _is_uncalculated(cell: Any) -> bool:
    # A stored text may be empty; a stored number never is.
    return cell.find(f"{_MAIN}f") is not None and cell.get("t") != "str" and not cell.findtext(f"{_MAIN}v")


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
    suffix = "%" if "%" in number_format else ""
    separator = "," if "#,##0" in number_format else ""
    # A fraction to 15 digits: as many as Excel keeps, few enough to hide such as 0.30000000000000004.
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if suffix:
        number = number.scaleb(2)
    if not number.is_finite() or (abs(number.adjusted()) > _MAX_EXPONENT and not isinstance(value, int)):
        return f"{number}{suffix}"
    text = f"{number:{separator}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + suffix
