"""Questions that one passage answers, asked over a collection that holds five corpora in two languages and scripts.

Whether the passage is found, whether the answer says what the set says, cites that passage and rests on it, and whether
questions without an answer are refused: those whose passage was taken out of the corpus, and, of SQuAD 2.0, those that
people wrote to look answerable by a passage that is there.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from evals.corpora import MIXED, read_corpora
from evals.metric import Metric
from evals.pack import Pack
from evals.records import Record, Row
from evals.task import Rows, Task
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE, GOLD_CITED, RAG
from evals.tasks.asking import asked_and_searched
from evals.tasks.fields import UnusableRowError, flag_in, read_rows, text_in, texts_in
from evals.tasks.receipt_metrics import COSTS, reached_metric
from evals.tasks.refusal_metrics import REFUSAL_RECALL, REFUSALS
from evals.tasks.search_metrics import MRR, NDCG_10, recall_metric
from evals.tasks.subsets import over
from tools.shapes import Language

_SEARCH: tuple[Metric, ...] = (recall_metric(1), recall_metric(5), MRR, NDCG_10)

QUESTION_METRICS: tuple[Metric, ...] = (
    *_SEARCH,
    *ANSWERS,
    *REFUSALS,
    GOLD_CITED,
    *CITATIONS,
    *RAG,
    *CONFIDENCE,
    reached_metric("vector"),
    *COSTS,
)
"""Of any set of questions with answers and the documents that hold them."""

OUT_OF_CORPUS = "out of corpus"
ADVERSARIAL = "adversarial"


def _of_kind(kind: str, record: Record) -> bool:
    return bool(record["gold"]["kind"] == kind)


def _read(pack: Pack, file: str, language: Language) -> Rows:
    documents = read_corpora(pack).document_ids(MIXED)

    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        must_refuse = flag_in(values, "unanswerable")
        pid = None if must_refuse and values.get("gold_pid") is None else text_in(values, "gold_pid")
        if pid is not None and pid not in documents:
            raise UnusableRowError("gold_pid is not in the corpus")
        kind = "answerable" if not must_refuse else ADVERSARIAL if pid else OUT_OF_CORPUS
        gold = {
            "answers": texts_in(values, "answers", may_be_empty=must_refuse),
            "documents": [pid] if pid else [],
            "must_refuse": must_refuse,
            "kind": kind,
            "language": language,
        }
        yield Row(text_in(values, "id"), {"question": text_in(values, "question"), "collections": [MIXED]}, gold)

    return read_rows(pack, file, rows_of)


def _task(name: str, language: Language, about: str, *further: Metric) -> Task:
    return Task(
        name=name,
        file=name,
        about=about,
        read=partial(_read, file=name, language=language),
        observe=asked_and_searched,
        metrics=(*QUESTION_METRICS, *further),
    )


SINGLE_HOP_TASKS = (
    _task(
        "zh_single_hop_cmrc",
        "zh",
        "Chinese questions on Wikipedia passages (CMRC 2018), some of whose passages are not there; asked over five "
        "corpora at once.",
    ),
    _task(
        "zhhant_single_hop_drcd",
        "zh",
        "Questions in traditional Chinese (DRCD), some of whose passages are not there; asked over five corpora at "
        "once.",
    ),
    _task(
        "en_single_hop_squad2",
        "en",
        "English questions (SQuAD 2.0): answerable, unanswerable beside a passage that looks as if it answered, and "
        "with their passage taken away; asked over five corpora at once.",
        over(REFUSAL_RECALL, "out_of_corpus", partial(_of_kind, OUT_OF_CORPUS), "whose passage is not there"),
        over(REFUSAL_RECALL, "adversarial", partial(_of_kind, ADVERSARIAL), "although their passage is there"),
    ),
)
