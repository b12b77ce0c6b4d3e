"""Sheets of all formats: tables below their titles, merged cells, values as shown, and what is hidden is said."""

import datetime
import io
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from evals.fuzz.old_office import excel_97
from ingest.load import load_content
from ingest.loaders.sheet import sheet_blocks
from ingest.loaders.shown import shown
from ingest.loaders.table import Span
from ingest.reading import Limits, Reading
from tests.ingest.office_files import excel_file, with_part
from tools.errors import FileError
from tools.shapes import LoadedFile


def load(content: bytes, name: str = "a.xlsx", reading: Reading = Reading()) -> LoadedFile:
    [loaded] = load_content(content, Path(name), reading)
    return loaded


def workbook(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    made = openpyxl.Workbook()
    fill(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def sheet(*rows: str) -> dict[int, dict[int, str]]:
    """Rows of one character a cell, blank ones empty."""
    return {number: {at: text for at, text in enumerate(row) if text != " "} for number, row in enumerate(rows)}


def test_titles_and_units_stand_above_the_header() -> None:
    rows = {
        0: {0: "投资台账"},
        1: {0: "单位：万元", 3: "2025年"},
        2: dict(enumerate("甲乙丙丁")),
        3: dict(enumerate("1234")),
    }
    assert list(sheet_blocks(rows)) == [
        "投资台账",
        "单位：万元 2025年",
        "| 甲 | 乙 | 丙 | 丁 |\n| --- | --- | --- | --- |\n| 1 | 2 | 3 | 4 |",
    ]


def test_a_header_may_lack_the_name_of_its_first_column() -> None:
    assert list(sheet_blocks(sheet(" a", "12"))) == ["|  | a |\n| --- | --- |\n| 1 | 2 |"]


def test_tables_side_by_side_are_two_where_each_has_a_header() -> None:
    two = list(sheet_blocks(sheet("ab cd", "12 34")))
    assert two == ["| a | b |\n| --- | --- |\n| 1 | 2 |", "| c | d |\n| --- | --- |\n| 3 | 4 |"]
    [one] = sheet_blocks(sheet("ab c", "12 3"))
    assert one.startswith("| a | b | c |")


def test_merged_headers_become_one_and_merged_rows_repeat() -> None:
    rows = sheet("sm  ", " pd ", "x12 ", " 34 ")
    merged = [Span(0, 0, 2, 1), Span(0, 1, 1, 2), Span(2, 0, 2, 1)]
    assert list(sheet_blocks(rows, merged)) == ["| s | m p | m d |\n| --- | --- | --- |\n| x | 1 | 2 |\n| x | 3 | 4 |"]


@given(st.dictionaries(st.integers(0, 40), st.dictionaries(st.integers(0, 12), st.text("abc", min_size=1, max_size=3))))
def test_every_cell_is_in_the_text(rows: dict[int, dict[int, str]]) -> None:
    text = "\n".join(sheet_blocks(dict(sorted(rows.items()))))
    found = sorted(text.replace("|", " ").replace("---", " ").split())
    assert found == sorted(cell for row in rows.values() for cell in row.values())


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234.5, '#,##0.00"元"', "1,234.5元"),
        (-3, "¥#,##0", "-¥3"),
        (12, "[$€-407]#,##0", "€12"),
        (0.125, "0.0%", "12.5%"),
        (5, '0"天"', "5天"),
        (datetime.time(9, 30), "h:mm", "09:30"),
        (datetime.datetime(2025, 7, 1, 10, 15, 42), "", "2025-07-01 10:15:42"),
        (datetime.datetime(2025, 7, 1, 10, 15), "", "2025-07-01 10:15"),
        (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
        (-datetime.timedelta(minutes=61, seconds=5), "[h]:mm:ss", "-1:01:05"),
        (1067, "00000", "01067"),
        (7, '"No "000', "No 007"),
        (5.25, "00.00", "05.25"),
        (5, "00E+00", "5"),
        (1234, "#,##0", "1,234"),
        (datetime.date(2025, 7, 1), "yyyy-mm-dd", "2025-07-01"),
        (True, "General", "TRUE"),
    ],
)
def test_values_as_shown(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_hidden_sheets_and_rows_are_read_and_named_and_comments_are_kept() -> None:
    def fill(made: openpyxl.Workbook) -> None:
        first: Any = made.active
        first.append(["名称", "数量"])
        first.append(["钢筋", 12])
        first.row_dimensions[2].hidden = True
        first["B2"].comment = Comment("含损耗", "沈若川")
        made.create_sheet("底稿").append(["草稿"])
        made["底稿"].sheet_state = "hidden"

    loaded = load(workbook(fill))
    assert loaded.pages[0].text == "## Sheet\n\n| 名称 | 数量 |\n| --- | --- |\n| 钢筋 | 12 |\n\nB2: 含损耗"
    assert loaded.pages[1].text == "## 底稿（隐藏）\n\n草稿"
    assert loaded.warnings == ("sheet Sheet: hidden rows were read (1)", "sheet 底稿 is hidden; it was read")


def test_chart_sheets_and_charts() -> None:
    def fill(made: openpyxl.Workbook) -> None:
        data: Any = made.active
        for row in (["年", "投资"], ["2024", 10], ["2025", 20]):
            data.append(row)
        chart = BarChart()
        chart.add_data(Reference(data, min_col=2, min_row=1, max_row=3), titles_from_data=True)
        chart.title = "年度投资"
        made.create_chartsheet("图").add_chart(chart)

    assert load(workbook(fill)).pages[1].text == "## 图\n\n年度投资"  # Excel alone keeps the values with a chart


def test_a_sheet_that_claims_to_be_huge_is_read_for_what_is_in_it() -> None:
    content = excel_file(lambda one: one.append(["a", "b"]))
    content = with_part(content, "xl/worksheets/sheet1.xml", (b"A1:B1", b"A1:XFD1048576"), (b'r="B1"', b'r="XFD1"'))
    assert load(content).text == "## Sheet\n\n| a | b |\n| --- | --- |"


def test_too_many_cells_are_refused() -> None:
    content = excel_file(lambda one: [one.append(["a"] * 20) for _ in range(20)])
    with pytest.raises(FileError, match="too many cells"):
        load(content, reading=Reading(Limits(memory_bytes=2**17)))


def test_xls_has_dates_merged_cells_formats_and_hidden_sheets() -> None:
    book = xlwt.Workbook()
    one = book.add_sheet("台账")
    date, share = xlwt.easyxf(num_format_str="YYYY-MM-DD"), xlwt.easyxf(num_format_str="0.0%")
    one.write_merge(0, 0, 0, 2, "投资台账")
    for column, text in enumerate(["标段", "日期", "比例"]):
        one.write(1, column, text)
    one.write_merge(2, 3, 0, 0, "一标段")
    for row in (2, 3):
        one.write(row, 1, datetime.date(2025, 7, row), date)
        one.write(row, 2, row / 8, share)
    book.add_sheet("底稿").write(0, 0, True)
    book.get_sheet(1).visibility = 1
    buffer = io.BytesIO()
    book.save(buffer)
    loaded = load(buffer.getvalue(), "a.xls")
    assert loaded.pages[0].text == (
        "## 台账\n\n投资台账\n\n| 标段 | 日期 | 比例 |\n| --- | --- | --- |\n"
        "| 一标段 | 2025-07-02 | 25% |\n| 一标段 | 2025-07-03 | 37.5% |"
    )
    assert loaded.pages[1].text == "## 底稿（隐藏）\n\nTRUE"
    assert loaded.warnings == ("sheet 底稿 is hidden; it was read",)
    assert (loaded.format, loaded.has_pages) == ("xls", True)


def test_xls_times_durations_and_leading_zeros_are_shown() -> None:
    book = xlwt.Workbook()
    one = book.add_sheet("记录")
    values = [
        (datetime.datetime(2025, 7, 1, 10, 15, 42), "YYYY-MM-DD hh:mm:ss"),
        (datetime.time(10, 15), "hh:mm"),
        (1.25, "[h]:mm"),
        (1067, "00000"),
    ]
    for column, (value, number_format) in enumerate(values):
        one.write(0, column, value, xlwt.easyxf(num_format_str=number_format))
    buffer = io.BytesIO()
    book.save(buffer)
    [said] = load(buffer.getvalue(), "a.xls").text.splitlines()[2:3]
    assert said == "| 2025-07-01 10:15:42 | 10:15 | 30:00 | 01067 |"


def test_tabs_part_a_tsv_whose_header_has_commas() -> None:
    content = b"City, Country\tPopulation\nBern, CH\t1\n"
    assert load(content, "a.tsv").text == "| City, Country | Population |\n| --- | --- |\n| Bern, CH | 1 |"
    assert load(b"a;b\n1;2\n", "a.tsv").text == "| a | b |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_csv_in_utf_16_without_a_mark(encoding: str) -> None:
    text = "项目,金额\n东站,三千万元\n"
    assert load(text.encode(encoding), "a.csv").text == "| 项目 | 金额 |\n| --- | --- |\n| 东站 | 三千万元 |"
    assert load("Station,Amount\nEast,3\n".encode(encoding), "a.csv").text.startswith("| Station |")
    assert load("东站综合交通枢纽".encode(encoding), "a.txt").text == "东站综合交通枢纽"


def test_csv_titles_ragged_rows_quoted_line_ends_and_stated_delimiter() -> None:
    text = 'sep=;\n投资台账;;\n名称;数量;备注\n"钢\n筋";12\n\n水泥;;甲;多\n'
    loaded = load(text.encode(), "a.csv")
    assert loaded.text == (
        "投资台账\n\n| 名称 | 数量 | 备注 |  |\n| --- | --- | --- | --- |\n| 钢 筋 | 12 |  |  |\n| 水泥 |  | 甲 | 多 |"
    )
    assert loaded.metadata == {"rows": 2}


def test_a_stream_that_claims_to_be_larger_than_its_file_is_refused() -> None:
    content = bytearray(excel_97([["Valve", "12"]]))
    entry = content.index("Workbook".encode("utf-16-le"))  # in the directory; the size is 120 bytes into an entry
    struct.pack_into("<I", content, entry + 120, 960_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match="damaged"):
            load_content(bytes(content), Path("large.xls"))
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("sector", range(8))
@pytest.mark.timeout(20)
def test_sectors_that_follow_themselves_end(sector: int) -> None:
    content = bytearray(excel_97([["Valve", "12"]]))
    (first,) = struct.unpack_from("<I", content, 60)  # of the table that says which small sector follows which
    struct.pack_into("<I", content, 512 * (first + 1) + 4 * sector, sector)
    try:
        [loaded] = load_content(bytes(content), Path("loop.xls"))
    except FileError:
        return
    assert "Valve" in loaded.text
