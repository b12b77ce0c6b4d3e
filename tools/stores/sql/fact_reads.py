"""Facts read by SQL: what the walks over facts ask for, in few statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Integer, Select, bindparam, select

from tools.access import Access
from tools.shapes import Fact, Filters
from tools.stores.fact_walk import (
    MOST_ROWS,
    FactRow,
    FactsAround,
    FactsBetween,
    Found,
    Result,
    Walk,
    neighbourhood_walk,
    paths_walk,
)
from tools.stores.sql.knowledge_rows import fact_from
from tools.stores.sql.sql_expressions import IsOneOf
from tools.stores.sql.tables import entities, facts
from tools.stores.sql.visibility import scope, visible

_NAMES: BindParameter[str] = bindparam("names", expanding=True)


def _facts_at(end: Column[str]) -> Select[Any]:
    """The facts at this end of each name, at most `each` a name."""
    inner = facts.alias("inner_facts")
    some = (
        select(inner.c.id)
        .where(inner.c[end.name] == entities.c.folded_name, visible(inner.c.document_id))
        .order_by(inner.c.id)
        .limit(bindparam("each", type_=Integer))
        .correlate(entities)
        .scalar_subquery()
    )
    return (
        select(facts)
        .select_from(entities.join(facts, IsOneOf(facts.c.id, some)))
        .where(entities.c.folded_name.in_(_NAMES))
        .order_by(entities.c.folded_name, facts.c.id)
        .limit(MOST_ROWS)
    )


def _facts_from(heads: str, tails: str) -> Select[Any]:
    # Not sorted: told to sort, the database would read all facts of a hub in that order.
    return (
        select(facts)
        .where(
            facts.c.folded_head.in_(bindparam(heads, expanding=True)),
            facts.c.folded_tail.in_(bindparam(tails, expanding=True)),
            visible(facts.c.document_id),
        )
        .limit(MOST_ROWS)
    )


# Each with whether the names that are asked for stand at the heads.
_AROUND = ((_facts_at(facts.c.folded_head), True), (_facts_at(facts.c.folded_tail), False))
_BETWEEN = ((_facts_from("near", "far"), True), (_facts_from("far", "near"), False))


def neighbourhood(
    connection: Connection, names: Sequence[str], hops: int, access: Access, filters: Filters, limit: int
) -> list[Fact]:
    """Facts around names, nearest first."""
    return _walked(connection, neighbourhood_walk(names, hops, limit), scope(access, filters))


def paths(
    connection: Connection, head: str, tail: str, max_hops: int, access: Access, filters: Filters, limit: int
) -> list[list[Fact]]:
    """The shortest chains between two names."""
    return _walked(connection, paths_walk(head, tail, max_hops, limit), scope(access, filters))


def _walked(connection: Connection, walk: Walk[Result], parameters: dict[str, Any]) -> Result:
    found: Found | None = None
    while True:
        try:
            step = next(walk) if found is None else walk.send(found)
        except StopIteration as end:
            result: Result = end.value
            return result
        between = _between(connection, step.between, parameters) if step.between else []
        around = _around(connection, step.around, parameters) if step.around and not between else []
        found = Found(between, around)


def _around(connection: Connection, wanted: FactsAround, parameters: dict[str, Any]) -> list[FactRow]:
    return _rows(connection, _AROUND, {**parameters, "names": wanted.names, "each": wanted.each})


def _between(connection: Connection, wanted: FactsBetween, parameters: dict[str, Any]) -> list[FactRow]:
    return _rows(connection, _BETWEEN, {**parameters, "near": wanted.near, "far": wanted.far})


def _rows(
    connection: Connection, statements: Sequence[tuple[Select[Any], bool]], parameters: dict[str, Any]
) -> list[FactRow]:
    return [
        FactRow(fact_from(row), row["folded_head"], row["folded_tail"], at_head)
        for statement, at_head in statements
        for row in connection.execute(statement, parameters).mappings()
    ]
