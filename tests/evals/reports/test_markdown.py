"""Measures as a Markdown table."""

from evals.measure import Measure
from evals.reports.markdown import markdown_rows, markdown_table
from evals.reports.report import TaskReport
from tests.evals.reports.samples import report


def test_the_qualities_of_each_task() -> None:
    lines = markdown_table(report().tasks).splitlines()
    assert lines[0] == "| task | metric | value | 95 % interval | n | not counted |"
    assert lines[1] == "| --- | --- | --- | --- | --- | --- |"
    assert lines[2] == "| questions | right | 72.7 % | 43.4 to 90.3 | 11 | 1 failed: TimeoutError |"
    assert [line.split(" | ")[1] for line in lines[2:]] == ["right", "judged", "accuracy"]


def test_only_the_metrics_that_are_named() -> None:
    (row,) = markdown_table(report().tasks, metrics=["model_calls"]).splitlines()[2:]
    assert row.startswith("| questions | model_calls | 1 calls | – | 11 |")


def test_a_text_stays_within_its_cell() -> None:
    measure = Measure("t", "m", None, None, None, 0, "share", "higher", missing={"a|b\n<!-- /eval:x -->": 1})
    row = markdown_table([TaskReport("t", "", 1, 0, (measure,))]).splitlines()[2]
    assert row == "| t | m | – | – | 0 | 1 a\\|b &lt;!-- /eval:x --> |"


def test_any_rows() -> None:
    assert markdown_rows(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
