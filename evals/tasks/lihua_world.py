"""Questions on a year of one man's chats (LiHua-World): on one talk, on several, and on what was never said.

What was never said must be refused. A document is a day's talk, with the time of each in its text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from evals.corpora import LIHUA, read_corpora
from evals.metric import Metric, RowMetric
from evals.pack import Pack
from evals.records import Row
from evals.task import Rows, Task
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE, CONTAINS, F1, GOLD_CITED, RAG
from evals.tasks.asking import asked_and_searched
from evals.tasks.fields import UnusableRowError, flag_in, read_rows, text_in, texts_in
from evals.tasks.receipt_metrics import COSTS, reached_metric
from evals.tasks.refusal_metrics import REFUSALS
from evals.tasks.search_metrics import MRR, NDCG_10, all_gold_metric, recall_metric
from evals.tasks.subsets import over

_FILE = "lihua_world"
_TYPES = ("Single", "Multi")


def _read(pack: Pack) -> Rows:
    documents = read_corpora(pack).document_ids(LIHUA)

    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        must_refuse = flag_in(values, "unanswerable")
        gold_documents = texts_in(values, "gold_pids", may_be_empty=must_refuse)
        if lacking := [id_ for id_ in gold_documents if id_ not in documents]:
            raise UnusableRowError(f"{len(lacking)} of gold_pids are not in the corpus")
        gold = {
            "answers": [] if must_refuse else [text_in(values, "answer")],
            "documents": gold_documents,
            "must_refuse": must_refuse,
            "type": text_in(values, "type"),
            "language": "en",
        }
        yield Row(text_in(values, "id"), {"question": text_in(values, "question"), "collections": [LIHUA]}, gold)

    return read_rows(pack, _FILE, rows_of)


def _of_type(type_: str, metric: RowMetric) -> RowMetric:
    return over(metric, type_.lower(), lambda record: bool(record["gold"]["type"] == type_), f"of type {type_}")


_METRICS: tuple[Metric, ...] = (
    recall_metric(1),
    recall_metric(5),
    all_gold_metric(5),
    MRR,
    NDCG_10,
    *ANSWERS,
    *(_of_type(type_, metric) for type_ in _TYPES for metric in (CONTAINS, F1)),
    *REFUSALS,
    GOLD_CITED,
    *CITATIONS,
    *RAG,
    *CONFIDENCE,
    reached_metric("vector"),
    *COSTS,
)

LIHUA_WORLD_TASKS = (
    Task(
        name=_FILE,
        file=_FILE,
        about="English questions on a year of chats (LiHua-World): on one talk, on several, on what was never said.",
        read=_read,
        observe=asked_and_searched,
        metrics=_METRICS,
    ),
)
