"""How well a plain search finds the documents that hold the answer, over the questions that have one."""

from collections.abc import Callable, Collection, Sequence

from evals.metric import RowMetric, Unit
from evals.metrics.ranking import all_gold_at, ndcg_at, recall_at, reciprocal_rank
from evals.records import Record, Score

Ranking = Callable[[Sequence[str], Collection[str]], float]


def recall_metric(k: int) -> RowMetric:
    """Share of the gold documents that are among the first `k`."""
    return _metric(f"recall@{k}", lambda found, gold: recall_at(k, found, gold), f"|gold in the first {k}| / |gold|")


def all_gold_metric(k: int) -> RowMetric:
    """Share of the questions whose gold documents are all among the first `k`."""
    about = f"1 when all gold documents are in the first {k}"
    return _metric(f"all_gold@{k}", lambda found, gold: all_gold_at(k, found, gold), about)


def _metric(name: str, ranking: Ranking, about: str, unit: Unit = "share") -> RowMetric:
    def score(record: Record) -> Score | None:
        gold = record["gold"]["documents"]
        if record["gold"].get("must_refuse") or not gold:
            return None
        return ranking(record["observed"]["found"], gold)

    return RowMetric(name, score, about, unit)


MRR = _metric("mrr", reciprocal_rank, "1 / place of the first gold document", "score")
NDCG_10 = _metric("ndcg@10", lambda found, gold: ndcg_at(10, found, gold), "DCG of the first 10 / ideal DCG", "score")
