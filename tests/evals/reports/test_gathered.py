"""What reports are told of records."""

import pytest

from evals.metric import RowMetric
from evals.records import RowFault
from evals.reports.gathered import WORST, task_report, worst_rows
from evals.reports.report import main_measure
from tests.evals.reports.samples import METRICS, question_record, question_records, task


def test_a_task_is_measured_over_its_records() -> None:
    told = task_report(task(), question_records(), faults=[RowFault(7, "", "not JSON")], seconds=2.5)
    assert (told.name, told.n, told.failed, told.seconds) == ("questions", 12, 1, 2.5)
    assert [measure.metric for measure in told.measures] == [metric.name for metric in METRICS]
    assert told.measures[0].value == pytest.approx(8 / 11)
    assert told.measures[1].missing == {"no judge model": 11, "failed: TimeoutError": 1}
    assert told.formulas["model_calls"] == "calls a question"
    assert told.faults == (RowFault(7, "", "not JSON"),)


def test_latencies_are_of_rows_that_did_not_fail() -> None:
    ran = [*range(8), 9, 10, 11]
    assert task_report(task(), question_records()).latencies == tuple(20.0 + number for number in ran)


def test_confidences_are_of_answers_that_can_be_right_or_wrong() -> None:
    told = task_report(task(), question_records()[7:])
    assert told.confidences == ((0.6, True), (0.95, False), (0.6, False), (0.35, False))


def test_an_answer_where_none_is_right_is_wrong() -> None:
    record = {**question_record(1, right=1.0), "gold": {"answers": [], "must_refuse": True, "language": "zh"}}
    assert task_report(task(), [record]).confidences == ((0.6, False),)


def test_confidences_leave_out_what_cannot_be_told() -> None:
    refused, sure, unknown = (question_record(number, right=1.0) for number in range(3))
    refused["observed"]["answer"]["status"] = "refused"
    sure["observed"]["answer"]["confidence"] = "high"
    unknown = {**unknown, "gold": {"answers": [], "language": "zh"}}
    assert task_report(task(), [refused, sure, unknown]).confidences == ()


def test_tasks_without_calibration_have_no_confidences() -> None:
    assert task_report(task(metrics=METRICS[:1]), question_records()).confidences == ()


def test_the_worst_come_first_and_of_those_the_surest() -> None:
    worst = worst_rows([(task(), question_records())])
    assert [row.record["id"] for row in worst] == ["q9", "q10", "q11"]
    assert {row.metric for row in worst} == {"right"}


def test_tasks_come_in_turn_among_equal_scores() -> None:
    first = [question_record(number, right=0.0, confidence=0.9) for number in range(30)]
    second = [question_record(100, right=0.0, confidence=0.1), question_record(101, right=0.5)]
    worst = worst_rows([(task(), first), (task("others"), second)])
    assert len(worst) == WORST
    assert [row.record["id"] for row in worst[:3]] == ["q0", "q100", "q1"]
    assert "q101" not in [row.record["id"] for row in worst]


def test_a_row_is_as_bad_as_the_first_quality_that_applies_to_it() -> None:
    other = RowMetric("other", lambda _: 0.25, "")
    (row,) = worst_rows([(task(metrics=(*METRICS[:2], other)), [question_record(1, right=None)])])
    assert (row.metric, row.score) == ("other", 0.25)


def test_a_headline_says_more_of_a_row_and_of_a_task_than_what_comes_before_it() -> None:
    refused = RowMetric("refusal_recall", lambda _: 0.0, "")
    contains = RowMetric("contains", lambda _: 0.5, "")
    metrics = (METRICS[0], refused, contains)
    (row,) = worst_rows([(task(metrics=metrics), [question_record(1, right=1.0)])])
    assert (row.metric, row.score) == ("contains", 0.5)
    for given, name in ((metrics, "contains"), (metrics[:2], "refusal_recall"), (metrics[:1], "right")):
        main = main_measure(task_report(task(metrics=given), question_records()))
        assert main is not None
        assert main.metric == name


def test_the_main_measure_is_a_quality_with_a_value() -> None:
    told = task_report(task(metrics=(METRICS[2], METRICS[1], METRICS[0])), question_records())
    main = main_measure(told)
    assert main is not None
    assert main.metric == "right"
    assert main_measure(task_report(task(metrics=METRICS[1:]), question_records())) is None
