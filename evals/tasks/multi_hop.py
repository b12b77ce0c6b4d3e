"""Questions that need several passages, each of which says only a part (HotpotQA, MuSiQue, 2WikiMultiHopQA).

Whether all passages are found counts more than whether one is: an answer needs every hop. A bare yes or no is looked
for as a word of the answer, which an answer in sentences seldom says.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from evals.corpora import MIXED, TWO_WIKI, read_corpora
from evals.metric import Metric
from evals.pack import Pack
from evals.records import Row
from evals.task import Rows, Task
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE, GOLD_CITED, RAG
from evals.tasks.asking import asked_and_searched, searched
from evals.tasks.fields import UnusableRowError, read_rows, text_in, texts_in
from evals.tasks.receipt_metrics import COSTS, reached_metric
from evals.tasks.refusal_metrics import NOT_REFUSED
from evals.tasks.search_metrics import MRR, NDCG_10, all_gold_metric, recall_metric

_SEARCH: tuple[Metric, ...] = (
    recall_metric(2),
    recall_metric(5),
    all_gold_metric(5),
    all_gold_metric(8),
    MRR,
    NDCG_10,
)
_QUESTIONS: tuple[Metric, ...] = (
    *_SEARCH,
    *ANSWERS,
    *NOT_REFUSED,
    GOLD_CITED,
    *CITATIONS,
    *RAG,
    *CONFIDENCE,
    reached_metric("vector"),
    *COSTS,
)


def _read(pack: Pack, file: str, collection: str, documents_in: str, answer_in: str = "", aliases_in: str = "") -> Rows:
    """documents_in, answer_in, aliases_in: names of the fields; without answer_in there are no answers."""
    documents = read_corpora(pack).document_ids(collection)

    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        gold_documents = texts_in(values, documents_in)
        if lacking := [id_ for id_ in gold_documents if id_ not in documents]:
            raise UnusableRowError(f"{len(lacking)} of {documents_in} are not in the corpus")
        given = {"question": text_in(values, "question"), "collections": [collection]}
        gold = {
            "answers": _answers(values, answer_in, aliases_in) if answer_in else [],
            "documents": gold_documents,
            "must_refuse": False,
            "language": "en",
        }
        yield Row(text_in(values, "id"), given, gold)

    return read_rows(pack, file, rows_of)


def _answers(values: Mapping[str, Any], answer_in: str, aliases_in: str) -> Sequence[str]:
    aliases = texts_in(values, aliases_in, may_be_empty=True) if aliases_in else []
    return list(dict.fromkeys([text_in(values, answer_in), *aliases]))


HOTPOTQA = Task(
    name="multihop_hotpotqa",
    file="multihop_hotpotqa",
    about="English questions over two passages (HotpotQA), asked over five corpora at once.",
    read=partial(_read, file="multihop_hotpotqa", collection=MIXED, documents_in="gold_titles", answer_in="answer"),
    observe=asked_and_searched,
    metrics=_QUESTIONS,
)

MUSIQUE = Task(
    name="multihop_musique",
    file="multihop_musique",
    about="English questions over two to four passages (MuSiQue), asked over five corpora at once; an answer's aliases "
    "count too.",
    read=partial(
        _read,
        file="multihop_musique",
        collection=MIXED,
        documents_in="gold_pids",
        answer_in="answer",
        aliases_in="answer_aliases",
    ),
    observe=asked_and_searched,
    metrics=_QUESTIONS,
)

TWO_WIKI_RETRIEVAL = Task(
    name="multihop_2wiki_retrieval",
    file="multihop_2wiki_retrieval",
    about="English questions over two to four passages (2WikiMultiHopQA): only the search is measured, the set has no "
    "answers.",
    read=partial(_read, file="multihop_2wiki_retrieval", collection=TWO_WIKI, documents_in="gold_titles"),
    observe=searched,
    metrics=_SEARCH,
)

MULTI_HOP_TASKS = (HOTPOTQA, MUSIQUE, TWO_WIKI_RETRIEVAL)
