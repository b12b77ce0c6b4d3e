"""Questions in the middle of a conversation about sights, asked over a graph of facts (KdConv, travel).

Most are follow-ups, whose sight was named before. The value of the fact must stand in the answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.corpora import TRAVEL, read_corpora, travel_document_id
from evals.metric import Metric
from evals.pack import Pack
from evals.records import Record, Row
from evals.task import Rows, Task
from evals.tasks.answer_metrics import ANSWERS, CONFIDENCE, CONTAINS, GOLD_CITED
from evals.tasks.asking import asked
from evals.tasks.fields import UnusableRowError, read_rows, text_in, texts_in
from evals.tasks.receipt_metrics import COSTS, reached_metric
from evals.tasks.refusal_metrics import NOT_REFUSED
from evals.tasks.subsets import over

_FILE = "kbqa_zh_kdconv_travel"


def messages(texts: Sequence[str]) -> list[Mapping[str, str]]:
    """What two have said in turn, the last of it by the one who is asked."""
    roles = ("assistant", "user")
    return [{"role": roles[(len(texts) - 1 - n) % 2], "content": text} for n, text in enumerate(texts)]


def _read(pack: Pack) -> Rows:
    known = {tuple(line.values[part] for part in ("head", "relation", "tail")) for line in read_corpora(pack).triples}

    def rows_of(values: Mapping[str, Any]) -> Iterable[Row]:
        triples = _triples(values)
        if any(tuple(triple) not in known for triple in triples):
            raise UnusableRowError("one of gold_triples is not in the graph")
        history = messages(texts_in(values, "history", may_be_empty=True))
        gold = {
            "answers": [tail for _, _, tail in triples],
            "documents": sorted({travel_document_id(head) for head, _, _ in triples}),
            "triples": triples,
            "must_refuse": False,
            "language": "zh",
        }
        given = {"question": text_in(values, "question"), "history": history, "collections": [TRAVEL]}
        yield Row(text_in(values, "id"), given, gold)

    return read_rows(pack, _FILE, rows_of)


def _triples(values: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    triples = values.get("gold_triples")
    if not isinstance(triples, list) or not triples:
        raise UnusableRowError("gold_triples is no list with something in it")
    for triple in triples:
        if not isinstance(triple, list) or len(triple) != 3 or not all(isinstance(part, str) for part in triple):
            raise UnusableRowError("one of gold_triples is not head, relation and tail")
    return triples


def _is_follow_up(record: Record) -> bool:
    return bool(record["given"]["history"])


def _is_first(record: Record) -> bool:
    return not _is_follow_up(record)


def _is_named(record: Record) -> bool:
    """Whether the sight is named in the question or before it: the set cuts conversations short."""
    given = record["given"]
    said = "\n".join([given["question"], *(message["content"] for message in given["history"])])
    return any(head in said for head, _, _ in record["gold"]["triples"])


_HIT = replace(CONTAINS, name="hit@1", about="the value of one of the facts stands in the answer; not answered: 0")

_METRICS: tuple[Metric, ...] = (
    _HIT,
    over(_HIT, "first", _is_first, "questions that begin a conversation"),
    over(_HIT, "follow_up", _is_follow_up, "questions that follow on something"),
    over(_HIT, "named", _is_named, "questions whose sight is named in them or before them"),
    *ANSWERS,
    *NOT_REFUSED,
    GOLD_CITED,
    *CONFIDENCE,
    reached_metric("graph"),
    *COSTS,
)

DIALOGUE_TASKS = (
    Task(
        name=_FILE,
        file=_FILE,
        about="Chinese questions on sights, most of them follow-ups (KdConv), over a graph of facts about them.",
        read=_read,
        observe=asked,
        metrics=_METRICS,
    ),
)
