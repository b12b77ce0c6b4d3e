"""PDF pages set from top to bottom, in lines from right to left."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.load import load_content
from ingest.reading import Reading
from tools.shapes import Page

TEXT = (
    "施工单位应当在每月二十五日前提交当月工程量报表，监理单位审核后由建设单位支付进度款。质量保证金为结算价款的百分之三，"
    "缺陷责任期满后返还。"
)
SIZE = 12
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def page_of(draw: Callable[[Canvas], None]) -> Page:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("STSong-Light", SIZE)
    draw(canvas)
    canvas.save()
    [loaded] = load_content(buffer.getvalue(), Path("a.pdf"), Reading(recognizes_text=False))
    return loaded.pages[0]


def draw_down(
    canvas: Canvas, text: str, *, right: float = 540, step: float = 14, pitch: float = 22, depth: int = 24
) -> None:
    for place, character in enumerate(text):
        canvas.drawString(right - pitch * (place // depth), 780 - step * (place % depth), character)


@pytest.mark.parametrize(("step", "pitch", "depth"), [(14, 22, 24), (13, 13.5, 20), (16, 30, 10)])
def test_lines_from_right_to_left(step: float, pitch: float, depth: int) -> None:
    page = page_of(lambda canvas: draw_down(canvas, TEXT, step=step, pitch=pitch, depth=depth))
    assert page.text == TEXT
    for place, box in enumerate(page.boxes):
        left, top, right, bottom = box.box
        assert left <= 540 - pitch * place <= right
        assert top <= 842 - 780
        assert bottom >= 842 - 780 + step * (len(page.text[box.start : box.end]) - 1)


def test_paragraphs_and_numbers_side_by_side() -> None:
    def draw(canvas: Canvas) -> None:
        draw_down(canvas, f"　{TEXT}")
        draw_down(canvas, "　本合同自二〇二四年起施行。", right=540 - 22 * 4)
        draw_down(canvas, "　共", right=540 - 22 * 5)
        canvas.drawString(540 - 22 * 5 - 1, 780 - 28, "26")
        canvas.drawString(540 - 22 * 5, 780 - 42, "条。")

    assert page_of(draw).text.replace("\n\n", "|").startswith(f"{TEXT}|本合同自二〇二四年起施行。|共26")


def test_characters_in_rows_are_read_in_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for place, character in enumerate(TEXT):
            canvas.drawString(60 + 14 * (place % 20), 780 - 22 * (place // 20), character)

    assert "".join(page_of(draw).text.split()) == TEXT


def test_the_columns_of_a_ruled_table_are_none() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 84, 108, 132], [780 - 20 * row for row in range(9)])
        for column, characters in enumerate(("序一二三四五六七", "性男女男女男女男", "是否是否是否是否")):
            for row, character in enumerate(characters):
                canvas.drawString(66 + 24 * column, 766 - 20 * row, character)

    assert "| 二 | 女 | 是 |" in page_of(draw).text


def test_a_few_characters_down_the_side_leave_the_page_as_it_is() -> None:
    def draw(canvas: Canvas) -> None:
        draw_down(canvas, "注意安全", right=40)
        canvas.drawString(90, 780, TEXT[:38])
        canvas.drawString(90, 762, TEXT[38:])

    text = page_of(draw).text
    assert TEXT[:38] in text
    assert TEXT[38:] in text
