# ruff: noqa: E501 (markup is not broken)
"""Word files: what the page shows is in the text, once, and what it does not show is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load import load_content
from ingest.loaders.word_numbering import as_counted
from ingest.splitting.split import split
from tests.ingest.word_parts import list_levels, list_number, numbered, paragraph, run, word_parts
from tools.shapes import LoadedFile


def load(body: str, **parts: str) -> LoadedFile:
    [loaded] = load_content(word_parts(body, **parts), Path("a.docx"))
    return loaded


def cell(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def test_headings_by_outline_level_of_any_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="章标题"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="节"/><w:basedOn w:val="c"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="heading 2"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    )
    loaded = load(
        paragraph("合同", '<w:pStyle w:val="t"/>')
        + paragraph("总则", '<w:pStyle w:val="a"/>')
        + paragraph("范围", '<w:pStyle w:val="b"/>')
        + paragraph("直接", '<w:outlineLvl w:val="2"/>')
        + paragraph("正文", '<w:pStyle w:val="a"/><w:outlineLvl w:val="9"/>')
        + paragraph("长" * 201, '<w:outlineLvl w:val="0"/>'),
        styles=styles,
    )
    assert loaded.text == f"# 合同\n\n## 总则\n\n### 范围\n\n#### 直接\n\n正文\n\n{'长' * 201}"
    assert loaded.title == "合同"


def test_numbers_are_shown_as_word_shows_them() -> None:
    numbering = (
        list_levels(1, ("chineseCountingThousand", "第%1条"), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"))
        + list_levels(2, ("bullet", ""), ("bullet", "o"))
        + list_number(1, 1)
        + list_number(2, 2)
        + list_number(3, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="20"/></w:lvlOverride>')
    )
    loaded = load(
        numbered("工期", 1)
        + numbered("开工", 1, 1)
        + numbered("竣工", 1, 1)
        + numbered("甲", 1, 2)
        + numbered("乙", 1, 2)
        + numbered("价款", 1)
        + numbered("支付", 1, 1)
        + numbered("点", 2)
        + numbered("下级", 2, 1)
        + numbered("另起", 3)
        + numbered("接续", 3)
        + numbered("不编号", 0),
        numbering=numbering,
    )
    assert loaded.text.split("\n") == [
        *("第一条 工期", "", "一.1 开工", "", "一.2 竣工", "", "    (a) 甲", "    (b) 乙", "", "第二条 价款", ""),
        *("二.1 支付", "", "- 点", "  - 下级", "", "第二十条 另起", "", "第二十一条 接续", "", "不编号"),
    ]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (10, "chineseCounting", "十"),
        (11, "chineseCounting", "十一"),
        (20, "chineseCounting", "二十"),
        (101, "chineseCounting", "一百零一"),
        (110, "chineseCounting", "一百一十"),
        (1001, "chineseCountingThousand", "一千零一"),
        (2010, "chineseCountingThousand", "二千零一十"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (4, "upperRoman", "IV"),
        (27, "lowerLetter", "aa"),
        (3, "decimalEnclosedCircle", "③"),
        (7, "decimalZero", "07"),
        (2, "ideographTraditional", "乙"),
        (5, "unheardOf", "5"),
    ],
)
def test_counting(number: int, kind: str, text: str) -> None:
    assert as_counted(number, kind) == text


@given(st.integers(1, 9999))
def test_counting_gives_each_number_its_own_text(number: int) -> None:
    for kind in ("chineseCounting", "upperRoman", "chineseLegalSimplified"):
        assert as_counted(number, kind) != as_counted(number + 1, kind)


def test_merged_cells_say_what_they_cover() -> None:
    table = "<w:tbl>" + "".join(
        [
            row(cell(paragraph("表1 投资"), '<w:gridSpan w:val="3"/>')),
            row(
                cell(paragraph("标段"), '<w:vMerge w:val="restart"/>'),
                cell(paragraph("金额"), '<w:gridSpan w:val="2"/>'),
            ),
            row(cell(paragraph(""), "<w:vMerge/>"), cell(paragraph("计划")), cell(paragraph("完成"))),
            row(cell(paragraph("一标段"), '<w:vMerge w:val="restart"/>'), cell(paragraph("10")), cell(paragraph("9"))),
            row(cell(paragraph(""), "<w:vMerge/>"), cell(paragraph("20")), cell(paragraph("18"))),
        ]
    )
    assert load(table + "</w:tbl>").text == (
        "表1 投资\n\n| 标段 | 金额 计划 | 金额 完成 |\n| --- | --- | --- |\n| 一标段 | 10 | 9 |\n| 一标段 | 20 | 18 |"
    )


def test_a_table_of_one_cell_is_a_frame_and_nested_tables_follow() -> None:
    inner = f"<w:tbl>{row(cell(paragraph('a')), cell(paragraph('b')))}{row(cell(paragraph('1')), cell(paragraph('2')))}</w:tbl>"
    framed = load(f"<w:tbl>{row(cell(paragraph('前') + inner + paragraph('后')))}</w:tbl>")
    assert framed.text == "前\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n后"
    nested = load(f"<w:tbl>{row(cell(paragraph('x')), cell(paragraph('y') + inner))}</w:tbl>")
    assert nested.text == "| x | y |\n| --- | --- |\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_tracked_changes_are_read_as_accepted_and_comments_and_hidden_text_are_not_read() -> None:
    body = (
        f"<w:p>{run('工期')}<w:ins>{run('七百')}</w:ins><w:del><w:r><w:delText>六百</w:delText></w:r></w:del>{run('天')}"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:commentReference w:id='1'/></w:r></w:p>"
        f"<w:tbl>{row(cell(paragraph('a')), cell(paragraph('b')))}"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph('删'))}{cell(paragraph('除'))}</w:tr></w:tbl>"
    )
    comments = f'<w:comment w:id="1">{paragraph("批注")}</w:comment>'
    assert load(body, comments=comments).text == "工期七百天\n\n| a | b |\n| --- | --- |"


def test_notes_stand_after_their_paragraph() -> None:
    body = (
        f"<w:p>{run('工期为700日历天')}<w:r><w:footnoteReference w:id='2'/></w:r>{run('。')}</w:p>{paragraph('下文')}"
    )
    notes = f'<w:footnote w:id="2">{paragraph("不含法定节假日。")}</w:footnote>'
    assert load(body, footnotes=notes).text == "工期为700日历天。\n\n¹ 不含法定节假日。\n\n下文"


def test_superscripts_do_not_become_digits_of_a_number() -> None:
    def up(text: str) -> str:
        return f"<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{text}</w:t></w:r>"

    body = f"<w:p>{up('a')}{run('10')}{up('-')}{up('6')}{run(' per m')}{up('2')}{run(', the 1')}{up('st')}</w:p>"
    assert load(body).text == "a10⁻⁶ per m², the 1st"


def test_text_boxes_are_read_once_and_pictures_by_their_description() -> None:
    box = f"<w:txbxContent>{paragraph('框内文字')}</w:txbxContent>"
    body = (
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:r><w:drawing><wp:docPr descr='施工总平面图'/><a:blip r:embed='none'/></w:drawing></w:r></w:p>"
    )
    assert load(body).text == "前\n\n框内文字\n\n施工总平面图"


def test_content_controls_links_symbols_and_breaks() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
        f"<w:p><w:hyperlink>{run('链接')}</w:hyperlink><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>"
        f"<w:fldSimple>{run('域')}</w:fldSimple><w:r><w:noBreakHyphen/><w:br/></w:r>{run('新行')}</w:p>"
    )
    assert load(body).text == "控件\n\n链接☑域-\n新行"


def test_equations_on_one_line() -> None:
    def math(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = f"<m:f><m:num>{math('a')}</m:num><m:den>{math('b+c')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{math('x')}</m:e><m:sup>{math('2')}</m:sup></m:sSup>"
    root = f"<m:rad><m:deg/><m:e>{math('y')}</m:e></m:rad>"
    assert load(f"<w:p><m:oMath>{fraction}{math('+')}{power}{root}</m:oMath></w:p>").text == "a/(b+c)+x^2√(y)"


def test_page_headers_once_and_without_page_numbers() -> None:
    loaded = load(
        paragraph("正文"),
        header1=paragraph("合同编号：DZ-SG-2024-017"),
        header2=paragraph("合同编号：DZ-SG-2024-017"),
        footer1=paragraph("第 1 页 共 3 页"),
        footer2=paragraph("Page 1 of 3"),
    )
    assert loaded.text == "正文\n\n## 页眉和页脚\n\n合同编号：DZ-SG-2024-017"
    english = load(paragraph("Text of it"), header1=paragraph("Internal"))
    assert english.text == "Text of it\n\n## Page headers and footers\n\nInternal"
    assert [chunk.section for chunk in split(english, "d", "structure")] == ["", "Page headers and footers"]


def test_charts_as_tables() -> None:
    series = (
        "<c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>投资</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        "<c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>一标段</c:v></c:pt><c:pt idx='1'><c:v>二标段</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        "<c:val><c:numRef><c:numCache><c:formatCode>#,##0</c:formatCode><c:pt idx='1'><c:v>96480</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
    )
    chart = f"<c:chart><c:title><a:p><a:r><a:t>各标段投资</a:t></a:r></a:p></c:title><c:plotArea><c:barChart>{series}</c:barChart></c:plotArea></c:chart>"
    body = "<w:p><w:r><w:drawing><c:chart r:id='rchart'/></w:drawing></w:r></w:p>"
    assert (
        load(body, chart=chart).text == "各标段投资\n\n|  | 投资 |\n| --- | --- |\n| 一标段 |  |\n| 二标段 | 96,480 |"
    )
