"""Refusals, and the warnings that stand between a refusal and an answer."""

from collections.abc import Mapping
from typing import Any

import pytest

from evals.metric import Metric, RowMetric
from evals.tasks.refusal_metrics import REFUSALS, REFUSED
from tests.evals.tasks.made_records import answered, record, refused

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in (*REFUSALS, REFUSED)}
WARNED = answered("The passages found do not mention “tide”. The closest of them say:\nInes has a book.[1]")


@pytest.mark.parametrize(
    ("answer", "must_refuse", "scores"),
    [
        (refused(), True, {"refused": 1, "refusal_recall": 1, "refused_or_warned": 1, "asked_back": 0}),
        (WARNED, True, {"refused": 0, "refusal_recall": 0, "refused_or_warned": 1, "asked_back": 0}),
        (answered("Ines."), True, {"refused": 0, "refusal_recall": 0, "refused_or_warned": 0, "asked_back": 0}),
        (refused(), False, {"refused": 1, "false_refusals": 1, "warned": 0, "asked_back": 0}),
        (WARNED, False, {"refused": 0, "false_refusals": 0, "warned": 1, "asked_back": 0}),
        (answered("Ines."), False, {"refused": 0, "false_refusals": 0, "warned": 0, "asked_back": 0}),
        (
            refused("Which Ines?", status="needs_input"),
            False,
            {"refused": 0, "false_refusals": 0, "warned": 0, "asked_back": 1},
        ),
    ],
)
def test_every_way_not_to_answer_is_told_from_the_others(
    answer: Mapping[str, Any], must_refuse: bool, scores: Mapping[str, float]
) -> None:
    made = record(answer, {"must_refuse": must_refuse})
    found = {name: metric.score(made) for name, metric in METRICS.items() if isinstance(metric, RowMetric)}
    assert {name: value for name, value in found.items() if value is not None} == scores
