"""Does the check of the answer's sentences tell what the evidence supports from what was made up?

Each sentence is checked as the answer's door and the verify node check it. An answer is taken for supported when all
its sentences are, and for hallucinated otherwise.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.metric import RowMetric, SetMetric, each_that
from evals.metrics.classification import balanced_accuracy, f1, precision
from evals.pack import Pack
from evals.product import Product
from evals.records import Record, Row, Score
from evals.task import Rows, Task
from evals.tasks.fields import LANGUAGES, label_in, read_rows, text_in
from tools.text.citations import marked_sentences, without_marks
from tools.text.support import check_support

SUPPORTED = "supported"
HALLUCINATED = "hallucinated"
UNDECIDED = "undecided"
"""Those who labelled the answer could not agree: it is run and counted, and no metric takes sides on it."""

# FaithBench's labels for the worst thing in a summary, as two: what nobody would object to is supported.
_FAITHBENCH = {
    "Unwanted": HALLUCINATED,
    "Consistent": SUPPORTED,
    "Benign": SUPPORTED,
    "Questionable": UNDECIDED,
}


def verdict(record: Record) -> str:
    """What the check says of the whole answer."""
    return SUPPORTED if record["observed"]["supported"] else HALLUCINATED


def verdict_pairs(records: Sequence[Record]) -> list[tuple[str, str]]:
    """Label and verdict of each record whose label is decided."""
    return [(record["gold"]["label"], verdict(record)) for record in records if _is_decided(record)]


async def _observe(row: Row, product: Product) -> Mapping[str, Any]:
    """{"supported", "sentences": [{"text", "supported", "missing", "claims_nothing", "compared"}]}."""
    sentences = await asyncio.to_thread(_checked, row.given["answer"], row.given["context"])
    return {"supported": all(sentence["supported"] for sentence in sentences), "sentences": sentences}


def _checked(answer: str, context: str) -> list[dict[str, Any]]:
    """Each sentence of the answer with the outcome of its check."""
    checks = [(each, check_support(without_marks(each), [context])) for each in marked_sentences(answer)]
    return [
        {
            "text": sentence,
            "supported": support.supported,
            "missing": list(support.missing),
            "claims_nothing": support.claims_nothing,
            "compared": support.compared,
        }
        for sentence, support in checks
    ]


def _row(values: Mapping[str, Any], id_: str, context: str, answer: str, label: str) -> Row:
    gold = {"label": label, "language": label_in(values, "lang", LANGUAGES)}
    return Row(id_, {"context": context, "answer": answer}, gold)


def _labelled(values: Mapping[str, Any]) -> list[Row]:
    label = label_in(values, "label", (SUPPORTED, HALLUCINATED))
    return [_row(values, text_in(values, "id"), text_in(values, "context"), text_in(values, "answer"), label)]


def _faithbench(values: Mapping[str, Any]) -> list[Row]:
    label = _FAITHBENCH[label_in(values, "worst_label", _FAITHBENCH)]
    return [_row(values, text_in(values, "id"), text_in(values, "context"), text_in(values, "answer"), label)]


def _uhgeval(values: Mapping[str, Any]) -> list[Row]:
    """Two continuations of a news report's beginning; both are held against the whole report."""
    id_, context = text_in(values, "id"), f"{text_in(values, 'context')}\n{text_in(values, 'real_rest')}"
    return [
        _in_cluster(id_, _row(values, f"{id_}:{name}", context, text_in(values, name), label))
        for name, label in (("faithful", SUPPORTED), ("hallucinated", HALLUCINATED))
    ]


def _in_cluster(cluster: str, row: Row) -> Row:
    return replace(row, gold={**row.gold, "cluster": cluster})


def _reader(file: str, rows_of: Callable[[Mapping[str, Any]], list[Row]]) -> Callable[[Pack], Rows]:
    return lambda pack: read_rows(pack, file, rows_of)


def _balanced_accuracy(records: Sequence[Record]) -> Score:
    return balanced_accuracy(verdict_pairs(records))


def _precision(records: Sequence[Record]) -> Score:
    return precision(verdict_pairs(records), HALLUCINATED)


def _f1(records: Sequence[Record]) -> Score:
    return f1(verdict_pairs(records), HALLUCINATED)


def _caught(record: Record) -> Score | None:
    return float(verdict(record) == HALLUCINATED) if record["gold"]["label"] == HALLUCINATED else None


def _false_alarm(record: Record) -> Score | None:
    return float(verdict(record) == HALLUCINATED) if record["gold"]["label"] == SUPPORTED else None


def _is_undecided(record: Record) -> Score:
    return float(not _is_decided(record))


def _is_decided(record: Record) -> bool:
    return bool(record["gold"]["label"] != UNDECIDED)


def _is_suspected(record: Record) -> bool:
    return _is_decided(record) and verdict(record) == HALLUCINATED


def _is_hallucinated_or_suspected(record: Record) -> bool:
    return bool(record["gold"]["label"] == HALLUCINATED) or _is_suspected(record)


_METRICS = (
    SetMetric(
        "balanced_accuracy",
        _balanced_accuracy,
        "mean of the recalls of supported and hallucinated answers",
        draws=each_that(_is_decided),
    ),
    SetMetric(
        "precision",
        _precision,
        "hallucinated answers among those taken for hallucinated",
        draws=each_that(_is_suspected),
        is_proportion=True,
    ),
    RowMetric("recall", _caught, "answers taken for hallucinated among the hallucinated"),
    SetMetric("f1", _f1, "2PR/(P+R) of hallucinated", unit="score", draws=each_that(_is_hallucinated_or_suspected)),
    RowMetric("false_alarms", _false_alarm, "supported answers taken for hallucinated / supported", better="lower"),
)
_LEFT_OUT = RowMetric(
    "left_out", _is_undecided, "answers whose label is undecided, which no other figure counts / rows", better="neither"
)


def _task(name: str, about: str, rows_of: Callable[[Mapping[str, Any]], list[Row]]) -> Task:
    file = f"faithfulness_{name}"
    metrics = (*_METRICS, _LEFT_OUT) if rows_of is _faithbench else _METRICS
    return Task(name=file, file=file, about=about, read=_reader(file, rows_of), observe=_observe, metrics=metrics)


FAITHFULNESS_TASKS = (
    _task("en_halueval_qa", "The check of sentences, on answers in a few words or a sentence (HaluEval).", _labelled),
    _task("en_summedits", "The check of sentences, on summaries with one small change (SummEdits).", _labelled),
    _task(
        "en_faithbench",
        "The check of sentences, on models' summaries. By its worst label one that is Unwanted is hallucinated, one "
        "that is Consistent or Benign supported, and one that is Questionable left out (FaithBench).",
        _faithbench,
    ),
    _task(
        "zh_uhgeval",
        "The check of sentences, on continuations of news held against the whole report: the faithful ones are taken "
        "from it word for word, so that above all the recall says something (UHGEval).",
        _uhgeval,
    ),
)
