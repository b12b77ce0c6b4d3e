"""Figures as they are read."""

import pytest

from evals.metric import Unit
from evals.reports.wording import shown, shown_interval, shown_missing, shown_money, shown_seconds


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.83214, "share", "83.2 %"),
        (0.83214, "score", "0.832"),
        (1234.5, "ms", "1,234 ms"),
        (51.62, "ms", "51.6 ms"),
        (1.0, "calls", "1 calls"),
        (0.00042, "money", "0.00042"),
        (0.0, "money", "0"),
        (None, "share", "–"),
    ],
)
def test_a_value_in_its_unit(value: float | None, unit: Unit, text: str) -> None:
    assert shown(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"), [(0.051, "share", "+5.1 points"), (-0.051, "score", "−0.051"), (0.0, "ms", "+0 ms")]
)
def test_a_difference_has_a_sign(value: float, unit: Unit, text: str) -> None:
    assert shown(value, unit, signed=True) == text


def test_an_interval() -> None:
    assert shown_interval(0.781, 0.874, "share") == "78.1 to 87.4"
    assert shown_interval(-0.02, 0.1, "share", signed=True) == "−2.0 to +10.0"
    assert shown_interval(None, 0.1, "share") == "–"


def test_what_is_missing_the_most_frequent_first() -> None:
    assert shown_missing({"a": 1, "no judge model": 1200, "b": 1}) == "1,200 no judge model, 1 a, 1 b"
    assert shown_missing({}) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0.0 s"), (48.24, "48.2 s"), (185.2, "3 min 5 s"), (3725.0, "1 h 2 min"), (59.97, "1 min 0 s")],
)
def test_a_time(seconds: float, text: str) -> None:
    assert shown_seconds(seconds) == text


def test_money() -> None:
    assert shown_money(0.25) == "0.25"
    assert shown_money(None) == "not known"
