"""PowerPoint files: a page a slide, in the order in which it is read."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.load import load_content
from ingest.reading import Limits, Reading
from tools.shapes import LoadedFile

TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 1, 5, 6


def slides(*fills: tuple[int, Callable[[Any], object]]) -> bytes:
    presentation = pptx.Presentation()
    presentation.core_properties.author = "沈若川"
    for layout, fill in fills:
        fill(presentation.slides.add_slide(presentation.slide_layouts[layout]))
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def load(content: bytes, reading: Reading = Reading()) -> LoadedFile:
    [loaded] = load_content(content, Path("a.pptx"), reading)
    return loaded


def box(slide: Any, text: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5)).text_frame.text = text


def test_title_list_notes_and_properties() -> None:
    def fill(slide: Any) -> None:
        slide.shapes.title.text = "施工进度"
        frame = slide.placeholders[1].text_frame
        frame.text = "一标段"
        below = frame.add_paragraph()
        below.text, below.level = "主体封顶", 1
        slide.notes_slide.notes_text_frame.text = "口头说明：十月完成"

    loaded = load(slides((TITLE_AND_CONTENT, fill), (BLANK, lambda slide: box(slide, "第二页", 1, 1))))
    assert [page.text for page in loaded.pages] == [
        "# 施工进度\n\n- 一标段\n  - 主体封顶\n\n## 备注\n\n口头说明：十月完成",
        "第二页",
    ]
    assert (loaded.title, loaded.has_pages) == ("施工进度", True)
    assert loaded.metadata["author"] == "沈若川"


def test_shapes_are_read_from_top_to_bottom_and_left_to_right() -> None:
    def fill(slide: Any) -> None:
        box(slide, "right", 5, 2.1)
        box(slide, "below", 1, 4)
        box(slide, "left", 1, 2)
        slide.shapes.title.text = "Top"

    assert load(slides((TITLE_ONLY, fill))).text == "# Top\n\nleft\n\nright\n\nbelow"


def test_groups_tables_with_merged_cells_and_charts() -> None:
    def fill(slide: Any) -> None:
        outer = slide.shapes.add_group_shape()
        inner = outer.shapes.add_group_shape()
        inner.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "组内"
        table = slide.shapes.add_table(3, 3, 0, Inches(2), Inches(5), Inches(1)).table
        for place, text in {
            (0, 0): "标段",
            (0, 1): "金额",
            (1, 1): "计划",
            (1, 2): "完成",
            (2, 0): "一",
            (2, 1): "10",
        }.items():
            table.cell(*place).text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(0, 0).merge(table.cell(1, 0))
        data = CategoryChartData()
        data.categories = ["2024", "2025"]
        data.add_series("投资", (96480, 63677))
        frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, Inches(4), Inches(4), Inches(2), data)
        frame.chart.has_title = True
        frame.chart.chart_title.text_frame.text = "年度投资"

    assert load(slides((BLANK, fill))).text == (
        "组内\n\n| 标段 | 金额 计划 | 金额 完成 |\n| --- | --- | --- |\n| 一 | 10 |  |\n\n"
        "年度投资\n\n|  | 投资 |\n| --- | --- |\n| 2024 | 96480 |\n| 2025 | 63677 |"
    )


def test_hidden_slides_are_read_and_named_and_slides_over_the_limit_are_said() -> None:
    def fill(slide: Any) -> None:
        box(slide, "hidden", 1, 1)
        slide.element.set("show", "0")

    content = slides((BLANK, lambda slide: box(slide, "shown", 1, 1)), (BLANK, fill))
    loaded = load(content)
    assert "hidden" in loaded.text
    assert loaded.warnings == ("slide 2 is hidden; it was read",)
    limited = load(content, Reading(Limits(pages=1)))
    assert len(limited.pages) == 1
    assert "first 1 of 2 slides" in limited.warnings[-1]


def test_numbered_paragraphs() -> None:
    def fill(slide: Any) -> None:
        frame = slide.shapes.add_textbox(0, 0, Inches(3), Inches(3)).text_frame
        for index, text in enumerate(["甲", "乙", "文"]):
            paragraph = frame.paragraphs[0] if not index else frame.add_paragraph()
            paragraph.text = text
            if index < 2:
                properties = paragraph._p.get_or_add_pPr()
                numbered = properties.makeelement(
                    "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum", {"type": "alphaLcParenR"}
                )
                properties.append(numbered)

    assert load(slides((BLANK, fill))).text == "a) 甲\nb) 乙\n\n文"
