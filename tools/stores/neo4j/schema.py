"""What the graph database is laid out as, and the statements that make it so.

    (:SignpostDocument {key, ledger, id, collection, readers})
    (:SignpostDocument)-[:SIGNPOST_MENTION {name, kind, chunk_ids}]->(:SignpostEntity)
    (:SignpostEntity {key, ledger, folded_name, lookup_key})
    (:SignpostEntity)-[:SIGNPOST_FACT {id, head, relation, tail, sentence, chunk_id, document_id, folded_head,
        folded_tail, document_key, collection, readers}]->(:SignpostEntity)

One mention stands for all chunks of a document that write a name in one way. A fact carries its document's collection
and readers, so that no step over it needs another look. All names are our own, and every key begins with the ledger's
id: what others keep in the same database is neither read nor changed, another Signpost's graph included.
"""

import hashlib

LAYOUT = 1
"""Raised with every change of what is written: a graph of another layout is written anew."""

OLDEST_SERVER = (5, 7)
"""The first Neo4j that has COLLECT subqueries and lets a client switch off its remarks on every statement."""

# Names are checked for, not what they stand for: repeating these changes nothing. The keys are unique so that two
# writers cannot make one entity twice; the lookup key finds the entities named in a text; facts are found by their
# document to be replaced, and documents by their ledger to be counted and cleared.
SCHEMA = (
    "CREATE CONSTRAINT signpost_document_key IF NOT EXISTS "
    "FOR (document:SignpostDocument) REQUIRE document.key IS UNIQUE",
    "CREATE CONSTRAINT signpost_entity_key IF NOT EXISTS FOR (entity:SignpostEntity) REQUIRE entity.key IS UNIQUE",
    "CREATE INDEX signpost_entity_lookup_key IF NOT EXISTS FOR (entity:SignpostEntity) ON (entity.lookup_key)",
    "CREATE INDEX signpost_entity_ledger IF NOT EXISTS FOR (entity:SignpostEntity) ON (entity.ledger)",
    "CREATE INDEX signpost_document_ledger IF NOT EXISTS FOR (document:SignpostDocument) ON (document.ledger)",
    "CREATE INDEX signpost_fact_document_key IF NOT EXISTS FOR ()-[fact:SIGNPOST_FACT]-() ON (fact.document_key)",
)


def own_key(ledger_id: str, own_id: str) -> str:
    """The key of what a ledger calls `own_id`: hashed, since a name may be longer than the 8 kB that an index takes."""
    digest = hashlib.blake2b(own_id.encode(), digest_size=16).hexdigest()
    return f"{ledger_id}:{digest}"
