"""Questions in one language over a corpus in the other: Chinese over English, and English over Chinese (XQuAD).

Without an embedding model only words are compared, and hardly any is the same in both languages: what the figures show
then is whether the product refuses instead of answering from what it happens to find.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from evals.corpora import XQUAD_EN, XQUAD_ZH, read_corpora
from evals.metric import Metric
from evals.pack import Pack
from evals.records import Row
from evals.task import Rows, Task
from evals.tasks.answer_metrics import ANSWERS, CITATIONS, CONFIDENCE, GOLD_CITED
from evals.tasks.asking import asked_and_searched
from evals.tasks.fields import UnusableRowError, read_rows, text_in, texts_in
from evals.tasks.receipt_metrics import COSTS, reached_metric
from evals.tasks.refusal_metrics import NOT_REFUSED
from evals.tasks.search_metrics import MRR, recall_metric
from tools.shapes import Language

_FILE = "xling_single_hop_xquad"
_COLLECTIONS: Mapping[Language, str] = {"zh": XQUAD_ZH, "en": XQUAD_EN}

_METRICS: tuple[Metric, ...] = (
    recall_metric(1),
    recall_metric(5),
    MRR,
    *ANSWERS,
    *NOT_REFUSED,
    GOLD_CITED,
    *CITATIONS,
    *CONFIDENCE,
    reached_metric("vector"),
    *COSTS,
)


def _read(pack: Pack, asked_in: Language, corpus: Language) -> Rows:
    collection = _COLLECTIONS[corpus]
    documents = read_corpora(pack).document_ids(collection)

    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        pid = text_in(values, f"gold_pid_{corpus}")
        if pid not in documents:
            raise UnusableRowError(f"gold_pid_{corpus} is not in the corpus")
        answers = texts_in(values, f"answers_{corpus}")
        gold = {"answers": answers, "documents": [pid], "must_refuse": False, "language": corpus}
        yield Row(
            text_in(values, "id"),
            {"question": text_in(values, f"question_{asked_in}"), "collections": [collection]},
            gold,
        )

    return read_rows(pack, _FILE, rows_of)


def _task(asked_in: Language, corpus: Language, about: str) -> Task:
    return Task(
        name=f"xling_{asked_in}_question_{corpus}_corpus",
        file=_FILE,
        about=about,
        read=partial(_read, asked_in=asked_in, corpus=corpus),
        observe=asked_and_searched,
        metrics=_METRICS,
    )


CROSS_LANGUAGE_TASKS = (
    _task("zh", "en", "Chinese questions over English passages (XQuAD), compared with the English answers."),
    _task("en", "zh", "English questions over Chinese passages (XQuAD), compared with the Chinese answers."),
)
