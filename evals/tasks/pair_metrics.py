"""A question and its twin, whose documents are hidden: is the one answered, and the other one refused?

Each alone can be had cheaply, by answering everything or nothing; both together cannot.
"""

from collections.abc import Callable, Sequence

from evals.metric import Better, SetMetric
from evals.records import NotComputed, Record, Score
from evals.tasks.answers import has_answer, is_answered, is_refused, is_right

_Pair = tuple[Record, Record]
"""The question that can be answered, and its twin."""


def pairs_of(records: Sequence[Record]) -> list[_Pair]:
    """Each twin that is among the records with its question, if that is among them too."""
    by_id = {record["id"]: record for record in records}
    twins = [record for record in records if record["gold"].get("twin_of") in by_id]
    return [(by_id[twin["gold"]["twin_of"]], twin) for twin in twins]


def _pair_metric(
    name: str, is_counted: Callable[[Record, Record], bool], about: str, better: Better = "higher"
) -> SetMetric:
    def score(records: Sequence[Record]) -> Score:
        pairs = pairs_of(records)
        return sum(is_counted(*pair) for pair in pairs) / len(pairs) if pairs else NotComputed("no pairs")

    return SetMetric(name, score, about, better=better, draws=pairs_of, is_proportion=True)


def _both_right(question: Record, twin: Record) -> bool:
    answered = is_right(question) if has_answer(question) else is_answered(question)
    return answered and is_refused(twin)


PAIRS = (
    _pair_metric(
        "pairs_right",
        _both_right,
        "questions answered rightly whose twin, with its documents hidden, is refused / pairs",
    ),
    _pair_metric(
        "pairs_told_apart",
        lambda question, twin: is_answered(question) and is_refused(twin),
        "questions answered, rightly or not, whose twin is refused / pairs",
    ),
    _pair_metric(
        "pairs_both_answered",
        lambda question, twin: is_answered(question) and is_answered(twin),
        "questions answered whose twin is answered too: from what is left, or from nothing / pairs",
        better="lower",
    ),
)
"""Over the pairs whose two rows were both run."""
