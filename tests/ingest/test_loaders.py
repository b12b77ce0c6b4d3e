"""Each format: what a real file must give, and what it must not."""

import datetime
from pathlib import Path

import pytest

from evals.fuzz.seeds import seeds
from ingest.load import load_content, load_file
from ingest.loaders import LOADERS, image, loader_for
from ingest.loaders.csv import delimiter
from ingest.loaders.table import markdown_table
from ingest.ocr import RecognizedLine
from ingest.reading import Reading
from tests.ingest.office_files import enlarged_pdf_file, excel_file, pdf_file, with_part, word_file
from tools.shapes import LoadedFile

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif"))
SAMPLES = Path(__file__).parents[2] / "samples"

# file, title, what page (or the whole text, 0) must contain, what the text must not contain
VECTORS = [
    (
        "环境影响报告书.pdf",
        "东站综合交通枢纽工程环境影响报告书",
        3,
        "昼间噪声预测值为68分贝，夜间噪声预测值为54分贝。",
        "\ufffd",
    ),
    ("环境影响报告书.pdf", "东站综合交通枢纽工程环境影响报告书", 4, "## 4 水环境与弃土", "不低于\n"),
    (
        "二标段施工合同.pdf",
        "东站综合交通枢纽工程二标段施工合同",
        3,
        "即每日19.296万元；逾期违约金累计不超过",
        "万分之\n",
    ),
    (
        "safety-handbook.pdf",
        "East Station Hub Safety Handbook",
        3,
        "valid for one shift of at most eight hours.",
        "at\nmost",
    ),
    ("施工组织设计.docx", "东站综合交通枢纽工程施工组织设计", 0, "### 二标段基坑\n\n二标段基坑深18.6米", "<w:"),
    (
        "施工组织设计.docx",
        "东站综合交通枢纽工程施工组织设计",
        0,
        "| 换乘大厅主体结构封顶 | 二标段 | 2025-11-28 | 沈若川 |",
        "None",
    ),
    ("施工组织设计.docx", "东站综合交通枢纽工程施工组织设计", 0, "取样。\n- 特种作业人员", "•"),
    ("投资台账.xlsx", "东站综合交通枢纽工程投资台账", 1, "| 合计 | | 58,350 |".replace("| |", "|  |"), "None"),
    ("投资台账.xlsx", "东站综合交通枢纽工程投资台账", 2, "| 63,677 | 66% | 60,900 | 换乘大厅底板全部完成", "0.66"),
    ("投资台账.xlsx", "东站综合交通枢纽工程投资台账", 3, "| 2024-05-20 | 二标段 | 预付款 | 9,648 |", "00:00"),
    ("术语表.md", "工程投资与进度术语表", 0, "**纳统**：指已开工", "\ufeff"),
    (
        "变更管理办法通知.html",
        "关于印发《沧屿市政府投资项目工程变更管理办法》的通知",
        0,
        "第九条 单项工程变更增加金额达到200万元以上的",
        "网站首页",
    ),
    (
        "变更管理办法通知.html",
        "关于印发《沧屿市政府投资项目工程变更管理办法》的通知",
        0,
        "| 50万元以下 | 建设单位项目部 | 5个工作日 |",
        "统计脚本",
    ),
    (
        "变更管理办法通知.html",
        "关于印发《沧屿市政府投资项目工程变更管理办法》的通知",
        0,
        "委员会\n2023年11月20日",
        "版权所有",
    ),
    (
        "变更管理办法修订.txt",
        "关于修改《沧屿市政府投资项目工程变更管理办法》第九条的决定",
        0,
        "修改为“500万元以上”",
        "\r",
    ),
    ("人员与职责.csv", "人员与职责", 0, "| 孟庭芳 | 法定代表人 | 华衡工程监理有限公司 |", "\ufeff"),
    ("工程例会纪要.txt", "东站综合交通枢纽工程第27次工程例会纪要", 0, "由沈若川负责组织注浆堵漏", "\r"),
    ("project-overview.md", "East Station Hub: project overview", 0, "86,000 passengers per day", "\r"),
    ("suppliers.csv", "suppliers", 0, "| DZ-CG-2025-004 | Section 1 and 2 | Owner-supplied | 150 |", "\r"),
    (
        "night-work-notice.html",
        "Notice of night work, Section 2",
        0,
        "| 26 September 2025 | 22:00 to 6:00 |",
        "Careers",
    ),
    ("faq.md", "East Station Hub: frequently asked questions", 0, "1,150 spaces", "\r"),
]


@pytest.mark.parametrize(("name", "title", "page", "contained", "not_contained"), VECTORS)
def test_samples(name: str, title: str, page: int, contained: str, not_contained: str) -> None:
    [loaded] = load_file(SAMPLES / name)
    assert loaded.title == title
    assert contained in (loaded.pages[page - 1].text if page else loaded.text)
    assert not_contained not in loaded.text
    assert [page.number for page in loaded.pages] == list(range(1, len(loaded.pages) + 1))
    assert loaded.has_pages == (loaded.format in ("pdf", "xlsx"))


def test_every_sample_is_in_the_table_and_every_loader_is_found() -> None:
    names = {path.name for path in SAMPLES.iterdir() if path.suffix in LOADERS}
    assert names == {name for name, *_ in VECTORS}
    assert all(loader_for(extension) is not None for extension in LOADERS)


@pytest.mark.parametrize("extension", LOADERS)
def test_every_extension_is_read(extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "is_available", lambda: True)
    monkeypatch.setattr(image, "recognize", lambda pixels, reading: [RecognizedLine("Valve", (0, 0, 9, 9), 0.9)])
    reading = Reading(recognizes_text=extension in PICTURES)
    loaded = load_content(seeds()[extension][0], Path(f"a{extension}"), reading)[0]
    assert "valve" in loaded.text.lower()
    assert not any("it was read as one" in warning for warning in loaded.warnings)


def load(content: str | bytes, name: str) -> LoadedFile:
    [loaded] = load_content(content.encode() if isinstance(content, str) else content, Path(name))
    return loaded


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.html"])
def test_encodings(encoding: str, name: str) -> None:
    content = "项目名称,金额\n东站项目,三千万元\n".encode(encoding)
    assert "三千万元" in load(content, name).text
    assert "\ufeff" not in load(content, name).text


def test_encoding_that_a_page_declares() -> None:
    page = '<html><head><meta charset="big5"></head><body><p>東站綜合交通樞紐</p></body></html>'
    assert load(page.encode("big5"), "a.html").text == "東站綜合交通樞紐"


TRADITIONAL = "東站綜合交通樞紐工程環境影響報告書。施工單位應於每日六時至二十二時之間進行作業。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        ("東站", "big5"),
        ("east station (東站) opens\n" * 3, "big5"),
        ("孟庭芳、沈若川", "gb18030"),
        ("Section 2 — “draft” ±5 ℃", "gb18030"),
    ],
)
def test_chinese_encodings_are_told_apart(text: str, encoding: str) -> None:
    for name in ("a.txt", "a.md", "a.csv"):
        assert text.strip().split("\n")[0] in load(text.encode(encoding), name).text


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(mark: str) -> None:
    rows = [["名称", "数量", "备注"], ["钢筋", "9,4", "甲; 乙"], ["水泥", "12", ""]]
    text = "\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    assert delimiter(text) == mark
    assert (
        load(text, "a.csv").text
        == "| 名称 | 数量 | 备注 |\n| --- | --- | --- |\n| 钢筋 | 9,4 | 甲; 乙 |\n| 水泥 | 12 |  |"
    )


def test_tables_escape_pipes_and_leave_empty_columns_out() -> None:
    assert markdown_table([["a", "", "b|c"], ["1", " ", "2\n3"], ["", "", ""]]) == (
        "| a | b\\|c |\n| --- | --- |\n| 1 | 2 3 |"
    )
    assert markdown_table([["", ""], []]) == ""


def test_html_without_main_content_marked() -> None:
    page = (
        "<body><header>Site</header><div>One<br>two <b>bold</b></div><ul><li>first</li><li>second</li></ul>"
        "<script>x()</script><p>Last<!-- hidden --></p></body>"
    )
    assert load(page, "a.html").text == "One\ntwo bold\n\n- first\n- second\n\nLast"


def test_html_tables_hold_what_is_shown_and_each_row_once() -> None:
    page = (
        "<table><tr><th>A<script>x()</script></th><th>B<br>b</th></tr>"
        "<tr><td><style>p{}</style>1<table><tr><td>in</td><td>ner</td></tr></table></td><td><p>2</p><p>3</p></td></tr>"
        "</table>"
    )
    assert load(page, "a.html").text == ("| A | B b |\n| --- | --- |\n| 1 | 2 3 |\n\n| in | ner |\n| --- | --- |")


def test_html_hidden_elements_are_left_out_and_what_follows_them_stays() -> None:
    page = (
        "<body style='display:none'><p>One<span hidden>no</span> two<b style='color:red; DISPLAY : none'>no</b>.</p>"
        "<div aria-hidden='true'><p>no</p></div>three<i style='visibility:hidden'>no</i>"
        "<p hidden='until-found'>four</p>"
        "<main hidden><p>no</p></main><table><tr><td>a<span hidden>no</span></td><td hidden>no</td></tr></table></body>"
    )
    assert load(page, "a.html").text == "One two.\n\nthree\n\nfour\n\n| a |\n| --- |"


def test_html_list_items_with_paragraphs_are_list_items() -> None:
    page = "<ul><li><p>first</p><p>more</p></li><li><div></div><p>second</p></li><li></li></ul><p>after</p>"
    assert load(page, "a.html").text == "- first\n\nmore\n\n- second\n\nafter"


def test_html_page_wrapped_in_a_form_is_read_without_its_controls() -> None:
    page = "<form><p>Text</p><select><option>no</option></select><textarea>no</textarea><button>no</button></form>"
    assert load(page, "a.html").text == "Text"


def test_html_nested_deeper_than_the_stack() -> None:
    assert "deep" in load("<div>" * 1500 + "deep" + "</div>" * 1500, "a.html").text


def test_pdf_lines_become_paragraphs() -> None:
    lines = [
        "The owner keeps all infor-",
        "mation on site in one register,",
        "under DZ-SG-2024-",
        "017 and its well",
        "1. First item",
        "2. Second item",
    ]
    [page] = load(pdf_file([lines]), "a.pdf").pages
    assert "all information on site" in page.text
    assert "DZ-SG-2024-017" in page.text
    assert "\n\n1. First item\n\n2. Second item" in page.text


def test_pdf_sizes_are_the_file_s_own() -> None:
    """Not those of a font of this machine that stands in for one which the file does not hold."""
    lines = [(18.0, "施工组织设计"), (12.0, "施工场界噪声执行标准，昼间限值为"), (12.0, "70分贝，夜间限值为55分贝。")]
    [page] = load(enlarged_pdf_file(lines), "a.pdf").pages
    assert page.text == "# 施工组织设计\n\n施工场界噪声执行标准，昼间限值为70分贝，夜间限值为55分贝。"


def test_pdf_page_without_text_is_named() -> None:
    loaded = load(pdf_file([["Some text"], [], ["More"]]), "a.pdf")
    assert len(loaded.pages) == 3
    assert "page 2" in loaded.warnings[0]


def test_docx_merged_cells_are_read_once() -> None:
    def fill(document: object) -> None:
        table = document.add_table(2, 3)  # type: ignore[attr-defined]
        for column, text in enumerate(["标段", "金额", "备注"]):
            table.rows[0].cells[column].text = text
        table.rows[1].cells[0].merge(table.rows[1].cells[1]).text = "合计"
        table.rows[1].cells[2].text = "无"

    assert load(word_file(fill), "a.docx").text == "| 标段 | 金额 | 备注 |\n| --- | --- | --- |\n| 合计 |  | 无 |"


def test_xlsx_cells_are_read_as_shown() -> None:
    def fill(sheet: object) -> None:
        sheet.append(["日期", "数", "比例", "时刻"])  # type: ignore[attr-defined]
        sheet.append([datetime.date(2025, 7, 1), 0.1 + 0.2, 0.125, datetime.datetime(2025, 7, 1, 9, 30)])  # type: ignore[attr-defined]
        sheet["C2"].number_format = "0.0%"  # type: ignore[index]

    assert "| 2025-07-01 | 0.3 | 12.5% | 2025-07-01 09:30 |" in load(excel_file(fill), "a.xlsx").text


def test_xlsx_numbers_keep_their_digits() -> None:
    numbers = [202509180012345, 10**15 + 1, 1e-11, 1234567.891, 1 / 3, 1e300, 0.57, -12]
    formats = {4: "#,##0.00", 7: "0%", 1: "0"}

    def fill(sheet: object) -> None:
        sheet.append(numbers)  # type: ignore[attr-defined]
        for column, number_format in formats.items():
            sheet.cell(1, column).number_format = number_format  # type: ignore[attr-defined]

    shown = (
        "202509180012345 | 1000000000000001 | 0.00000000001 | 1,234,567.891 | 0.333333333333333 | 1E+300 | 57% | -12"
    )
    assert f"| {shown} |" in load(excel_file(fill), "a.xlsx").text


def test_xlsx_formulas_without_a_stored_value_are_named() -> None:
    def fill(sheet: object) -> None:
        sheet.title = "台账"  # type: ignore[attr-defined]
        for row in (["a", "b"], [1, "=A2*2"], [3, "=A3*2"]):
            sheet.append(row)  # type: ignore[attr-defined]

    loaded = load(excel_file(fill), "a.xlsx")
    assert "| 1 |" in loaded.text
    [warning] = loaded.warnings
    assert "台账" in warning
    assert "(2)" in warning


def test_xlsx_formulas_with_stored_values_are_no_matter() -> None:
    content = excel_file(lambda sheet: [sheet.append(row) for row in (["a", "b"], ["=1+1", '=IF(A2=2,"","x")'])])
    # As Excel stores results: a number, and an empty text.
    content = with_part(
        content,
        "xl/worksheets/sheet1.xml",
        (b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"),
        (b'<c r="B2"', b'<c r="B2" t="str"'),
    )
    loaded = load(content, "a.xlsx")
    assert loaded.warnings == ()
    assert "| 2 |  |" in loaded.text


def test_xlsx_blank_rows_part_tables_and_captions_stand_above() -> None:
    def fill(sheet: object) -> None:
        for row in (["表一"], ["a", "b"], [1, 2], [], ["表二"], ["c", "d"], [3, 4]):
            sheet.append(row)  # type: ignore[attr-defined]

    assert load(excel_file(fill), "a.xlsx").text == (
        "## Sheet\n\n表一\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n表二\n\n| c | d |\n| --- | --- |\n| 3 | 4 |"
    )


def test_jsonl_rows_are_documents_and_bad_rows_are_named() -> None:
    rows = (
        '{"id": "a1", "title": "甲", "text": "第一行。", "metadata": {"year": 2025}}',
        "not json",
        '{"text": ""}',
        "",
        '{"text": "Only text."}',
        '{"text": "Only text. "}',
        '{"id": "a1", "text": "again"}',
        '{"id": ["x"], "text": "wrong id"}',
        "[1]",
    )
    first, second = load_content("\n".join(rows).encode(), Path("rows.jsonl"))
    assert (first.title, first.text, first.metadata) == ("甲", "第一行。", {"year": 2025, "id": "a1"})
    assert (second.title, second.text, second.metadata) == ("rows", "Only text.", {})
    assert [warning.split(":")[0] for warning in first.warnings] == [f"line {n}" for n in (2, 3, 6, 7, 8, 9)]
    assert "line 5 already" in first.warnings[2]


def test_control_characters_do_not_come_through() -> None:
    assert load("a\x00b".replace("\x00", "\u202e") + "c", "a.txt").text == "abc"
