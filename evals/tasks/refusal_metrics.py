"""Whether what cannot be answered is refused, and what can is not.

Between the two stands an answer with a warning: the product says which words of the question its passages do not
mention, or which part it found nothing on, and gives what comes closest. It is no refusal, and counted beside them.
"""

from evals.metric import Metric, RowMetric
from evals.metrics.answered import without_notes
from evals.records import Record, Score
from evals.tasks.answers import is_answered, is_refused


def _refused(record: Record) -> Score | None:
    return float(is_refused(record))


def _refused_of_unanswerable(record: Record) -> Score | None:
    return _refused(record) if record["gold"]["must_refuse"] else None


def _refused_of_answerable(record: Record) -> Score | None:
    return None if record["gold"]["must_refuse"] else _refused(record)


def _warned(record: Record) -> bool:
    text = record["observed"]["answer"]["answer"]
    return is_answered(record) and without_notes(text) != text


def _refused_or_warned(record: Record) -> Score | None:
    return float(is_refused(record) or _warned(record)) if record["gold"]["must_refuse"] else None


def _warned_of_answerable(record: Record) -> Score | None:
    return None if record["gold"]["must_refuse"] else float(_warned(record))


def _asked_back(record: Record) -> Score | None:
    return float(record["observed"]["answer"]["status"] == "needs_input")


REFUSED = RowMetric("refused", _refused, "questions that were refused", better="neither")
REFUSAL_RECALL = RowMetric("refusal_recall", _refused_of_unanswerable, "questions without an answer that were refused")
REFUSED_OR_WARNED = RowMetric(
    "refused_or_warned",
    _refused_or_warned,
    "questions without an answer that were refused, or answered with a warning that the passages lack something",
)
FALSE_REFUSALS = RowMetric(
    "false_refusals", _refused_of_answerable, "questions with an answer that were refused", better="lower"
)
FALSE_WARNINGS = RowMetric(
    "warned", _warned_of_answerable, "questions with an answer that were answered with such a warning", better="neither"
)
ASKED_BACK = RowMetric(
    "asked_back", _asked_back, "questions that were asked back, neither answered nor refused", better="lower"
)

NOT_REFUSED: tuple[Metric, ...] = (FALSE_REFUSALS, FALSE_WARNINGS, ASKED_BACK)
"""Of a set whose questions all have an answer."""

REFUSALS: tuple[Metric, ...] = (REFUSAL_RECALL, REFUSED_OR_WARNED, *NOT_REFUSED)
