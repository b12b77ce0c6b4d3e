"""Figures of the user's own questions that are of many rows at once: only of those whose fields allow them."""

from typing import Any

from evals.records import Record
from evals.statistics import measured
from evals.tasks.own import METRICS
from evals.tasks.subsets import only
from tests.evals.tasks.made_records import answered, record


def own(id_: str, gold: dict[str, Any], **observed: Any) -> Record:
    made = record(
        answered("Ines.", confidence=0.75), {"route": "", "kind": "", "must_refuse": None, **gold}, **observed
    )
    made["id"] = id_
    return made


def n_of(name: str, records: list[Record]) -> int:
    (metric,) = [metric for metric in METRICS if metric.name == name]
    return measured(metric, "own", records).n


def test_a_figure_of_many_rows_counts_those_that_it_is_of() -> None:
    routes = {"routes": [{"route": "web"}], "waiting": ""}
    records = [
        own("both", {"route": "web"}, **routes),
        own("route", {"route": "graph", "answers": []}, **routes),
        own("neither", {"answers": []}),
        own("answer", {}),
    ]
    assert (n_of("route_macro_f1", records), n_of("route_accuracy", records)) == (2, 2)
    assert (n_of("calibration_error", records), n_of("brier", records)) == (2, 2)


def test_a_route_that_is_no_way_lowers_the_score_of_the_right_one_alone() -> None:
    """As the routing task counts it: what is asked back about is no fifth way."""
    asks = {"routes": [], "waiting": "clarify"}
    goes = {"routes": [{"route": "web"}], "waiting": ""}
    records = [own("1", {"route": "web"}, **goes), own("2", {"route": "web"}, **asks)]
    (metric,) = [metric for metric in METRICS if metric.name == "route_macro_f1"]
    assert measured(metric, "own", records).value == 2 / 3


def test_a_subset_has_the_draws_of_its_rows() -> None:
    (metric,) = [metric for metric in METRICS if metric.name == "calibration_error"]
    halved = only(metric, lambda record: record["id"] == "1")
    records = [own("1", {}), own("2", {})]
    assert (measured(metric, "own", records).n, measured(halved, "own", records).n) == (2, 1)
