"""What an answer took, from its receipt: the way that was gone, the model's calls, money and time."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from evals.metric import Metric, RowMetric, SetMetric, each_that
from evals.metrics.cost import latency, model_calls, money, searches, tokens
from evals.records import NotComputed, Record, Score


def reached_metric(source: str) -> RowMetric:
    """Whether the evidence was reached in the source that holds it: that was searched, and what holds the answer found.

    A receipt says where was searched, and not which documents came of it: for that stand those of a plain search, where
    the task makes one, and those that the answer cites.
    """

    def score(record: Record) -> Score | None:
        observed, gold = record["observed"], record["gold"]
        if gold.get("must_refuse") or not gold["documents"]:
            return None
        answer = observed["answer"]
        tried = (each for one in answer["receipt"]["rounds"] for each in one["sources"] if each["source"] == source)
        found = {*observed.get("found", ()), *(citation["document"]["id"] for citation in answer["citations"])}
        return float(any(each["status"] == "ok" for each in tried) and not found.isdisjoint(gold["documents"]))

    about = (
        f"{source} was searched for the answer, and a document that holds it is among those cited, or among the first "
        "10 of a plain search where there is one / questions with such documents"
    )
    return RowMetric(f"{source}_reached", score, about)


def _rounds(record: Record) -> Score | None:
    return float(len(record["observed"]["answer"]["receipt"]["rounds"]))


def _latency(records: Sequence[Record], percent: float) -> Score:
    times = [time for record in records if isinstance(time := latency(record), float)]
    return float(np.percentile(times, percent)) if times else NotComputed("no receipt with a time")


_TIMED = each_that(lambda record: isinstance(latency(record), float))

COSTS: tuple[Metric, ...] = (
    RowMetric("rounds", _rounds, "rounds of searches for one question", "count", "lower"),
    RowMetric("searches", searches, "searches for one question, each query to each source", "count", "lower"),
    RowMetric("model_calls", model_calls, "calls of the chat model for one question", "calls", "lower"),
    RowMetric("tokens", tokens, "tokens read and written by the chat model for one question", "tokens", "lower"),
    RowMetric("money", money, "price of one question", "money", "lower"),
    SetMetric("latency_p50", partial(_latency, percent=50), "median time for one answer", "ms", "lower", _TIMED),
    SetMetric("latency_p95", partial(_latency, percent=95), "95th percentile of it", "ms", "lower", _TIMED),
)
