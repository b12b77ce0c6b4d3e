"""PDF files: where print stands, in what order it is read, what is left out, and what is a table."""

import io
import itertools
import math
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest import ocr
from ingest.load import load_content
from ingest.pdf.document import iso_date
from ingest.pdf.legible import is_legible
from ingest.pdf.printed import Fragment, Frame
from ingest.reading import Limits, Reading
from tools.errors import FileError
from tools.extras import install_line
from tools.shapes import LoadedFile, Page

WIDTH, HEIGHT = 595, 842
Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
WITHOUT_OCR = Reading(recognizes_text=False)
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

WORDS = (
    "the owner keeps information on site in one register under contract number and notice of delay is given within "
    "fourteen days after event that gives rise to claim while engineer determines extension carefully"
).split()
CHINESE = (
    "施工单位应当在每月二十五日前提交当月工程量报表监理单位审核后由建设单位支付进度款质量保证金为结算价款的百分之三"
)


def pdf(*draw: Callable[[Canvas], None], size: tuple[float, float] = (WIDTH, HEIGHT)) -> bytes:
    """A file with one page for each function."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    for page in draw:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def load(content: bytes, reading: Reading = WITHOUT_OCR) -> LoadedFile:
    [loaded] = load_content(content, Path("a.pdf"), reading)
    return loaded


def page_of(content: bytes) -> Page:
    return load(content).pages[0]


def check_boxes(page: Page) -> None:
    """Ascending, without overlaps, of text that is there."""
    for before, after in itertools.pairwise(page.boxes):
        assert before.end <= after.start
    for box in page.boxes:
        left, top, right, bottom = box.box
        assert left < right
        assert top < bottom
        assert page.text[box.start : box.end].strip() == page.text[box.start : box.end] != ""


def prose(count: int, seed: int) -> list[str]:
    """Words of sentences."""
    words = random.Random(seed)
    return [
        word for _ in range(count // 10) for word in (words.choice(WORDS).title(), *words.choices(WORDS, k=8), "end.")
    ]


def draw_column(
    canvas: Canvas, x: float, y: float, width: float, words: Sequence[str], font: str = "Times-Roman"
) -> float:
    """Fills a column and gives the y below it."""
    canvas.setFont(font, 10)
    space = "" if font == "STSong-Light" else " "
    line: list[str] = []
    for word in (*words, None):
        if word is None or canvas.stringWidth(space.join([*line, word]), font, 10) > width:
            canvas.drawString(x, y, space.join(line))
            y -= 12.5
            line = []
        line.append(word or "")
    return y


# Where print stands


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (30, 40, 560, 690)])
def test_the_ink_of_a_line_is_in_its_box(rotation: int, crop: tuple[float, ...] | None) -> None:
    """As PDFium renders the page, cut and turned."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        if crop:
            canvas.setCropBox(crop)
        canvas.setFont("Helvetica", 14)
        canvas.drawString(100, 640, "Quality of joined lines")
        canvas.setFont("Times-Bold", 22)
        canvas.drawString(120, 600, "Jagged Typography")
        canvas.setFont("Courier", 9)
        canvas.drawString(300, 400, "plain (py) text_1;")

    content = pdf(draw, size=(700, 700))
    page = page_of(content)
    check_boxes(page)
    picture = pypdfium2.PdfDocument(content)[0].render(scale=1, grayscale=True).to_numpy() < 128
    assert len(page.boxes) == 3
    height, width = picture.shape
    outside = picture.copy()
    for placed in page.boxes:
        left, top, right, bottom = placed.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        inside = picture[math.floor(top) : math.ceil(bottom), math.floor(left) : math.ceil(right)]
        outside[math.floor(top) : math.ceil(bottom), math.floor(left) : math.ceil(right)] = False
        inked = np.flatnonzero(inside.any(axis=0 if right - left > bottom - top else 1))
        assert inked[-1] - inked[0] > max(right - left, bottom - top) - 5  # not much larger than what is printed
        assert min(right - left, bottom - top) < 1.5 * 22
    assert not outside.any()


def test_each_line_has_the_box_it_was_drawn_in() -> None:
    lines = [f"{number} {' '.join(WORDS[number : number + 7])}." for number in range(12)]
    positions = [(60.0 + 3 * number, 780.0 - 30 * number) for number in range(12)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for (x, y), line in zip(positions, lines, strict=True):
            canvas.drawString(x, y, line)

    page = page_of(pdf(draw))
    check_boxes(page)
    assert [page.text[box.start : box.end] for box in page.boxes] == lines
    for (x, y), line, placed in zip(positions, lines, page.boxes, strict=True):
        left, top, right, bottom = placed.box
        assert left == pytest.approx(x, abs=0.5)
        assert right == pytest.approx(x + pdfmetrics.stringWidth(line, "Helvetica", 11), abs=1)
        assert top < HEIGHT - y - 8 < HEIGHT - y < bottom < HEIGHT - y + 5


def test_words_parted_by_letter_spacing_alone_are_parted() -> None:
    """As Ghostscript writes justified text: what moves on is put between two letters, and is no space."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        x = 60.0
        for space, part in [(0.0, "remembered. I"), (2.7, "ft"), (0.0, "here is "), (2.4, "ya"), (0.0, "nd more")]:
            canvas.drawString(x, 700, part, charSpace=space)
            x += pdfmetrics.stringWidth(part, "Times-Roman", 10) + space

    assert page_of(pdf(draw)).text == "remembered. If there is y and more"


@pytest.mark.parametrize("said", ["ANNUAL REPORT", "TOTAL", "A.B", "No"])
@pytest.mark.parametrize("space", [2, 3, 4])
def test_letters_that_are_spaced_out_are_words_still(said: str, space: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(60, 700, said, charSpace=space)

    assert page_of(pdf(draw)).text == said


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(40, 250),
            st.sampled_from([8, 10, 12, 16, 24]),
            st.text(st.sampled_from("abc gjQ18.,-#|*项目年，。"), min_size=1, max_size=20).filter(str.strip),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_all_that_is_drawn_is_read_where_it_stands(drawn: list[tuple[int, int, str]]) -> None:
    def draw(canvas: Canvas) -> None:
        for number, (x, size, text) in enumerate(drawn):
            canvas.setFont("STSong-Light", size)
            canvas.drawString(x, 790 - 40 * number, text)

    page = page_of(pdf(draw))
    check_boxes(page)
    for number, (x, _, text) in enumerate(drawn):
        y = HEIGHT - 790 + 40 * number
        inside = [each for each in page.boxes if each.box[1] - 1 < y < each.box[3] + 1]
        read = "".join(page.text[each.start : each.end] for each in inside).replace("\\|", "|")
        wanted = "".join(text.split())
        assert "".join(read.split()) in (wanted, wanted.removesuffix("-"))
        assert inside[0].box[0] >= x - 1


def test_sideways_print_is_read_in_its_own_direction() -> None:
    def draw(canvas: Canvas) -> None:
        draw_column(canvas, 80, 780, 400, prose(60, 1))
        canvas.translate(40, 200)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 16)
        canvas.drawString(0, 0, "Stamped at the side")

    page = page_of(pdf(draw))
    check_boxes(page)
    assert page.text.endswith("\n\n" + page.text[page.boxes[-1].start :])
    assert page.text[page.boxes[-1].start : page.boxes[-1].end] == "Stamped at the side"
    left, top, right, bottom = page.boxes[-1].box
    assert left < 40 - 10
    assert right < 50
    assert bottom == pytest.approx(HEIGHT - 200, abs=1)
    assert bottom - top > 100


def test_print_askew_is_one_piece_and_dropped_where_it_is_a_watermark() -> None:
    def draw(canvas: Canvas) -> None:
        typed(canvas)
        canvas.translate(150, 200)
        canvas.rotate(45)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(0, 0, "DRAFT A")

    page = page_of(pdf(draw))
    check_boxes(page)
    assert page.text.endswith("end.\n\nDRAFT A")
    assert "DRAFT" not in load(pdf(draw, draw)).text


# The order of reading


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("font", ["Times-Roman", "STSong-Light"])
def test_columns_are_read_one_after_the_other(count: int, font: str) -> None:
    width = (WIDTH - 100 - 18 * (count - 1)) / count
    texts = [prose(80, seed) if font == "Times-Roman" else [*f"{seed}栏" + CHINESE * 4] for seed in range(2 * count)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawCentredString(WIDTH / 2, 790, "A title that spans all of the columns below it")
        y = 760.0
        for half in (0, 1):
            ends = []
            for column in range(count):
                words = texts[half * count + column]
                ends.append(draw_column(canvas, 50 + column * (width + 18), y - column, width, words, font))
            y = min(ends) - 20
            canvas.setFont("Helvetica-Bold", 14)
            canvas.drawCentredString(WIDTH / 2, y, "Another heading that goes across all columns")
            y -= 30

    page = page_of(pdf(draw))
    check_boxes(page)
    joiner = " " if font == "Times-Roman" else ""
    wanted = [joiner.join(text) for text in texts]
    read = re.sub(r"\n+", joiner, page.text)
    places = [read.index(text) for text in wanted]
    assert places == sorted(places)
    assert places[count - 1] < read.index("Another heading") < places[count]


def test_notes_beside_the_text_stand_apart_from_it() -> None:
    words = prose(120, 5)

    def draw(canvas: Canvas) -> None:
        draw_column(canvas, 60, 780, 340, words)
        canvas.setFont("Helvetica", 8)
        for number, note in enumerate(["Key figures", "Length 1.34 km", "Depth 18.6 m", "Start 6 May 2024"]):
            canvas.drawString(430, 750 - 11 * number, note)

    text = page_of(pdf(draw)).text
    assert " ".join(words) in text
    assert "Length 1.34 km\n" in text


def test_a_word_cut_at_the_end_of_a_line_is_whole_and_a_paragraph_goes_on_in_the_next_column() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        left = ["Records of the works are kept in one reg-", "ister on the site, and every entry names its"] * 4
        right = ["author and the hour at which it was made.", "Entries are never deleted by anyone at all."] * 4
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(60, 780 - 12 * number, one)
            canvas.drawString(320, 780 - 12 * number, other)

    page = page_of(pdf(draw))
    check_boxes(page)
    assert "kept in one register on the site" in page.text
    assert "every entry names its author and the hour" in page.text


def test_letters_of_right_to_left_ligatures_are_in_order() -> None:
    """A sign that stands for two letters, which PDFium turns round with the line."""
    meanings = {"A": "لإ", "B": "ا", "C": "ن"}
    pairs = "\n".join(f"<{ord(sign):02x}> <{meaning.encode('utf-16-be').hex()}>" for sign, meaning in meanings.items())
    mapping = f"1 begincodespacerange <00> <ff> endcodespacerange {len(meanings)} beginbfchar {pairs} endbfchar"
    drawn = "BT /F 12 Tf 100 700 Td (CAB) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        f"<< /Length {len(drawn)} >> stream\n{drawn}\nendstream",
        f"<< /Length {len(mapping)} >> stream\n{mapping}\nendstream",
    ]
    body = "\n".join(f"{number} 0 obj {each} endobj" for number, each in enumerate(objects, start=1))
    content = f"%PDF-1.4\n{body}\ntrailer << /Root 1 0 R >>\n%%EOF"
    assert page_of(content.encode()).text == "الإن"


@pytest.mark.parametrize(
    ("base", "above", "text"),
    [
        ("Bacteria: 10", "6", "Bacteria: 10⁶ per ml"),
        ("Bacteria: 10", "-3", "Bacteria: 10⁻³ per ml"),
        ("Basin of 20 m", "2", "Basin of 20 m² per ml"),
        ("On May 1", "st", "On May 1st per ml"),
    ],
)
def test_raised_digits_do_not_become_digits_of_the_number_before(base: str, above: str, text: str) -> None:
    def draw(canvas: Canvas) -> None:
        x = 72.0
        for part, size, y in ((base, 12, 700), (above, 7, 705), (" per ml", 12, 700)):
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, y, part)
            x += canvas.stringWidth(part, "Helvetica", size)

    page = page_of(pdf(draw))
    check_boxes(page)
    assert page.text == text


def test_lowered_digits_stay_what_they_are() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700, "CO")
        canvas.setFont("Helvetica", 7)
        canvas.drawString(72 + canvas.stringWidth("CO", "Helvetica", 12), 697, "2")

    assert page_of(pdf(draw)).text == "CO2"


# Headers and footers


def report(canvas: Canvas, number: int) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawString(60, 810, "Annual report of the works")
    canvas.drawCentredString(WIDTH / 2, 25, f"- {number} -")
    draw_column(canvas, 60, 770, 450, prose(60, number))
    canvas.setFont("Times-Roman", 8)
    canvas.drawString(60, 70, f"{number} See the minutes of meeting {7 * number * number}.")
    if number == 2:
        canvas.drawString(60, 45, "Printed once in Jianglan")


def test_headers_and_footers_that_repeat_are_dropped_and_what_stands_once_is_kept() -> None:
    loaded = load(pdf(*(lambda canvas, number=number: report(canvas, number) for number in range(1, 5))))
    assert "Annual report" not in loaded.text
    assert "- 3 -" not in loaded.text
    assert "Printed once in Jianglan" in loaded.pages[1].text
    assert all(f"See the minutes of meeting {7 * n * n}." in loaded.pages[n - 1].text for n in range(1, 5))


def test_titles_of_chapters_beside_the_page_number_are_dropped() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(60, 810, f"Chapter {number // 2}: {WORDS[number // 2]}")
        canvas.drawRightString(535, 810, str(number + 2))
        draw_column(canvas, 60, 770, 450, prose(60, number))

    loaded = load(pdf(*(lambda canvas, number=number: draw(canvas, number) for number in range(1, 8))))
    assert "Chapter" not in loaded.text


def test_items_of_a_list_go_on_below_their_text_and_numbers_stay_with_their_lines() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        for number, lines in enumerate(
            [("Workers wear helmets and vests wherever they", "are on the site."), ("Gates",)]
        ):
            canvas.drawString(70, 780 - 30 * number, "•")
            for index, line in enumerate(lines):
                canvas.drawString(88, 780 - 30 * number - 12 * index, line)
        for number in range(1, 6):
            canvas.drawString(70, 700 - 12 * number, f"2.{number}")
            canvas.drawString(100, 700 - 12 * number, f"Chapter of {WORDS[number]} {'. ' * 60}{number}")

    text = page_of(pdf(draw)).text
    assert "• Workers wear helmets and vests wherever they are on the site.\n\n• Gates" in text
    assert "2.3 Chapter of information . . ." in text


def test_what_stands_on_one_page_only_is_no_header() -> None:
    loaded = load(pdf(lambda canvas: report(canvas, 1)))
    assert "Annual report" in loaded.text
    assert "- 1 -" in loaded.text


def test_titles_and_rows_of_tables_at_the_top_of_each_page_are_kept() -> None:
    def titled(canvas: Canvas, number: int) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(60, 800, "Certificate")
        draw_column(canvas, 60, 760, 450, prose(60, number))

    def listed(canvas: Canvas, number: int) -> None:
        draw_rows(canvas, [ROWS[0], *([f"Item {number}{row}", "m3", "7", "late"] for row in range(4))], 790)
        if number % 2:
            canvas.grid(COLUMNS, [790 - 20 * row for row in range(6)])
        draw_column(canvas, 60, 600, 450, prose(60, number))

    for draw in (titled, listed):
        loaded = load(pdf(*(lambda canvas, n=n, draw=draw: draw(canvas, n) for n in range(1, 5))))
        assert all("Certificate" in page.text or "| Item | Unit |" in page.text for page in loaded.pages)


def test_numbers_that_do_not_count_pages_are_kept() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        draw_column(canvas, 60, 740, 450, prose(60, number))
        canvas.drawString(60, 805, f"Balance {(number * 7919) % 1000} euro")

    loaded = load(pdf(*(lambda canvas, number=number: draw(canvas, number) for number in range(1, 5))))
    assert "Balance 919 euro" in loaded.text


@pytest.mark.parametrize(
    "head",
    [
        "Invoice No. {}",
        "Article {}",
        "Section 4.{}",
        "Patient {} of the ward",
        "Minutes of {} March 2024",
        "第{}条",
        "合同编号：HT-2024-{}",
        "第{}题（{}分）",
        "Invoice No. {} / Page {}",
    ],
)
@pytest.mark.parametrize(("first", "y"), [(1, 790), (1001, 790), (1001, 40)])
def test_numbers_that_go_up_with_the_pages_but_count_something_else_are_kept(head: str, first: int, y: int) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        draw_column(canvas, 60, 740, 450, prose(60, number))
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(60, y, head.format(first + number, number))

    loaded = load(pdf(*(lambda canvas, number=number: draw(canvas, number) for number in range(6))))
    for number, page in enumerate(loaded.pages):
        assert head.format(first + number, number).replace(" ", "") in page.text.replace(" ", "")


@pytest.mark.parametrize("gap", [0, 200])
def test_a_record_with_its_number_beside_the_page_number_is_kept(gap: int) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        draw_column(canvas, 60, 740, 450, prose(60, number))
        canvas.drawString(60, 800, f"Invoice No. {1000 + number}")
        canvas.drawString(160 + gap, 800, str(number))

    loaded = load(pdf(*(lambda canvas, number=number: draw(canvas, number) for number in range(1, 6))))
    assert all(f"Invoice No. {1000 + number}" in page.text for number, page in enumerate(loaded.pages, start=1))


@pytest.mark.parametrize(
    "foot",
    [
        "{}",
        "- {} -",
        "Page {}",
        "page {} of 12",
        "{} / 12",
        "第 {} 页",
        "第{}页 共12页",
        "Works manual, p. {}",
        "Works manual {}",
        "Works 2024 | {}",
    ],
)
def test_page_numbers_are_left_out_with_what_says_so(foot: str) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        draw_column(canvas, 60, 740, 450, prose(60, number))
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(60, 40, foot.format(number))

    loaded = load(pdf(*(lambda canvas, number=number: draw(canvas, number) for number in range(1, 7))))
    assert all(page.text.endswith("end.") for page in loaded.pages)


# Tables

ROWS = [
    ["Item", "Unit", "Quantity", "Remarks"],
    ["Excavation", "m3", "4,120", "approved"],
    ["Concrete C30", "m3", "860", ""],
    ["Rebar", "t", "97.5", "late by 3 days"],
]
MARKDOWN = (
    "| Item | Unit | Quantity | Remarks |\n| --- | --- | --- | --- |\n| Excavation | m3 | 4,120 | approved |\n"
    "| Concrete C30 | m3 | 860 |  |\n| Rebar | t | 97.5 | late by 3 days |"
)
COLUMNS = (70.0, 180.0, 250.0, 330.0, 460.0)


def draw_rows(canvas: Canvas, rows: Sequence[Sequence[str]], top: float, font: str = "Helvetica") -> None:
    canvas.setFont(font, 10)
    for number, row in enumerate(rows):
        for x, cell in zip(COLUMNS, row, strict=False):
            canvas.drawString(x + 4, top - 20 * number - 14, cell)


def with_text_around(canvas: Canvas, caption: str, font: str = "Times-Roman") -> None:
    draw_column(canvas, 60, 790, 450, prose(60, 1))
    canvas.setFont(font, 10)
    canvas.drawString(70, 690, caption)
    draw_column(canvas, 60, 540, 450, prose(60, 2))


@pytest.mark.parametrize("ruled", ["grid", "lines", "none", "boxes"])
def test_tables(ruled: str) -> None:
    def draw(canvas: Canvas) -> None:
        with_text_around(canvas, "Table 3: Quantities")
        draw_rows(canvas, ROWS, 680)
        if ruled == "grid":
            canvas.grid(COLUMNS, [680 - 20 * number for number in range(5)])
        if ruled == "boxes":
            for row in range(4):
                for left, right in itertools.pairwise(COLUMNS):
                    canvas.rect(left, 660 - 20 * row, right - left, 20)
        if ruled == "lines":
            for y in (680, 660, 600):
                canvas.line(COLUMNS[0], y, COLUMNS[-1], y)

    page = page_of(pdf(draw))
    check_boxes(page)
    assert f"Table 3: Quantities\n\n{MARKDOWN}\n\n" in page.text
    cell = next(box for box in page.boxes if page.text[box.start : box.end] == "97.5")
    assert cell.box[0] == pytest.approx(254, abs=1)
    assert cell.box[1] < HEIGHT - 606 < cell.box[3]


def test_a_table_in_chinese_with_merged_cells() -> None:
    rows = [
        ["标段", "负责人", "电话", "备注"],
        ["一标段", "周启明", "138", "经理"],
        ["", "沈若川", "137", "安全员"],
    ]

    def draw(canvas: Canvas) -> None:
        with_text_around(canvas, "表 2 人员", "STSong-Light")
        draw_rows(canvas, rows, 680, "STSong-Light")
        for y in (680, 660, 620):
            canvas.line(COLUMNS[0], y, COLUMNS[4], y)
        canvas.line(COLUMNS[1], 640, COLUMNS[4], 640)
        for x in COLUMNS:
            canvas.line(x, 680, x, 620)

    page = page_of(pdf(draw))
    check_boxes(page)
    assert "表 2 人员\n\n| 标段 | 负责人 | 电话 | 备注 |" in page.text
    assert "| 一标段 | 周启明 | 138 | 经理 |\n|  | 沈若川 | 137 | 安全员 |" in page.text


def test_cells_that_touch_are_told_apart_by_the_rule_between_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", 10)
        for row, line in enumerate(["111222333", "444555666"]):
            canvas.drawString(100, 700 - 20 * row, line)
        canvas.grid([99.5, 118, 136, 154.5], [715, 695, 675])

    assert page_of(pdf(draw)).text == "| 111 | 222 | 333 |\n| --- | --- | --- |\n| 444 | 555 | 666 |"


@pytest.mark.parametrize(
    "rows",
    [
        [["1.", "First of all the gates"], ["2.", "Then the fences"], ["3.", "Last the lights"], ["4.", "Cleaning"]],
        [["•", "Gates of the site"], ["•", "Fences around it"], ["•", "Lights"]],
        [["E = m a", "(1)"], ["F = k x", "(2)"], ["p = r t", "(3)"]],
        [
            ["Introduction ........................", "3"],
            ["Methods ........................", "5"],
            ["End .......", "9"],
        ],
        [["Party A (seal):", "Party B (seal):"], ["Signed by:", "Signed by:"], ["Date:", "Date:"]],
    ],
)
def test_what_is_no_table(rows: list[list[str]]) -> None:
    text = page_of(pdf(lambda canvas: draw_rows(canvas, rows, 700))).text
    assert "|" not in text
    assert all(cell in text for row in rows for cell in row)


def test_a_frame_around_text_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 400, 500, 400)
        canvas.rect(45, 395, 510, 410)
        draw_column(canvas, 60, 780, 480, prose(150, 3))

    assert "|" not in page_of(pdf(draw)).text


# Scans


def scan_of(text: str) -> Callable[[Canvas], None]:
    """Draws a picture of a page with this text."""

    def lettered(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 24)
        canvas.drawString(80, 700, text)

    picture = pypdfium2.PdfDocument(pdf(lettered))[0].render(scale=1).to_pil().convert("RGB")
    return lambda canvas: canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)


class Recognizer:
    """Stands in for the extra: finds one line at a place of each picture."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, text: str = "Stamped in May") -> None:
        self.text = text
        self.images: list[Picture] = []
        monkeypatch.setattr(ocr, "is_available", lambda: True)
        monkeypatch.setattr(ocr, "recognize", self.recognize)

    def recognize(self, image: Picture, _: Reading) -> list[ocr.RecognizedLine]:
        self.images.append(image)
        height, width, _channels = image.shape
        box = (0.1 * width, 0.2 * height, 0.5 * width, 0.22 * height)
        return [ocr.RecognizedLine(self.text, box, 0.9)] if self.text else []


def typed(canvas: Canvas) -> None:
    draw_column(canvas, 60, 780, 450, prose(60, 1))


def test_a_scanned_page_is_recognized_and_its_boxes_are_in_points(monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer = Recognizer(monkeypatch)
    first, second = load(pdf(typed, scan_of("letters")), Reading()).pages
    assert not first.is_ocr
    assert second.is_ocr
    assert second.text == "Stamped in May"
    assert second.boxes[0].box == pytest.approx((0.1 * WIDTH, 0.2 * HEIGHT, 0.5 * WIDTH, 0.22 * HEIGHT), abs=1)
    assert len(recognizer.images) == 1


EXHIBIT = "Exhibit A of the case 2023/114, page 2 of 5"


def stamped(canvas: Canvas, y: float = 30) -> None:
    scan_of("letters")(canvas)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(60, y, EXHIBIT)


@pytest.mark.parametrize(("y", "text"), [(800, f"{EXHIBIT}\n\nStamped in May"), (30, f"Stamped in May\n\n{EXHIBIT}")])
def test_a_scan_with_print_on_it_is_recognized_and_the_print_kept(
    monkeypatch: pytest.MonkeyPatch, y: float, text: str
) -> None:
    recognizer = Recognizer(monkeypatch)
    [page] = load(pdf(lambda canvas: stamped(canvas, y)), Reading()).pages
    check_boxes(page)
    assert (page.text, page.is_ocr) == (text, True)
    scale = recognizer.images[0].shape[0] / HEIGHT
    around = recognizer.images[0][int((HEIGHT - y - 12) * scale) : int((HEIGHT - y + 6) * scale)]
    assert around.min() > 200  # the print is not read a second time


def test_a_page_of_text_on_a_background_is_not_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer = Recognizer(monkeypatch)

    def draw(canvas: Canvas) -> None:
        scan_of("letters")(canvas)
        draw_column(canvas, 60, 780, 450, prose(400, 1))

    assert not load(pdf(draw), Reading()).pages[0].is_ocr
    assert not recognizer.images


def test_a_picture_with_a_caption_printed_on_it_is_read_without_the_caption(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []
    monkeypatch.setattr(ocr, "is_available", lambda: True)

    def picture_text(content: bytes, *_: object) -> str:
        given.append(content)
        return "A crane"

    monkeypatch.setattr("ingest.pdf.document.picture_text", picture_text)

    def draw(canvas: Canvas) -> None:
        draw_column(canvas, 60, 790, 450, prose(60, 1))
        canvas.drawImage(ImageReader(Image.new("RGB", (300, 200), "white")), 100, 400, 300, 200)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(120, 500, "Crane 3 in May")

    [page] = load(pdf(draw), Reading()).pages
    assert "A crane" in page.text
    assert "Crane 3 in May" in page.text
    with Image.open(io.BytesIO(given[0])) as image:
        assert np.asarray(image.convert("L")).min() > 150  # no ink: print is darker


def test_pictures_beside_text_that_are_not_read_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf(typed, stamped)
    assert EXHIBIT in load(content).text
    assert load(content).warnings == ("text in a picture on page 2 is not recognized (set SIGNPOST_OCR=auto)",)
    Recognizer(monkeypatch)
    small = Reading(limits=Limits(pixels=1000))
    assert load(content, small).warnings == ("a picture on page 2 is not read: larger than SIGNPOST_MAX_MEGAPIXELS",)


def test_a_scan_is_rendered_no_larger_than_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer = Recognizer(monkeypatch)
    load(pdf(scan_of("letters")), Reading(limits=Limits(pixels=600_000)))
    height, width, _ = recognizer.images[0].shape
    assert 400_000 < height * width <= 605_000


def test_a_picture_among_text_is_read_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []

    def picture_text(content: bytes, alternative_text: str, _: Reading) -> str:
        given.append(content)
        return f"A crane{alternative_text}"

    monkeypatch.setattr(ocr, "is_available", lambda: True)
    monkeypatch.setattr("ingest.pdf.document.picture_text", picture_text)
    photo = ImageReader(Image.effect_noise((300, 200), 80).convert("RGB"))

    def draw(canvas: Canvas) -> None:
        draw_column(canvas, 60, 790, 450, prose(60, 1))
        canvas.drawImage(photo, 100, 500, 300, 200)
        canvas.drawImage(photo, 500, 800, 20, 20)
        draw_column(canvas, 60, 480, 450, prose(60, 2))

    [page] = load(pdf(draw), Reading()).pages
    check_boxes(page)
    assert "end.\n\nA crane\n\n" in page.text
    crane = next(box for box in page.boxes if page.text[box.start : box.end] == "A crane")
    assert crane.box == pytest.approx((100, HEIGHT - 700, 400, HEIGHT - 500), abs=1)
    assert [Image.open(io.BytesIO(content)).size for content in given] == [pytest.approx((625, 417), abs=2)]


def test_a_page_whose_text_is_not_recognized_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf(typed, scan_of("letters"), scan_of("more"))
    assert load(content).warnings == ("no text on page 2-3 (scanned? set SIGNPOST_OCR=auto)",)
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    assert load(content, Reading()).warnings == (f"no text on page 2-3 (scanned? {install_line('ocr')})",)
    Recognizer(monkeypatch, text="")
    assert load(content, Reading()).warnings == ("no text on page 2-3",)


def test_a_file_of_scans_alone_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    with pytest.raises(FileError, match="holds no text but in pictures") as caught:
        load(pdf(scan_of("letters")), Reading())
    assert install_line("ocr") in caught.value.next_step


def test_pictures_larger_than_the_limit_are_refused() -> None:
    small = Reading(limits=Limits(pixels=1000), recognizes_text=False)
    with pytest.raises(FileError, match="too large") as caught:
        load(pdf(scan_of("letters")), small)
    assert "SIGNPOST_MAX_MEGAPIXELS" in caught.value.why
    assert "page 2" in load(pdf(typed, scan_of("letters")), small).warnings[0]


def test_text_without_meaning_counts_as_none() -> None:
    def frame(text: str) -> Frame:
        return Frame(0, 100, 100, (Fragment(text, (0, 0, 10, 10), 9, 10),))

    assert is_legible([frame("合同价款 is 96,480"), frame("x")])
    assert not is_legible([frame("\ue001\ue002\ue003\ufffd a")])


# The file


def test_what_the_file_says_of_itself() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setAuthor("孟庭芳")
        canvas.setTitle("Left over")
        canvas.setSubject("Supervision")
        typed(canvas)

    loaded = load(pdf(draw))
    assert loaded.title == "Left over"
    assert loaded.metadata["author"] == "孟庭芳"
    assert loaded.metadata["subject"] == "Supervision"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", loaded.metadata["created"])


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("D:20241101153620+03'00'", "2024-11-01T15:36:20+03:00"),
        ("D:20241101153620Z", "2024-11-01T15:36:20+00:00"),
        ("D:20240822125427Z00'00'", "2024-08-22T12:54:27+00:00"),
        ("D:20241101153620", "2024-11-01T15:36:20"),
        ("D:202411", "2024-11"),
        ("D:20241399", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_dates(said: str, read: str) -> None:
    assert iso_date(said) == read


def test_more_pages_than_may_be_read_are_refused() -> None:
    with pytest.raises(FileError, match="has 3 pages") as caught:
        load(pdf(typed, typed, typed), Reading(limits=Limits(pages=2)))
    assert "SIGNPOST_MAX_PAGES" in caught.value.why


def test_the_outline_tells_headings_that_print_does_not() -> None:
    def draw(canvas: Canvas) -> None:
        for level, title in enumerate(["Scope of the works", "Duties"]):
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(60, 790, "Scope of the works")
        y = draw_column(canvas, 60, 770, 450, prose(60, 1))
        canvas.drawString(60, y - 20, "Duties")
        draw_column(canvas, 60, y - 40, 450, prose(60, 2))

    text = page_of(pdf(draw)).text
    assert text.startswith("# Scope of the works\n\n")
    assert "\n\n## Duties\n\n" in text


def test_bold_lines_that_stand_alone_are_headings() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(60, 790, "Safety on site")
        draw_column(canvas, 60, 770, 450, prose(100, 1))

    assert page_of(pdf(draw)).text.startswith("# Safety on site\n\n")


def test_a_broken_page_is_named_and_the_others_are_read() -> None:
    content = pdf(typed, typed, typed)
    pages = [match.start() for match in re.finditer(rb"/Type /Page\b(?!s)", content)]
    broken = content[: pages[1]] + b"/Type /Pbge" + content[pages[1] + len(b"/Type /Page") :]
    loaded = load(broken)
    assert len(loaded.pages) in (2, 3)
    assert loaded.pages[0].text


def test_a_locked_file_that_opens_without_a_password_is_read() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=pdfencrypt.StandardEncryption("", ownerPassword="x", canPrint=0))
    typed(canvas)
    canvas.save()
    assert "end." in load(buffer.getvalue()).text


def test_a_row_of_signs_that_no_text_holds_is_no_row() -> None:
    """Fonts of musical notes, for instance, have codes of control characters."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        font = canvas._doc.getInternalFontName("Helvetica")
        for number in range(5):
            for column, text in enumerate(("Pump", "Flow", "Head")):
                x, y = 60 + 120 * column, 700 - 12 * number
                if number == 3:
                    canvas._code.append(f"BT {font} 10 Tf {x} {y} Td (\\005 ) Tj ET")
                else:
                    canvas.drawString(x, y, f"{text} {number}")

    assert "| Pump 4 | Flow 4 | Head 4 |" in page_of(pdf(draw)).text
