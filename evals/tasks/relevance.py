"""Does the grader know a passage that is on the question? Each passage is all the evidence that there is.

A passage is taken for relevant when the evidence band that the product reads from it is not weak: what is weak is not
even graded. Whether it would be answered from is measured beside it. Of one passage alone the band is read more
strictly than of ten: how rare a word is among the found passages, by which it weighs, cannot be told of one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.metric import Metric, RowMetric, SetMetric, each_that
from evals.metrics.classification import balanced_accuracy, f1, precision
from evals.pack import Pack
from evals.product import Product
from evals.records import Record, Row, RowFault, Score
from evals.task import Rows, Task
from evals.tasks.fields import LANGUAGES, UnusableRowError, flag_in, label_in, read_rows, text_in
from tools.shapes import Passage

RELEVANT = "relevant"
IRRELEVANT = "irrelevant"

_HOTPOT = "relevance_en_hotpot"
_HOTPOT_PASSAGES = "multihop_hotpotqa.corpus"
_DUREADER = "relevance_zh_dureader"

Predicts = Callable[[Mapping[str, Any]], bool]


async def _observe(row: Row, product: Product) -> Mapping[str, Any]:
    """{"band", "enough", "judged_by"}, as `Product.grade` gives them."""
    passage = Passage(row.id, row.id, row.given["title"], "", row.given["passage"])
    # What limits the search would limit what is given here.
    return await product.over([passage]).grade(row.given["question"], route="vector", collections=[], sources=[])


def _dureader(values: Mapping[str, Any]) -> list[Row]:
    return [_row(values, text_in(values, "title", may_be_empty=True), text_in(values, "passage"))]


def _row(values: Mapping[str, Any], title: str, passage: str) -> Row:
    question = text_in(values, "question")
    # Passages of one question are easy or hard together.
    gold = {
        "relevant": flag_in(values, "relevant"),
        "language": label_in(values, "lang", LANGUAGES),
        "cluster": question,
    }
    given = {"question": question, "title": title, "passage": passage}
    return Row(text_in(values, "id"), given, gold)


def _read_dureader(pack: Pack) -> Rows:
    return read_rows(pack, _DUREADER, _dureader)


def _read_hotpot(pack: Pack) -> Rows:
    """The passages stand in a corpus, by their pid."""
    passages, faults = _passages(pack)

    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        pid = text_in(values, "pid")
        if pid not in passages:
            raise UnusableRowError(f"pid is not in {_HOTPOT_PASSAGES}")
        return [_row(values, *passages[pid])]

    rows, row_faults = read_rows(pack, _HOTPOT, rows_of)
    return rows, [*faults, *row_faults]


def _passages(pack: Pack) -> tuple[dict[str, tuple[str, str]], list[RowFault]]:
    """Title and text by pid, and the corpus' own faults; nothing where the pack lacks it, so that each row says so."""
    lines, faults = pack.lines(_HOTPOT_PASSAGES) if pack.has(_HOTPOT_PASSAGES) else ([], [])
    passages: dict[str, tuple[str, str]] = {}
    for line in lines:
        try:
            title = text_in(line.values, "title", may_be_empty=True)
            passages[text_in(line.values, "pid")] = title, text_in(line.values, "text")
        except UnusableRowError as error:
            faults.append(RowFault(line.number, str(line.values.get("pid", "")), f"{_HOTPOT_PASSAGES}: {error}"))
    return passages, faults


def _is_not_weak(observed: Mapping[str, Any]) -> bool:
    return bool(observed["band"] != "weak")


def _is_enough(observed: Mapping[str, Any]) -> bool:
    return bool(observed["enough"])


def relevance_pairs(records: Sequence[Record], predicts: Predicts) -> list[tuple[str, str]]:
    """Label and prediction of each record."""
    return [(_name(record["gold"]["relevant"]), _name(predicts(record["observed"]))) for record in records]


def _name(relevant: bool) -> str:
    return RELEVANT if relevant else IRRELEVANT


def _metrics(prefix: str, predicts: Predicts, says: str) -> tuple[Metric, ...]:
    """Precision, recall and their means for one way of reading what was observed."""

    def pairs(records: Sequence[Record]) -> list[tuple[str, str]]:
        return relevance_pairs(records, predicts)

    def precise(records: Sequence[Record]) -> Score:
        return precision(pairs(records), RELEVANT)

    def is_predicted(record: Record) -> bool:
        return predicts(record["observed"])

    def is_either(record: Record) -> bool:
        return bool(record["gold"]["relevant"]) or is_predicted(record)

    def recalled(record: Record) -> Score | None:
        return float(predicts(record["observed"])) if record["gold"]["relevant"] else None

    def both(records: Sequence[Record]) -> Score:
        return f1(pairs(records), RELEVANT)

    def balanced(records: Sequence[Record]) -> Score:
        return balanced_accuracy(pairs(records))

    return (
        SetMetric(
            f"{prefix}precision",
            precise,
            f"relevant passages among those {says}",
            draws=each_that(is_predicted),
            is_proportion=True,
        ),
        RowMetric(f"{prefix}recall", recalled, f"passages {says} among the relevant"),
        SetMetric(f"{prefix}f1", both, "2PR/(P+R)", unit="score", draws=each_that(is_either)),
        SetMetric(f"{prefix}balanced_accuracy", balanced, "mean of the recalls of relevant and other passages"),
    )


_ALL_METRICS = (
    *_metrics("", _is_not_weak, "whose band is not weak"),
    *_metrics("enough_", _is_enough, "that are found enough to answer from"),
)

RELEVANCE_TASKS = (
    Task(
        name=_DUREADER,
        file=_DUREADER,
        about="The evidence band and the grade of single web pages for a search engine's questions (DuReader).",
        read=_read_dureader,
        observe=_observe,
        metrics=_ALL_METRICS,
    ),
    Task(
        name=_HOTPOT,
        file=_HOTPOT,
        about="The evidence band and the grade of single passages, two of ten of which are each half of what a "
        "two-step question needs (HotpotQA).",
        read=_read_hotpot,
        observe=_observe,
        metrics=_ALL_METRICS,
    ),
)
