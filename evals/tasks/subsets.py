"""A metric over some of a task's rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import overload

from evals.metric import Metric, RowMetric
from evals.records import Record


def over(metric: RowMetric, subset: str, is_meant: Callable[[Record], bool], of: str) -> RowMetric:
    """`metric` over the rows that are meant, which `of` names in words; recall@5 becomes recall@5[subset]."""
    named = replace(metric, name=f"{metric.name}[{subset}]", about=f"{metric.about}; {of}")
    return only(named, is_meant)


@overload
def only(metric: RowMetric, is_meant: Callable[[Record], bool]) -> RowMetric: ...
@overload
def only(metric: Metric, is_meant: Callable[[Record], bool]) -> Metric: ...
def only(metric: Metric, is_meant: Callable[[Record], bool]) -> Metric:
    """`metric`, under its name, over the rows that are meant."""
    if isinstance(metric, RowMetric):
        of_row = metric.score
        return replace(metric, score=lambda record: of_row(record) if is_meant(record) else None)
    of_set, draws = metric.score, metric.draws

    def meant(records: Sequence[Record]) -> list[Record]:
        return [record for record in records if is_meant(record)]

    return replace(metric, score=lambda records: of_set(meant(records)), draws=lambda records: draws(meant(records)))
