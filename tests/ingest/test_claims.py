"""Files that claim far more than they hold: what is read stays in proportion to the file."""

from pathlib import Path

import pytest

from ingest.load import load_content
from ingest.loaders.table import Cell, Span, laid_out, table_blocks
from ingest.reading import Limits, Reading
from tests.ingest.office_files import excel_file, packed, with_part
from tools.errors import FileError


def test_spans_that_reach_beyond_the_table() -> None:
    page = "<table><tr><td rowspan=99999999 colspan=99999999>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    [loaded] = load_content(page.encode(), Path("a.html"))
    assert sorted(loaded.text.replace("|", " ").replace("---", " ").split()) == ["a", "a", "b", "c"]


def test_spans_that_lie_over_each_other() -> None:
    grid = [[f"{row}", ""] for row in range(2000)]
    [table] = table_blocks(grid, [Span(row, 0, 10**6, 10**6) for row in range(2000)])
    assert {str(row) for row in range(2000)} <= set(table.split())


def test_many_wide_cells_keep_their_text() -> None:
    grid, _ = laid_out([[Cell("a", columns=1000)] for _ in range(20_000)])
    assert sum(map(len, grid)) < 6_000_000
    assert sum(row[0] == "a" for row in grid) == 20_000


def test_a_sheet_of_one_cell_a_row_and_column_is_no_table() -> None:
    content = excel_file(lambda one: [one.cell(number, number, f"x{number}") for number in range(1, 2500)])
    [loaded] = load_content(content, Path("a.xlsx"))
    assert loaded.text.count("x") == 2499
    assert len(loaded.text) < 50_000


def test_merged_cells_by_the_million() -> None:
    merged = "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(1, 3000)).encode()
    content = excel_file(lambda one: [one.append([number, "b"]) for number in range(3000)])
    content = with_part(
        content, "xl/worksheets/sheet1.xml", (b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>")
    )
    [loaded] = load_content(content, Path("a.xlsx"))
    assert "| 2999 |" in loaded.text


def test_repeated_rows_and_cells_of_opendocument() -> None:
    cell = '<table-cell number-columns-repeated="1000"><p>x</p></table-cell>'
    row = f'<table-row number-rows-repeated="1000">{cell}</table-row>'
    body = f"<document><body><spreadsheet><table>{row * 50}</table></spreadsheet></body></document>"
    with pytest.raises(FileError, match="too many cells"):
        load_content(packed({"content.xml": body}), Path("a.ods"), Reading(Limits()))


def test_a_text_of_delimiters() -> None:
    with pytest.raises(FileError, match="too many cells"):
        load_content(b"a,b\n" + b"," * 100_000, Path("a.csv"), Reading(Limits(memory_bytes=2**20)))
