"""Rows of entities, mentions and facts: written in the ledger's transaction, read by the embedded knowledge graph."""

from typing import Any

from sqlalchemy import Connection, RowMapping, delete, exists, insert, select

from tools.shapes import Extraction, Fact
from tools.stores.entity_names import fold_name, lookup_key
from tools.stores.sql_database import insert_new
from tools.stores.tables import entities, facts, mentions

BATCH = 900
"""How many values one IN list holds: well below the databases' limits on parameters."""


def write_extraction(connection: Connection, document_id: str, extraction: Extraction) -> None:
    """Replaces what a document says. Writing the same again changes nothing."""
    fact_rows = [_fact_row(document_id, fact) for fact in {fact.id: fact for fact in extraction.facts}.values()]
    mention_rows = _mention_rows(document_id, extraction)
    names_before = _delete_rows(connection, document_id)
    names = {row["folded_name"] for row in mention_rows}
    if names:
        keys = [{"folded_name": name, "lookup_key": lookup_key(name)} for name in sorted(names)]
        connection.execute(insert_new(connection, entities), keys)
        connection.execute(insert(mentions), mention_rows)
    if fact_rows:
        connection.execute(insert(facts), fact_rows)
    _delete_unnamed(connection, names_before - names)


def delete_extraction(connection: Connection, document_id: str) -> None:
    """Forgets what a document says, and the entities that nothing else names."""
    _delete_unnamed(connection, _delete_rows(connection, document_id))


def fact_from(row: RowMapping) -> Fact:
    """A fact from a row with the columns of `facts`."""
    return Fact(
        row["id"], row["head"], row["relation"], row["tail"], row["sentence"], row["chunk_id"], row["document_id"]
    )


def _fact_row(document_id: str, fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "head": fact.head,
        "relation": fact.relation,
        "tail": fact.tail,
        "sentence": fact.sentence,
        "chunk_id": fact.chunk_id,
        "document_id": document_id,
        "folded_head": fold_name(fact.head),
        "folded_tail": fold_name(fact.tail),
    }


def _mention_rows(document_id: str, extraction: Extraction) -> list[dict[str, Any]]:
    """One a name and chunk. The ends of a fact are named by its chunk, whether the extraction says so or not."""
    kinds: dict[str, str] = {}
    for entity in extraction.entities:
        kinds.setdefault(fold_name(entity.name), entity.kind)
    named = [(entity.name, entity.kind, entity.chunk_id) for entity in extraction.entities]
    for fact in extraction.facts:
        for name in (fact.head, fact.tail):
            named.append((name, kinds.get(fold_name(name), "thing"), fact.chunk_id))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name, kind, chunk_id in named:
        folded = fold_name(name)
        if folded:
            row = {"folded_name": folded, "chunk_id": chunk_id, "document_id": document_id, "name": name, "kind": kind}
            rows.setdefault((folded, chunk_id), row)
    return list(rows.values())


def _delete_rows(connection: Connection, document_id: str) -> set[str]:
    """Deletes facts and mentions; returns the folded names that were mentioned."""
    of_document = mentions.c.document_id == document_id
    names = set(connection.execute(select(mentions.c.folded_name).where(of_document).distinct()).scalars())
    connection.execute(delete(facts).where(facts.c.document_id == document_id))
    connection.execute(delete(mentions).where(of_document))
    return names


def _delete_unnamed(connection: Connection, names: set[str]) -> None:
    ordered = sorted(names)
    for start in range(0, len(ordered), BATCH):
        connection.execute(
            delete(entities).where(
                entities.c.folded_name.in_(ordered[start : start + BATCH]),
                ~exists(select(1).where(mentions.c.folded_name == entities.c.folded_name)),
            )
        )
