"""What documents say, as the rows that are written to the graph database.

A row is a list: maps would send the name of each property with each row, which costs as much as the values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tools.shapes import Document
from tools.stores.entity_names import lookup_key
from tools.stores.extraction_rows import fact_rows, mention_rows
from tools.stores.neo4j.schema import own_key
from tools.stores.protocols import PendingFacts

Row = list[Any]

_STATED = ("id", "head", "relation", "tail", "sentence", "chunk_id", "document_id", "folded_head", "folded_tail")
# The columns, by the properties that they become; the keys of the ends of a relation become none.
DOCUMENT = ("key", "ledger", "id", "collection", "readers")
ENTITY = ("key", "ledger", "folded_name", "lookup_key")
MENTION = (*("",) * len(ENTITY), "name", "kind", "chunk_ids")
"""Behind the columns of the entity that is mentioned."""
FACT = ("", "", "document_key", "collection", "readers", *_STATED)


@dataclass(frozen=True, slots=True)
class GraphRows:
    """Rows of one write. `mentions`: with the keys of their documents. `blank`: the entity at a fact's blank end."""

    documents: list[Row]
    mentions: list[tuple[str, Row]]
    facts: list[Row]
    blank: list[Row]

    @property
    def entity_keys(self) -> set[str]:
        """Of all entities that the documents name."""
        return {row[0] for _, row in self.mentions} | {row[0] for row in self.blank}


def graph_rows(ledger_id: str, pending: Sequence[PendingFacts]) -> GraphRows:
    """The rows of all documents; of one that is listed twice the last counts."""
    rows = GraphRows([], [], [], [])
    entities = _Entities(ledger_id)
    # In one order, so that of two writers of the same documents one waits for the other.
    for each in sorted({each.document.id: each for each in pending}.values(), key=lambda each: each.document.id):
        document = _document_row(ledger_id, each.document)
        rows.documents.append(document)
        rows.mentions.extend(_mention_rows(document, mention_rows(each.document.id, each.extraction), entities))
        rows.facts.extend(_fact_rows(document, fact_rows(each.document.id, each.extraction), entities))
    if "" in entities:
        rows.blank.append(entities[""])
    return rows


def by_document(mentions: Sequence[tuple[str, Row]]) -> list[Row]:
    """One row a document, with its mentions."""
    return [[key, [row for _, row in of_one]] for key, of_one in groupby(mentions, key=lambda mention: mention[0])]


class _Entities(dict[str, Row]):
    """The rows of all entities that were asked for, by their folded names."""

    def __init__(self, ledger_id: str) -> None:
        super().__init__()
        self._ledger_id = ledger_id

    def __missing__(self, folded_name: str) -> Row:
        key, looked_up_by = (own_key(self._ledger_id, own_id) for own_id in (folded_name, lookup_key(folded_name)))
        self[folded_name] = row = [key, self._ledger_id, folded_name, looked_up_by]
        return row


def _document_row(ledger_id: str, document: Document) -> Row:
    return [own_key(ledger_id, document.id), ledger_id, document.id, document.collection, list(document.readers)]


def _mention_rows(document: Row, named: Sequence[dict[str, Any]], entities: _Entities) -> Iterator[tuple[str, Row]]:
    """One a spelling, with the chunks that hold it."""
    chunks: dict[tuple[str, str, str], list[str]] = {}
    for row in named:
        chunks.setdefault((row["folded_name"], row["name"], row["kind"]), []).append(row["chunk_id"])
    for (folded_name, *spelling), ids in sorted(chunks.items()):
        yield document[0], [*entities[folded_name], *spelling, ids]


def _fact_rows(document: Row, stated: Sequence[dict[str, Any]], entities: _Entities) -> Iterator[Row]:
    key, _, _, collection, readers = document
    for row in stated:
        head, tail = entities[row["folded_head"]][0], entities[row["folded_tail"]][0]
        yield [head, tail, key, collection, readers, *(row[name] for name in _STATED)]
