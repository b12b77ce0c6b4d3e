"""The box around a piece of text."""

from tools.shapes import TextBox
from tools.text.boxes import box_around

LINES = (TextBox(0, 5, (10, 20, 60, 30)), TextBox(6, 9, (12, 34, 80, 44)), TextBox(20, 25, (300, 20, 340, 30)))


def test_the_box_is_around_what_overlaps_and_nothing_else() -> None:
    assert box_around(LINES) == [10, 20, 340, 44]
    assert box_around(LINES, 2, 7) == [10, 20, 80, 44]
    assert box_around(LINES, 5, 9) == [12, 34, 80, 44]
    assert box_around(LINES, 24) == [300, 20, 340, 30]


def test_what_is_not_placed_has_no_box() -> None:
    assert box_around(LINES, 9, 20) is None
    assert box_around(()) is None
