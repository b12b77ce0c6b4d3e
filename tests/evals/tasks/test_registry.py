"""The list of all tasks."""

from collections import Counter

from evals.metric import RowMetric
from evals.records import Row
from evals.statistics import measured
from evals.tasks.own import own_task
from evals.tasks.registry import TASKS


def test_names_are_unique_and_every_task_says_what_it_does() -> None:
    assert [name for name, count in Counter(task.name for task in TASKS).items() if count > 1] == []
    for task in TASKS:
        assert task.about.endswith((".", "?")), task.name
        assert task.metrics, task.name


def test_metrics_of_a_task_have_names_of_their_own_and_say_what_they_are() -> None:
    kinds = [Row(str(number), {}, {"kind": kind}) for number, kind in enumerate(["cell", "date", "cell", ""])]
    for task in (*TASKS, own_task(kinds)):
        names = Counter(metric.name for metric in task.metrics)
        assert [name for name, count in names.items() if count > 1] == [], task.name
        assert all(metric.about for metric in task.metrics), task.name


def test_no_metric_breaks_over_no_records() -> None:
    for task in TASKS:
        for metric in task.metrics:
            found = measured(metric, task.name, [])
            assert found.value is None, found.name
            assert found.missing, found.name
            assert isinstance(metric, RowMetric) or found.n == 0
