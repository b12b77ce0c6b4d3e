"""Changes of the graph database: each a function of one transaction. Values go in by parameters alone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from tools.stores.neo4j.errors import OvertakenError
from tools.stores.neo4j.reads import Ask
from tools.stores.neo4j.rows import DOCUMENT, ENTITY, FACT, MENTION, GraphRows, Row, by_document
from tools.stores.neo4j.schema import own_key

# How much one statement writes or deletes: it is answered well within the time that a server is given.
_WRITTEN_AT_ONCE = 1000
_DELETED_AT_ONCE = 5000
_DOCUMENTS_AT_ONCE = 100
_ENTITIES_AT_ONCE = 500

Value = TypeVar("Value")


def _properties(columns: Sequence[str], row: str) -> str:
    """A map of the columns of `row` that become properties."""
    named = (f"{name}: {row}[{position}]" for position, name in enumerate(columns) if name)
    return f"{{{', '.join(named)}}}"


# Setting a property locks the document: of two writers the second waits and replaces what the first has written.
_HOLD_DOCUMENTS = f"""
UNWIND $rows AS row
MERGE (document:SignpostDocument {{key: row[0]}})
WITH document, row, document.id IS NOT NULL AS was_held
SET document += {_properties(DOCUMENT, "row")}
WITH row, was_held WHERE was_held
RETURN row[0]
"""
_HELD_DOCUMENTS = """
UNWIND $keys AS key
MATCH (document:SignpostDocument {key: key})
SET document.ledger = document.ledger
RETURN key
"""
_MENTION = f"""
UNWIND $rows AS row
MATCH (document:SignpostDocument {{key: row[0]}})
UNWIND row[1] AS mention
MERGE (entity:SignpostEntity {{key: mention[0]}})
ON CREATE SET entity += {_properties(ENTITY, "mention")}
CREATE (document)-[:SIGNPOST_MENTION {_properties(MENTION, "mention")}]->(entity)
RETURN count(*)
"""
_ADD_BLANK = f"""
UNWIND $rows AS row
MERGE (entity:SignpostEntity {{key: row[0]}})
ON CREATE SET entity += {_properties(ENTITY, "row")}
"""
_STATE = f"""
UNWIND $rows AS row
MATCH (head:SignpostEntity {{key: row[0]}})
MATCH (tail:SignpostEntity {{key: row[1]}})
CREATE (head)-[:SIGNPOST_FACT {_properties(FACT, "row")}]->(tail)
RETURN count(*)
"""
# The ends are asked for afterwards: named in the pattern, a server may begin with all entities and not with the index.
_FORGET_FACTS = f"""
MATCH ()-[fact:SIGNPOST_FACT]->()
WHERE fact.document_key IN $keys
WITH fact
WHERE "SignpostEntity" IN labels(startNode(fact)) AND "SignpostEntity" IN labels(endNode(fact))
WITH fact LIMIT {_DELETED_AT_ONCE}
DELETE fact
RETURN count(*), []
"""
_FORGET_MENTIONS = f"""
UNWIND $keys AS key
MATCH (:SignpostDocument {{key: key}})-[mention:SIGNPOST_MENTION]->(entity:SignpostEntity)
WITH mention, entity.key AS named LIMIT {_DELETED_AT_ONCE}
DELETE mention
RETURN count(*), collect(DISTINCT named)
"""
_FORGET_DOCUMENTS = """
UNWIND $keys AS key
MATCH (document:SignpostDocument {key: key})
DETACH DELETE document
"""
# Locked before it is looked at: whoever names it meanwhile has done so by then, or finds it gone and begins again.
_FORGET_UNNAMED = """
UNWIND $keys AS key
MATCH (entity:SignpostEntity {key: key})
SET entity.ledger = entity.ledger
WITH entity WHERE NOT (entity)--()
DELETE entity
"""
_SOME_DOCUMENTS = f"""
MATCH (document:SignpostDocument {{ledger: $ledger}})
RETURN document.key LIMIT {_DOCUMENTS_AT_ONCE}
"""
_CLEAR_ENTITIES = f"""
MATCH (entity:SignpostEntity {{ledger: $ledger}})
WITH entity LIMIT {_ENTITIES_AT_ONCE}
DETACH DELETE entity
RETURN count(*)
"""


class UndoneError(Exception):
    """Ends a transaction whose changes are not to stay."""


async def change_schema(ask: Ask, statement: str) -> None:
    """One statement of the schema."""
    await ask(statement, {})


async def write_documents(ask: Ask, ledger_id: str, rows: GraphRows) -> None:
    """Replaces what the documents say."""
    held = [key for (key,) in await _ask_in_parts(ask, _HOLD_DOCUMENTS, "rows", rows.documents)]
    named_before = await _forget_said(ask, held)
    created = 0
    for mentions in _parts(rows.mentions):
        created += await _count(ask, _MENTION, by_document(mentions))
    await _ask_in_parts(ask, _ADD_BLANK, "rows", rows.blank)
    for facts in _parts(rows.facts):
        created += await _count(ask, _STATE, facts)
    if created != len(rows.mentions) + len(rows.facts):
        raise OvertakenError("An entity was deleted while it was referred to.")
    await _forget_unnamed(ask, ledger_id, named_before - rows.entity_keys)


async def remove_documents(ask: Ask, ledger_id: str, keys: Sequence[str]) -> None:
    """Deletes documents and what only they said."""
    held = [key for (key,) in await _ask_in_parts(ask, _HELD_DOCUMENTS, "keys", sorted(keys))]
    named = await _forget_said(ask, held)
    await _ask_in_parts(ask, _FORGET_DOCUMENTS, "keys", held)
    await _forget_unnamed(ask, ledger_id, named)


async def clear_some_documents(ask: Ask, ledger_id: str) -> bool:
    """Deletes documents with all that they say, and leaves the entities; False when there was none."""
    keys = [key for (key,) in await ask(_SOME_DOCUMENTS, {"ledger": ledger_id})]
    await _forget_said(ask, keys)
    await _ask_in_parts(ask, _FORGET_DOCUMENTS, "keys", keys)
    return bool(keys)


async def clear_some_entities(ask: Ask, ledger_id: str) -> bool:
    """Deletes entities of the ledger, with facts that no document is left of; False when there was none."""
    return any(count for (count,) in await ask(_CLEAR_ENTITIES, {"ledger": ledger_id}))


async def write_and_undo(ask: Ask) -> None:
    """Raises UndoneError where the database can be written, else what the server has against it."""
    await ask("CREATE (:SignpostDocument)", {})
    raise UndoneError


async def _forget_said(ask: Ask, document_keys: Sequence[str]) -> set[str]:
    """Deletes facts and mentions of documents; returns the keys of the entities that they named."""
    named: set[str] = set()
    for statement in (_FORGET_FACTS, _FORGET_MENTIONS) if document_keys else ():
        count = _DELETED_AT_ONCE
        while count == _DELETED_AT_ONCE:
            deleted = await ask(statement, {"keys": document_keys})
            count = sum(count for count, _ in deleted)
            named.update(key for _, keys in deleted for key in keys)
    return named


async def _forget_unnamed(ask: Ask, ledger_id: str, keys: Iterable[str]) -> None:
    named = set(keys)
    if named:
        # The blank end of a fact is an entity that no mention names.
        await _ask_in_parts(ask, _FORGET_UNNAMED, "keys", sorted({*named, own_key(ledger_id, "")}))


async def _count(ask: Ask, statement: str, rows: Sequence[Row]) -> int:
    return sum(count for (count,) in await ask(statement, {"rows": rows}))


async def _ask_in_parts(ask: Ask, statement: str, parameter: str, values: Sequence[Any]) -> list[list[Any]]:
    return [row for part in _parts(values) for row in await ask(statement, {parameter: part})]


def _parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    return (values[start : start + _WRITTEN_AT_ONCE] for start in range(0, len(values), _WRITTEN_AT_ONCE))
