"""Names and facts that were read, compared with those that people marked; any of an entity's names stands for it."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache, partial

from evals.metric import Metric, RowMetric, SetMetric, each_that
from evals.metrics.set_overlap import micro_f1, micro_precision, micro_recall
from evals.records import Record, Score
from tools.stores.entity_names import fold_name

Found = tuple[AbstractSet[Hashable], AbstractSet[Hashable]]
"""What was read, and what is right."""

_ARTICLE = re.compile(r"^(?:the|an?) (?=\S)")


@dataclass(frozen=True, slots=True)
class Compared:
    """What was read of one text (`found`) and what is right (`gold`), in names that can be compared.

    entities: their names. pairs: each two that a triple joins, in any direction. triples: head, relation and tail.
    """

    entities: Found
    pairs: Found
    triples: Found


def compared(record: Record) -> Compared:
    """Entities of the gold by their place in it, all else by its folded name."""
    names: Sequence[Sequence[str]] = record["gold"]["names"]
    places: dict[str, int] = {}
    for place, borne in enumerate(names):
        for name in borne:
            places.setdefault(_folded(name), place)

    def known(name: str) -> int | str:
        return places.get(folded := _folded(name), folded)

    gold = {(head, _folded(relation), tail) for head, relation, tail in record["gold"]["triples"]}
    found = {(known(head), _folded(relation), known(tail)) for head, relation, tail in record["observed"]["facts"]}
    entities = {known(name) for name in record["observed"]["entities"]}
    return Compared((entities, set(range(len(names)))), (_pairs(found), _pairs(gold)), (found, gold))


def _folded(name: str) -> str:
    """As the knowledge graph compares names, and without an English article, which is marked as it comes."""
    return _ARTICLE.sub("", fold_name(name))


def _pairs(triples: Iterable[tuple[Hashable, str, Hashable]]) -> set[Hashable]:
    """Without what joins a thing to itself, by two of its names."""
    return {frozenset((head, tail)) for head, _, tail in triples if head != tail}


class _Same:
    """A record as what it is the same object as: intervals ask for the same ones hundreds of times."""

    __slots__ = ("record",)

    def __init__(self, record: Record) -> None:
        self.record = record

    def __hash__(self) -> int:
        return id(self.record)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.record is self.record


_Kind = Callable[[Compared], Found]


@lru_cache(maxsize=2048)
def _compared_once(same: _Same) -> Compared:
    return compared(same.record)


def _has_found(record: Record, kind: _Kind) -> bool:
    found, _ = kind(_compared_once(_Same(record)))
    return bool(found)


def _has_gold(record: Record, kind: _Kind) -> bool:
    _, gold = kind(_compared_once(_Same(record)))
    return bool(gold)


def _has_either(record: Record, kind: _Kind) -> bool:
    return _has_found(record, kind) or _has_gold(record, kind)


def _all_compared(records: Iterable[Record]) -> list[Compared]:
    return [_compared_once(_Same(record)) for record in records]


def _fact_count(record: Record) -> Score:
    return float(len(record["observed"]["facts"]))


def _three(name: str, kind: _Kind, what: str) -> tuple[SetMetric, ...]:
    """Precision, recall and F1 over all texts."""

    def precision(records: Sequence[Record]) -> Score:
        return micro_precision(map(kind, _all_compared(records)))

    def recall(records: Sequence[Record]) -> Score:
        return micro_recall(map(kind, _all_compared(records)))

    def f1(records: Sequence[Record]) -> Score:
        return micro_f1(map(kind, _all_compared(records)))

    return (
        SetMetric(
            f"{name}_precision",
            precision,
            f"{what}: right ones / read, over all texts",
            draws=each_that(partial(_has_found, kind=kind)),
        ),
        SetMetric(
            f"{name}_recall",
            recall,
            f"{what}: right ones / marked, over all texts",
            draws=each_that(partial(_has_gold, kind=kind)),
        ),
        SetMetric(
            f"{name}_f1", f1, f"{what}: 2PR/(P+R)", unit="score", draws=each_that(partial(_has_either, kind=kind))
        ),
    )


def _entity_recall(records: Sequence[Record]) -> Score:
    return micro_recall(each.entities for each in _all_compared(records))


EXTRACTION_METRICS: tuple[Metric, ...] = (
    *_three(
        "pair", lambda each: each.pairs, "pairs of entities that a fact joins, in any direction and by any relation"
    ),
    *_three("triple", lambda each: each.triples, "triples, with the relation by its name"),
    SetMetric(
        "entity_recall",
        _entity_recall,
        "marked entities found under any of their names / marked, over all texts",
        draws=each_that(partial(_has_gold, kind=lambda each: each.entities)),
    ),
    RowMetric("facts", _fact_count, "facts read of a text", unit="count", better="neither"),
)
