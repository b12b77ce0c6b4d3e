"""Reading entities: which are named in a text."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import cast

from sqlalchemy import ColumnClause, Connection, bindparam, func, select

from tools.access import Access
from tools.shapes import Filters
from tools.stores.entity_matches import Spellings, entity_matches
from tools.stores.entity_names import fold_name, lookup_keys, spans_in
from tools.stores.protocols import EntityMatch
from tools.stores.sql.knowledge_rows import BATCH
from tools.stores.sql.tables import entities, mentions
from tools.stores.sql.visibility import scope, visible

_CANDIDATES = select(entities.c.folded_name).where(entities.c.lookup_key.in_(bindparam("keys", expanding=True)))
# Counted a document at a time, so that the access filter is asked once a document and not once a mention.
_SPELLING = (mentions.c.folded_name, mentions.c.document_id, mentions.c.name, mentions.c.kind)
_BY_DOCUMENT = (
    select(*_SPELLING, func.count().label("times"))
    .where(mentions.c.folded_name.in_(bindparam("names", expanding=True)))
    .group_by(*_SPELLING)
    .subquery("by_document")
)
# Over readable documents alone: an entity without one is unknown here.
_SPELLINGS = select(_BY_DOCUMENT).where(visible(cast("ColumnClause[str]", _BY_DOCUMENT.c.document_id)))


def entities_in(connection: Connection, text: str, access: Access, filters: Filters, limit: int) -> list[EntityMatch]:
    """Entities that the identity may know, named in the text."""
    folded = fold_name(text)
    spans = spans_in(folded, _candidates(connection, folded))
    known = _spellings(connection, sorted({span.name for span in spans}), access, filters)
    return entity_matches(spans, known, limit)


def _candidates(connection: Connection, folded_text: str) -> list[str]:
    keys = sorted(lookup_keys(folded_text))
    names: list[str] = []
    for start in range(0, len(keys), BATCH):
        names.extend(connection.execute(_CANDIDATES, {"keys": keys[start : start + BATCH]}).scalars())
    return names


def _spellings(
    connection: Connection, folded_names: Sequence[str], access: Access, filters: Filters
) -> dict[str, Spellings]:
    spellings: dict[str, Spellings] = defaultdict(Counter)
    for start in range(0, len(folded_names), BATCH):
        parameters = {**scope(access, filters), "names": folded_names[start : start + BATCH]}
        for folded, _, name, kind, times in connection.execute(_SPELLINGS, parameters):
            spellings[folded][name, kind] += times
    return spellings
