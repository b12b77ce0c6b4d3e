"""Text in pictures: which way up, in which order, in which paragraphs, and where."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ingest import ocr_engine
from ingest.line_joints import join
from ingest.line_order import reading_order
from ingest.ocr import RecognizedLine, is_available, recognize, recognize_with
from ingest.ocr_engine import Corners, Pixels
from ingest.reading import Reading
from ingest.recognized_text import recognized_text
from tools.errors import MissingExtraError
from tools.extras import install_line
from tools.shapes import Box

PICTURES = Path(__file__).parent / "pictures"
needs_ocr = [pytest.mark.ocr, pytest.mark.skipif(not is_available(), reason="the extra ocr is not installed")]


class PaintedLines:
    """Stands for the recognizer. A line is a rectangle whose red says which text it is; green grows along the line."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.read_count = 0

    def picture(self, boxes: Sequence[Box], size: tuple[int, int]) -> Pixels:
        image = np.full((size[1], size[0], 3), 255, np.uint8)
        for number, (left, top, right, bottom) in enumerate(boxes):
            image[int(top) : int(bottom), int(left) : int(right), 0] = number * 10
            image[int(top) : int(bottom), int(left) : int(right), 1] = np.linspace(0, 255, int(right - left))
        return image

    def detect(self, image: Pixels, longest_side: int) -> list[Corners]:
        found = []
        for number in range(len(self.texts)):
            rows, columns = np.nonzero(image[:, :, 0] == number * 10)
            left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            found.append(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32))
        return found

    def read(self, lines: Sequence[Pixels]) -> list[tuple[str, float]]:
        self.read_count += len(lines)
        return [self._said(line) for line in lines]

    def _said(self, line: Pixels) -> tuple[str, float]:
        assert line.shape[0] == 48
        quarter = max(line.shape[1] // 4, 1)
        is_upright = line[:, -quarter:, 1].mean() > line[:, :quarter, 1].mean() + 100
        text = self.texts[round(float(np.median(line[:, :, 0])) / 10)]
        return (text, 0.97) if is_upright else (text[::-1], 0.6)


TEXTS = ["Meeting of the board", "The pump house was rebuilt in", "two years.", "Costs"]
BOXES: list[Box] = [(40, 20, 300, 40), (40, 80, 320, 100), (40, 104, 150, 124), (40, 160, 100, 180)]


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_a_picture_is_read_whichever_way_it_stands_and_boxes_are_its_own(quarter: int) -> None:
    engine = PaintedLines(TEXTS)
    image = np.rot90(engine.picture(BOXES, (400, 240)), quarter)
    lines = recognize_with(engine, image)
    assert [line.text for line in lines] == TEXTS
    for number, line in enumerate(lines):
        rows, columns = np.nonzero(image[:, :, 0] == number * 10)
        around = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert line.box == pytest.approx(around, abs=1)
        assert line.score == 0.97


def test_an_upright_picture_is_not_read_twice() -> None:
    engine = PaintedLines(TEXTS)
    recognize_with(engine, engine.picture(BOXES, (400, 240)))
    assert engine.read_count == len(TEXTS)


def test_a_line_that_stands_otherwise_than_the_page_is_read_too() -> None:
    engine = PaintedLines(["The pump house was", "rebuilt in two", "years by the owner", "of the land", "DRAFT"])
    boxes: list[Box] = [(20, 20 + 40 * row, 300, 44 + 40 * row) for row in range(4)]
    image = engine.picture([*boxes, (0, 0, 60, 20)], (400, 240))
    image[100:120, 330:390] = np.rot90(image[0:20, 0:60], 2)
    image[0:20, 0:60] = 255
    assert "DRAFT" in [line.text for line in recognize_with(engine, image)]


def test_nothing_is_found_in_an_empty_picture() -> None:
    assert recognize_with(PaintedLines([]), np.full((50, 80, 3), 255, np.uint8)) == []


def test_nothing_is_recognized_where_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.ocr.text_engine", lambda: pytest.fail("asked for the recognizer"))
    assert recognize(np.zeros((20, 20, 3), np.uint8), Reading(recognizes_text=False)) == []


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "is_available", lambda: False)
    ocr_engine.text_engine.cache_clear()
    with pytest.raises(MissingExtraError) as raised:
        recognize(np.zeros((20, 20, 3), np.uint8), Reading())
    assert raised.value.next_step == install_line("ocr")


def column(left: float, right: float, count: int, top: float = 0.0) -> list[Box]:
    return [(left, top + 14 * row, right, top + 14 * row + 11) for row in range(count)]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    title: Box = (60, 0, 500, 20)
    boxes = [*column(320, 560, 5, 30), title, *column(20, 260, 5, 30)]
    assert reading_order(boxes) == [5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4]


def test_narrow_columns_that_end_flush_are_read_one_after_the_other() -> None:
    left: list[Box] = [(35, 77, 303, 114), (35, 118, 303, 154), (36, 160, 279, 193)]
    right: list[Box] = [(475, 77, 744, 114), (478, 122, 743, 151), (476, 160, 717, 193)]
    assert reading_order([*left, *right]) == [0, 1, 2, 3, 4, 5]
    ragged = [(left, top, right - 40 * number, bottom) for number, (left, top, right, bottom) in enumerate(right)]
    assert reading_order([*left, *ragged]) == [0, 3, 1, 4, 2, 5]


def test_rows_of_a_table_are_read_along() -> None:
    boxes = [*column(20, 60, 3), *column(100, 150, 3), *column(200, 240, 3)]
    assert reading_order(boxes) == [0, 3, 6, 1, 4, 7, 2, 5, 8]


def test_a_table_above_columns_is_read_by_rows_and_they_by_columns() -> None:
    cells = [*column(20, 60, 2), *column(400, 440, 2)]
    line: Box = (20, 40, 560, 52)
    boxes = [*cells, line, *column(20, 260, 4, 70), *column(320, 560, 4, 70)]
    assert reading_order(boxes) == [0, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


_sides = st.tuples(
    st.floats(0, 500, allow_nan=False), st.floats(0, 500), st.floats(1, 300, allow_nan=False), st.floats(1, 60)
)


@given(st.lists(_sides, max_size=30))
def test_every_line_is_read_once(sides: list[tuple[float, float, float, float]]) -> None:
    boxes = [(left, top, left + width, top + height) for left, top, width, height in sides]
    assert sorted(reading_order(boxes)) == list(range(len(boxes)))


def joined(*lines: tuple[str, Box], width: float | None = None) -> str:
    """`width`: of the picture; without it, print goes to its right edge."""
    boxes = [box for _, box in lines]
    joins = join([text for text, _ in lines], boxes, width or max(box[2] for box in boxes))
    return recognized_text([RecognizedLine(text, (0, 0, 1, 1), 1, joint) for joint, text in joins])[0]


def test_lines_that_are_full_go_on_in_the_next() -> None:
    said = joined(
        ("The pump house was re-", (0, 0, 300, 12)),
        ("built in two years by the", (0, 14, 300, 26)),
        ("owner.", (0, 28, 60, 40)),
        ("It holds four pumps.", (0, 42, 240, 54)),
    )
    assert said == "The pump house was rebuilt in two years by the owner.\n\nIt holds four pumps."


def test_chinese_lines_are_joined_without_a_space() -> None:
    said = joined(
        ("泵房的主管道将于六月更换，届时", (0, 0, 180, 12)),
        ("停水", (0, 14, 24, 26)),
        ("一、联系人", (0, 28, 60, 40)),
    )
    assert said == "泵房的主管道将于六月更换，届时停水\n\n一、联系人"


def test_cells_of_a_row_stand_apart() -> None:
    assert joined(("姓名", (0, 0, 24, 12)), ("林晓", (80, 0, 104, 12))) == "姓名 林晓"


def test_entries_of_a_form_are_not_joined() -> None:
    """Each line could have gone on to the right edge, or begins with its own label."""
    chinese: list[tuple[str, Box]] = [
        ("工程名称：龙潭小区供热改造工程", (86, 237, 604, 279)),
        ("竣工日期：2024年10月28日", (86, 302, 514, 344)),
        ("施工单位：临江市安泰建设有限公司", (86, 429, 637, 471)),
        ("质保期为两年，自验收之日起计算。", (88, 495, 615, 532)),
    ]
    assert joined(*chinese, width=1240) == "\n\n".join(text for text, _ in chinese)
    english: list[tuple[str, Box]] = [
        ("Parking permit", (89, 140, 316, 194)),
        ("Vehicle: LJ-A 4827", (93, 198, 356, 252)),
        ("Valid until 31 December 2026", (95, 250, 529, 311)),
        ("Issued in Jianglan", (95, 310, 350, 371)),
    ]
    assert joined(*english, width=920) == "\n\n".join(text for text, _ in english)


def test_a_label_begins_an_entry_where_lines_are_full_too() -> None:
    said = joined(("Boiler number KB-7731 in hall 3", (0, 0, 290, 12)), ("Pressure: 1.25 MPa", (0, 14, 180, 26)))
    assert said == "Boiler number KB-7731 in hall 3\n\nPressure: 1.25 MPa"


def test_a_narrow_paragraph_on_a_wide_page_goes_on() -> None:
    said = joined(
        ("The pump house was rebuilt", (40, 0, 300, 12)),
        ("in two years by the owner of", (40, 14, 312, 26)),
        ("the land.", (40, 28, 110, 40)),
        ("泵房的主管道将于六月更换届时", (40, 100, 212, 112)),
        ("滨河路东段停水居民应当提前储", (40, 114, 212, 126)),
        ("水。", (40, 128, 64, 140)),
        ("本周六上午九点停水检修，", (40, 200, 190, 212)),
        ("预计持续六小时。", (40, 214, 140, 226)),
        width=900,
    )
    assert said == (
        "The pump house was rebuilt in two years by the owner of the land.\n\n"
        "泵房的主管道将于六月更换届时滨河路东段停水居民应当提前储水。\n\n本周六上午九点停水检修，预计持续六小时。"
    )


def test_larger_print_is_a_paragraph_of_its_own() -> None:
    said = joined(("Notice to all residents", (0, 0, 300, 24)), ("of the river side", (0, 28, 200, 40)))
    assert said == "Notice to all residents\n\nof the river side"


@given(st.lists(st.tuples(st.text(min_size=1), st.sampled_from(["", " ", "\n\n"]), _sides), max_size=12))
def test_boxes_are_those_of_their_lines(lines: list[tuple[str, str, tuple[float, float, float, float]]]) -> None:
    recognized = [RecognizedLine(text, box, 1.0, joint) for text, joint, box in lines]
    text, boxes = recognized_text(recognized, 0.5)
    assert [text[box.start : box.end] for box in boxes] == [line.text for line in recognized]
    assert [box.box for box in boxes] == [tuple(value * 0.5 for value in line.box) for line in recognized]


def printed(text: str, size: int = 28) -> Pixels:
    image = Image.new("RGB", (900, 260), "white")
    ImageDraw.Draw(image).multiline_text((30, 30), text, "black", ImageFont.load_default(size), spacing=14)
    return np.asarray(image, np.uint8)


class TestRecognizer:
    pytestmark = needs_ocr

    @pytest.mark.parametrize("quarter", [0, 1, 2, 3])
    def test_english_print(self, quarter: int) -> None:
        image = np.rot90(printed("The pump house in River Street\nwas rebuilt in 2019 for 4.8 million."), quarter)
        text, boxes = recognized_text(recognize(image, Reading()))
        assert "The pump house in River Street" in text
        assert "rebuilt in 2019 for 4.8 million." in text
        dark = image.min(axis=2) < 128
        left, top, right, bottom = (int(value) for value in boxes[0].box)
        assert dark[top:bottom, left:right].sum() > 0.4 * dark.sum()

    @pytest.mark.parametrize("quarter", [0, 1, 2, 3])
    def test_chinese_print(self, quarter: int) -> None:
        with Image.open(PICTURES / "停水通知.png") as image:
            pixels = np.rot90(np.asarray(image.convert("RGB"), np.uint8), quarter)
        text, _ = recognized_text(recognize(pixels, Reading()))
        assert text.startswith("停水通知\n\n")
        assert "滨河路东段将于6月18日22时至次日5时停水" in text
        assert "请提前储水，并关好水龙头。\n\n联系电话" in text

    def test_an_empty_page(self) -> None:
        assert recognize(np.full((600, 400, 3), 255, np.uint8), Reading()) == []

    def test_a_picture_of_a_few_pixels(self) -> None:
        assert recognize(np.zeros((1, 2, 3), np.uint8), Reading()) == []
