import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.calibration import brier, expected_calibration_error
from evals.records import NotComputed

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def test_by_hand() -> None:
    pairs = [(0.9, True), (0.85, False), (0.3, False), (0.3, False)]
    assert expected_calibration_error(pairs) == pytest.approx(0.5 * (0.875 - 0.5) + 0.5 * 0.3)
    assert brier(pairs) == pytest.approx((0.01 + 0.7225 + 0.09 + 0.09) / 4)


def test_a_bin_ends_with_its_upper_border() -> None:
    # 0.7 is of one bin with 0.65: together they are as right as they are sure.
    assert expected_calibration_error([(0.7, True), (0.7, True), (0.61, False)]) == pytest.approx(abs(2 - 2.01) / 3)
    assert expected_calibration_error([(0.7, True), (0.71, False)]) == pytest.approx((0.3 + 0.71) / 2)
    assert expected_calibration_error([(0.0, False), (0.1, False)]) == pytest.approx(0.05)


def test_one_who_is_right_as_often_as_sure_makes_no_error() -> None:
    assert expected_calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0)
    assert expected_calibration_error([(1.0, True), (0.0, False)]) == brier([(1.0, True), (0.0, False)]) == 0


@pytest.mark.parametrize("confidence", [math.nan, -0.1, 1.1, math.inf])
def test_what_is_no_confidence_is_not_computed(confidence: float) -> None:
    for measure in (expected_calibration_error, brier):
        assert measure([(0.5, True), (confidence, True)]) == NotComputed("a confidence is no number from 0 to 1")
        assert measure([]) == NotComputed("no answers")


@given(PAIRS, st.integers(1, 20))
def test_both_lie_from_0_to_1(pairs: list[tuple[float, bool]], bins: int) -> None:
    error, score = expected_calibration_error(pairs, bins), brier(pairs)
    assert isinstance(error, float)
    assert isinstance(score, float)
    assert 0 <= error <= 1 + 1e-12
    assert 0 <= score <= 1


@given(PAIRS, st.integers(1, 20))
def test_agrees_with_the_definition_bin_by_bin(pairs: list[tuple[float, bool]], bins: int) -> None:
    expected = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        held = [pair for pair in pairs if low < pair[0] <= high or (number == 0 and pair[0] == 0)]
        if held:
            right = sum(was_right for _, was_right in held) / len(held)
            sure = sum(confidence for confidence, _ in held) / len(held)
            expected += len(held) / len(pairs) * abs(right - sure)
    assert expected_calibration_error(pairs, bins) == pytest.approx(expected, abs=1e-9)
