"""What an answer took, from its receipt: the way that was gone, the model's calls, money and time."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from evals.metric import Metric, RowMetric, SetMetric
from evals.metrics.cost import latency, model_calls, money, searches, tokens
from evals.records import NotComputed, Record, Score


def reached_metric(source: str) -> RowMetric:
    """Whether the source that holds the evidence was searched and found something."""

    def score(record: Record) -> Score | None:
        if record["gold"].get("must_refuse"):
            return None
        rounds = record["observed"]["answer"]["receipt"]["rounds"]
        found = (each for one in rounds for each in one["sources"] if each["source"] == source)
        return float(any(each["status"] == "ok" for each in found))

    return RowMetric(f"{source}_reached", score, f"the source that holds the answer, {source}, found something")


def _rounds(record: Record) -> Score | None:
    return float(len(record["observed"]["answer"]["receipt"]["rounds"]))


def _latency(records: Sequence[Record], percent: float) -> Score:
    times = [time for record in records if isinstance(time := latency(record), float)]
    return float(np.percentile(times, percent)) if times else NotComputed("no receipt with a time")


COSTS: tuple[Metric, ...] = (
    RowMetric("rounds", _rounds, "rounds of searches for one question", "count", "lower"),
    RowMetric("searches", searches, "searches for one question, each query to each source", "count", "lower"),
    RowMetric("model_calls", model_calls, "calls of the chat model for one question", "calls", "lower"),
    RowMetric("tokens", tokens, "tokens read and written by the chat model for one question", "tokens", "lower"),
    RowMetric("money", money, "price of one question", "money", "lower"),
    SetMetric("latency_p50", partial(_latency, percent=50), "median time for one answer", "ms", "lower"),
    SetMetric("latency_p95", partial(_latency, percent=95), "95th percentile of it", "ms", "lower"),
)
