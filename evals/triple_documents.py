"""Triples as documents: one for each head, in which every triple is a passage that says it and a fact of it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.prepare import Prepared
from tools.access import EVERYONE
from tools.shapes import Chunk, Document, Entity, Extraction, Fact
from tools.text.clean import one_line
from tools.text.identifiers import chunk_id, content_hash, document_id, fact_id


def triple_documents(rows: Sequence[Mapping[str, Any]], collection: str, uri: str) -> list[Prepared]:
    """rows: each with head, relation and tail. A triple that is there twice counts once."""
    by_head: dict[str, dict[tuple[str, str], None]] = {}
    for row in rows:
        head, relation, tail = (one_line(str(row[name])) for name in ("head", "relation", "tail"))
        by_head.setdefault(head, {})[relation, tail] = None
    return [_document(head, list(said), collection, uri) for head, said in by_head.items()]


def head_document_id(head: str, collection: str, uri: str) -> str:
    """Id of the document that a head's triples go into."""
    return document_id(collection, f"{uri}#{one_line(head)}")


def _document(head: str, said: Sequence[tuple[str, str]], collection: str, uri: str) -> Prepared:
    id_ = head_document_id(head, collection, uri)
    document = Document(
        id=id_,
        collection=collection,
        title=head,
        uri=uri,
        format="triples",
        content_hash=content_hash(json.dumps([head, said]).encode()),
        readers=(EVERYONE,),
    )
    chunks, entities, facts = [], [], []
    for index, (relation, tail) in enumerate(said):
        text = f"{head} — {relation} — {tail}"
        chunk = Chunk(chunk_id(id_, text), id_, index, text)
        chunks.append(chunk)
        entities += [Entity(head, "thing", chunk.id), Entity(tail, "thing", chunk.id)]
        facts.append(Fact(fact_id(chunk.id, head, relation, tail), head, relation, tail, text, chunk.id, id_))
    return Prepared(document, tuple(chunks), Extraction(tuple(entities), tuple(facts)))
