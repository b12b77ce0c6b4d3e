"""The user's own questions over the user's own documents: whatever their rows say is right is measured."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.metric import Metric, RowMetric
from evals.product import Product
from evals.records import Record, Row, RowFault, Score
from evals.task import Task
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE, CONTAINS, GOLD_CITED, RAG
from evals.tasks.asking import asked_and_searched
from evals.tasks.pair_metrics import PAIRS
from evals.tasks.receipt_metrics import COSTS
from evals.tasks.refusal_metrics import ASKED_BACK, FALSE_REFUSALS, FALSE_WARNINGS, REFUSAL_RECALL, REFUSED_OR_WARNED
from evals.tasks.routing import MACRO_F1, first_route, is_met
from evals.tasks.search_metrics import MRR, NDCG_10, recall_metric
from evals.tasks.subsets import only, over

OWN = "own_questions"


def own_task(rows: Sequence[Row], faults: Sequence[RowFault] = ()) -> Task:
    """The task of these rows, as `evals.own_questions` reads them. Its `read` gives them, whatever pack it is given."""
    kinds = dict.fromkeys(row.gold["kind"] for row in rows if row.gold["kind"])
    return Task(
        name=OWN,
        file="",
        about="Your own questions over your own documents.",
        read=lambda pack: (rows, faults),
        observe=observe,
        metrics=(*METRICS, *map(_contains_of, kinds)),
    )


async def observe(row: Row, product: Product) -> Mapping[str, Any]:
    """{"answer", "passages", "found", "contexts"} as question tasks have them; of a row with a route "routes" and
    "waiting" too, as the router says them when the web may be chosen."""
    given = row.given
    if given["hidden"]:
        product = product.hiding(given["hidden"])
    observed = await asked_and_searched(row, product)
    if given["routed"]:
        routed = await product.route(given["question"], collections=given["collections"], web="auto")
        return {**observed, **routed}
    return observed


def _contains_of(kind: str) -> Metric:
    return over(CONTAINS, kind, lambda record: bool(record["gold"]["kind"] == kind), f"questions of kind {kind}")


def _can_be_answered(record: Record) -> bool:
    """Rows that say nothing of it are neither."""
    return record["gold"]["must_refuse"] is False


def _says_what_is_right(record: Record) -> bool:
    return bool(record["gold"]["must_refuse"] or record["gold"]["answers"])


def _has_route(record: Record) -> bool:
    return bool(record["gold"]["route"])


def _route_is_met(record: Record) -> Score | None:
    return float(is_met(record["gold"]["route"], first_route(record))) if _has_route(record) else None


METRICS: tuple[Metric, ...] = (
    recall_metric(1),
    recall_metric(5),
    recall_metric(10),
    MRR,
    NDCG_10,
    *ANSWERS,
    REFUSAL_RECALL,
    REFUSED_OR_WARNED,
    only(FALSE_REFUSALS, _can_be_answered),
    only(FALSE_WARNINGS, _can_be_answered),
    ASKED_BACK,
    *PAIRS,
    GOLD_CITED,
    *CITATIONS,
    *RAG,
    *(only(metric, _says_what_is_right) for metric in CONFIDENCE),
    RowMetric("route_accuracy", _route_is_met, "questions whose first route is the right one / questions with a route"),
    only(replace(MACRO_F1, name="route_macro_f1"), _has_route),
    *COSTS,
)
"""A row has those figures that its fields allow."""
