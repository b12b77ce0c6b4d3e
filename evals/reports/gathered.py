"""From records to what reports show."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from evals.metric import Metric, RowMetric
from evals.records import Record, RowFault
from evals.reports.report import TaskReport, WorstRow, headline_rank
from evals.statistics import measured
from evals.task import Task
from evals.tasks.answers import is_answered, is_right

WORST = 20

_CALIBRATED = "calibration_error"
"""Tasks with this metric ask questions of which it can be told whether the answer is right."""


def task_report(
    task: Task,
    records: Sequence[Record],
    *,
    faults: Sequence[RowFault] = (),
    seconds: float = 0.0,
    routes: Sequence[tuple[str, str]] = (),
) -> TaskReport:
    """Measures a task over its records.

    seconds: what running them took. routes: (right, chosen) of each row that was routed.
    """
    ran = [record for record in records if not record["failure"]]
    has_confidences = any(metric.name == _CALIBRATED for metric in task.metrics)
    return TaskReport(
        task.name,
        task.about,
        len(records),
        len(records) - len(ran),
        tuple(measured(metric, task.name, records) for metric in task.metrics),
        seconds=seconds,
        faults=tuple(faults),
        formulas={metric.name: metric.about for metric in task.metrics},
        latencies=tuple(record["ms"] for record in ran),
        routes=tuple(routes),
        confidences=tuple(_confidences(ran)) if has_confidences else (),
    )


def worst_rows(tasks: Sequence[tuple[Task, Sequence[Record]]]) -> list[WorstRow]:
    """The answered or refused questions with the lowest scores, by the metric that says most of each.

    Of equal scores each task's come in turn, those that the product was surest of first.
    """
    ranked = chain.from_iterable(enumerate(_worst_of(task, records)) for task, records in tasks)
    return [row for _, row in sorted(ranked, key=lambda ranked: (ranked[1].score, ranked[0]))[:WORST]]


def _worst_of(task: Task, records: Sequence[Record]) -> list[WorstRow]:
    rows = []
    for record in records:
        name, score = _quality(task.metrics, record)
        if score is not None and score < 1 and _answer(record):
            rows.append(WorstRow(name, score, record))
    rows.sort(key=lambda row: (row.score, -_answer(row.record).get("confidence", 0), row.record["id"]))
    return rows[:WORST]


def _quality(metrics: Sequence[Metric], record: Record) -> tuple[str, float | None]:
    """The metric that says most of the row and of which more is better, and its score."""
    if not record["failure"]:
        for metric in sorted(metrics, key=lambda metric: headline_rank(metric.name)):
            if isinstance(metric, RowMetric) and metric.better == "higher" and metric.unit in ("share", "score"):
                score = metric.score(record)
                if isinstance(score, int | float):
                    return metric.name, float(score)
    return "", None


def _confidences(records: Sequence[Record]) -> Iterator[tuple[float, bool]]:
    """Of each answer, where the row says what is right or that nothing is."""
    for record in records:
        says_what_is_right = record["gold"].get("must_refuse") or record["gold"].get("answers")
        if says_what_is_right and is_answered(record):
            confidence = _answer(record).get("confidence")
            if isinstance(confidence, int | float) and 0 <= confidence <= 1:
                yield float(confidence), is_right(record)


def _answer(record: Record) -> Mapping[str, Any]:
    answer = record["observed"].get("answer")
    return answer if isinstance(answer, Mapping) else {}
