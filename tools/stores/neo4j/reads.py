"""What is read from the graph database: each a function of one transaction. Values go in by parameters alone."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tools.access import Access
from tools.shapes import Fact, Filters
from tools.stores.entity_matches import Spellings, entity_matches
from tools.stores.entity_names import fold_name, lookup_keys, spans_in
from tools.stores.fact_walk import MOST_ROWS, FactRow, Found, Result, Step, Walk
from tools.stores.neo4j.schema import own_key
from tools.stores.protocols import EntityMatch

Ask = Callable[[str, Mapping[str, Any]], Awaitable[list[list[Any]]]]
"""Runs a statement with its parameters and returns the rows."""


def _visible(element: str) -> str:
    """True where the identity may read what carries `readers` and the filters ask for its `collection`."""
    return (
        f"any(reader IN {element}.readers WHERE reader IN $readers)"
        f" AND ($every_collection OR {element}.collection IN $collections)"
    )


def _scope(access: Access, filters: Filters) -> dict[str, Any]:
    """The values of the parameters that `_visible` holds."""
    return {
        "readers": access.readers,
        "collections": filters.collections,
        "every_collection": not filters.collections,
    }


_DOCUMENT_COUNT = "MATCH (document:SignpostDocument {ledger: $ledger}) RETURN count(document)"

# A text may hold the beginnings of many names and few names: of the others nothing is counted.
_SPELLINGS = f"""
MATCH (entity:SignpostEntity)
WHERE entity.lookup_key IN $lookup_keys AND $text CONTAINS entity.folded_name
MATCH (document:SignpostDocument)-[mention:SIGNPOST_MENTION]->(entity)
WHERE {_visible("document")}
RETURN entity.folded_name, mention.name, mention.kind, sum(size(mention.chunk_ids))
"""

_FACT = (
    "fact.id, fact.head, fact.relation, fact.tail, fact.sentence, fact.chunk_id, fact.document_id,"
    " fact.folded_head, fact.folded_tail"
)


def _around(pattern: str, at_head: str) -> str:
    return f"""
MATCH (entity:SignpostEntity) WHERE entity.key IN $around
UNWIND COLLECT {{
  MATCH {pattern} WHERE {_visible("fact")} RETURN fact ORDER BY fact.id LIMIT $each
}} AS fact
WITH entity, fact ORDER BY entity.folded_name, fact.id LIMIT {MOST_ROWS}
RETURN "around" AS part, {at_head} AS at_head, {_FACT}"""


def _between(pattern: str, at_head: str) -> str:
    return f"""
MATCH {pattern}
WHERE near.key IN $near AND far.key IN $far AND {_visible("fact")}
WITH fact LIMIT {MOST_ROWS}
RETURN "between" AS part, {at_head} AS at_head, {_FACT}"""


_BETWEEN = (
    _between("(near:SignpostEntity)-[fact:SIGNPOST_FACT]->(far:SignpostEntity)", at_head="true"),
    _between("(near:SignpostEntity)<-[fact:SIGNPOST_FACT]-(far:SignpostEntity)", at_head="false"),
)
_AROUND = (
    _around("(entity)-[fact:SIGNPOST_FACT]->()", at_head="true"),
    _around("(entity)<-[fact:SIGNPOST_FACT]-()", at_head="false"),
)
# One statement for a step, whether it asks for one kind of facts or for both.
_STEP_BETWEEN, _STEP_AROUND, _STEP_BOTH = map("\nUNION ALL".join, (_BETWEEN, _AROUND, _BETWEEN + _AROUND))


async def document_count(ask: Ask, ledger_id: str) -> int:
    """How many documents of the ledger are held."""
    return sum(count for (count,) in await ask(_DOCUMENT_COUNT, {"ledger": ledger_id}))


async def entities_in(
    ask: Ask, ledger_id: str, text: str, access: Access, filters: Filters, limit: int
) -> list[EntityMatch]:
    """Entities that the identity may know, named in the text. One statement."""
    folded = fold_name(text)
    if not folded:
        return []
    keys = [own_key(ledger_id, key) for key in lookup_keys(folded)]
    known: dict[str, Spellings] = defaultdict(Counter)
    parameters = {**_scope(access, filters), "lookup_keys": keys, "text": folded}
    for name, written, kind, chunks in await ask(_SPELLINGS, parameters):
        known[name][written, kind] += chunks
    return entity_matches(spans_in(folded, known), known, limit)


async def walked(ask: Ask, ledger_id: str, walk: Walk[Result], access: Access, filters: Filters) -> Result:
    """What a walk comes to. One statement a step."""
    scope = _scope(access, filters)
    found: Found | None = None
    while True:
        try:
            step = next(walk) if found is None else walk.send(found)
        except StopIteration as end:
            result: Result = end.value
            return result
        found = await _found(ask, ledger_id, step, scope)


async def _found(ask: Ask, ledger_id: str, step: Step, scope: Mapping[str, Any]) -> Found:
    def keys(names: Sequence[str]) -> list[str]:
        return [own_key(ledger_id, name) for name in names]

    parameters = dict(scope)
    if step.around:
        parameters |= {"around": keys(step.around.names), "each": step.around.each}
    if step.between:
        parameters |= {"near": keys(step.between.near), "far": keys(step.between.far)}
    statement = _STEP_BOTH if step.between and step.around else _STEP_BETWEEN if step.between else _STEP_AROUND
    parts: dict[str, list[FactRow]] = {"between": [], "around": []}
    for part, at_head, *fact, folded_head, folded_tail in await ask(statement, parameters):
        parts[part].append(FactRow(Fact(*fact), folded_head, folded_tail, at_head))
    return Found(**parts)
