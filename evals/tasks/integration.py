"""Questions that ask for several things at once, each of which another given passage says (RGB): are all answered?"""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from evals.metric import Metric, RowMetric
from evals.pack import Pack
from evals.records import Record, Row, Score
from evals.task import Rows, Task
from evals.tasks.answer_metrics import CITATIONS
from evals.tasks.answer_parts import ACCURACY, gold_of, parts_of, share_said
from evals.tasks.asking import asked_over_given
from evals.tasks.fields import UnusableRowError, read_rows, text_in
from evals.tasks.noise import PASSAGES, drawn, seed_of
from evals.tasks.receipt_metrics import COSTS
from evals.tasks.refusal_metrics import NOT_REFUSED

_FILE = "rgb_zh_integration"


def _read(pack: Pack) -> Rows:
    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        id_ = text_in(values, "id")
        groups = _groups(values, "positive_groups")
        parts = parts_of([part for group in _groups(values, "sub_answers") for part in group], "sub_answers")
        given = {"question": text_in(values, "question"), "passages": passages_of(groups, id_)}
        yield Row(id_, given, gold_of(parts, "zh"))

    return read_rows(pack, _FILE, rows_of)


def passages_of(groups: Sequence[Sequence[str]], row_id: str) -> list[str]:
    """One passage of each group, and further ones as far as there are fewer than five; in an order of chance."""
    mixed = [drawn(group, f"{row_id}:{number}") for number, group in enumerate(groups)]
    first = [group[0] for group in mixed]
    further = [text for group in mixed for text in group[1:]]
    passages = [*first, *further[: max(0, PASSAGES - len(first))]]
    return Random(seed_of(row_id)).sample(passages, len(passages))


def _groups(values: Mapping[str, Any], name: str) -> list[list[Any]]:
    """A list of lists, those with something in them."""
    if name not in values:
        raise UnusableRowError(f"has no {name}")
    value = values[name]
    if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
        raise UnusableRowError(f"{name} is no list of lists")
    if name == "positive_groups" and not all(isinstance(text, str) for group in value for text in group):
        raise UnusableRowError(f"{name} holds what is no text")
    groups = [group for group in value if group]
    if not groups:
        raise UnusableRowError(f"{name} is empty")
    return groups


def _share(record: Record) -> Score | None:
    return share_said(record, record["gold"]["parts"])


_METRICS: tuple[Metric, ...] = (
    RowMetric("sub_answers_said", _share, "sub-answers that stand in the answer / sub-answers; not answered: 0"),
    ACCURACY,
    *NOT_REFUSED,
    *CITATIONS,
    *COSTS,
)

INTEGRATION_TASKS = (
    Task(
        name=_FILE,
        file=_FILE,
        about="Chinese questions for several things at once (RGB), over given passages that each hold one of them.",
        read=_read,
        observe=asked_over_given,
        metrics=_METRICS,
    ),
)
