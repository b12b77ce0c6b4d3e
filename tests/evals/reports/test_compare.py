"""Two runs beside each other."""

import json

from evals.reports.compare import compare_runs, comparison_as_json
from evals.reports.report import Header
from tests.evals.reports.samples import METRICS, question_record, question_records, task


def test_the_measures_of_tasks_that_both_runs_have() -> None:
    before, after = question_records(), question_records()[:9]
    runs = compare_runs(
        [task(), task("more"), task("never run")],
        {"questions": before, "gone": before},
        {"questions": after, "more": after},
    )
    assert [one.name for one in runs.comparisons] == [f"questions/{metric.name}" for metric in METRICS]
    assert (runs.comparisons[0].only_before, runs.comparisons[0].n) == (3, 9)
    assert (runs.only_before, runs.only_after) == (("gone",), ("more",))


def test_versions_that_differ_are_told() -> None:
    headers = (
        Header("1", versions={"code": "a", "index": "3"}, seeds={"bootstrap": 20}),
        Header("2", versions={"code": "b", "index": "3", "prompts": "p"}, seeds={"bootstrap": 21}),
    )
    runs = compare_runs([], {}, {}, headers=headers)
    assert runs.versions == {"code": ("a", "b"), "prompts": ("", "p"), "seed bootstrap": ("20", "21")}


def test_as_json() -> None:
    before = [question_record(number, right=0.0) for number in range(10)]
    after = [question_record(number, right=1.0) for number in range(10)]
    runs = compare_runs([task()], {"questions": before}, {"questions": after}, headers=(Header("1"), Header("2")))
    values = json.loads(json.dumps(comparison_as_json(runs), allow_nan=False))
    right, judged, calls, _ = values["comparisons"]
    assert (right["before"], right["after"], right["difference"], right["verdict"]) == (0.0, 1.0, 1.0, "better")
    assert (judged["difference"], judged["verdict"], judged["missing"]) == (
        None,
        "not compared",
        {"no judge model": 10},
    )
    assert calls["verdict"] == "no difference shown"
    assert values["versions"] == {}
