"""Rows of entities, mentions and facts: written in the ledger's transaction, read by the embedded knowledge graph."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, delete, exists, select

from tools.shapes import Entity, Extraction, Fact
from tools.stores.entity_names import fold_name, lookup_key
from tools.stores.extraction_rows import fact_rows, mention_rows
from tools.stores.sql.row_changes import row_changes, rows_of
from tools.stores.sql.sql_database import insert_new
from tools.stores.sql.tables import entities, facts, mentions

BATCH = 900
"""How many values one IN list holds: well below the databases' limits on parameters."""


# PostgreSQL indexes no row of more than some 2,700 bytes, in which two names stand: as written and as compared, or
# those of a fact. No name that a question could hold is as long.
_NAME_BYTES = 1000
_KIND_BYTES = 200


def write_extraction(connection: Connection, document_id: str, extraction: Extraction) -> None:
    """Replaces what a document says. What it says as before is not written again.

    Entities whose name or kind no database can index are left out with their facts, rather than the whole document.
    """
    kept = _indexable(extraction)
    named = mention_rows(document_id, kept)
    naming = row_changes(mentions, rows_of(connection, mentions, document_id), named)
    names = sorted({row["folded_name"] for row in naming.new})
    if names:
        keys = [{"folded_name": name, "lookup_key": lookup_key(name)} for name in names]
        connection.execute(insert_new(connection, entities), keys)
    naming.write(connection)
    row_changes(facts, rows_of(connection, facts, document_id), fact_rows(document_id, kept)).write(connection)
    _delete_unnamed(connection, {row.folded_name for row in naming.gone} - {row["folded_name"] for row in named})


def delete_extraction(connection: Connection, document_id: str) -> None:
    """Forgets what a document says, and the entities that nothing else names."""
    of_document = mentions.c.document_id == document_id
    names = set(connection.execute(select(mentions.c.folded_name).where(of_document).distinct()).scalars())
    connection.execute(delete(facts).where(facts.c.document_id == document_id))
    connection.execute(delete(mentions).where(of_document))
    _delete_unnamed(connection, names)


def extractions_of(connection: Connection, document_ids: Sequence[str]) -> dict[str, Extraction]:
    """What each of the documents says, as it was written: the ends of its facts are entities too."""
    entities_of: dict[str, list[Entity]] = defaultdict(list)
    facts_of: dict[str, list[Fact]] = defaultdict(list)
    for start in range(0, len(document_ids), BATCH):
        some = document_ids[start : start + BATCH]
        named = select(mentions).where(mentions.c.document_id.in_(some))
        for row in connection.execute(named.order_by(mentions.c.chunk_id, mentions.c.folded_name)):
            entities_of[row.document_id].append(Entity(row.name, row.kind, row.chunk_id))
        stated = select(facts).where(facts.c.document_id.in_(some))
        for fact in connection.execute(stated.order_by(facts.c.id)).mappings():
            facts_of[fact["document_id"]].append(fact_from(fact))
    return {id_: Extraction(tuple(entities_of[id_]), tuple(facts_of[id_])) for id_ in document_ids}


def fact_from(row: RowMapping) -> Fact:
    """A fact from a row with the columns of `facts`."""
    return Fact(
        row["id"], row["head"], row["relation"], row["tail"], row["sentence"], row["chunk_id"], row["document_id"]
    )


def _indexable(extraction: Extraction) -> Extraction:
    return Extraction(
        tuple(each for each in extraction.entities if _is_name(each.name) and len(each.kind.encode()) <= _KIND_BYTES),
        tuple(fact for fact in extraction.facts if _is_name(fact.head) and _is_name(fact.tail)),
    )


def _is_name(name: str) -> bool:
    return max(len(name.encode()), len(fold_name(name).encode())) <= _NAME_BYTES


def _delete_unnamed(connection: Connection, names: set[str]) -> None:
    ordered = sorted(names)
    for start in range(0, len(ordered), BATCH):
        connection.execute(
            delete(entities).where(
                entities.c.folded_name.in_(ordered[start : start + BATCH]),
                ~exists(select(1).where(mentions.c.folded_name == entities.c.folded_name)),
            )
        )
