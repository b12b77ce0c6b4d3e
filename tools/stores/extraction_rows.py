"""What a document says, as rows of facts and mentions: the same in every store."""

from typing import Any

from tools.shapes import Extraction, Fact
from tools.stores.entity_names import fold_name


def fact_rows(document_id: str, extraction: Extraction) -> list[dict[str, Any]]:
    """One an id, with the ends as they are compared."""
    return [_fact_row(document_id, fact) for fact in {fact.id: fact for fact in extraction.facts}.values()]


def mention_rows(document_id: str, extraction: Extraction) -> list[dict[str, Any]]:
    """One a name and chunk. The ends of a fact are named by its chunk, whether the extraction says so or not."""
    named = [(fold_name(entity.name), entity.name, entity.kind, entity.chunk_id) for entity in extraction.entities]
    kinds: dict[str, str] = {}
    for folded, _, kind, _ in named:
        kinds.setdefault(folded, kind)
    for fact in extraction.facts:
        for name in (fact.head, fact.tail):
            folded = fold_name(name)
            named.append((folded, name, kinds.get(folded, "thing"), fact.chunk_id))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for folded, name, kind, chunk_id in named:
        if folded:
            row = {"folded_name": folded, "chunk_id": chunk_id, "document_id": document_id, "name": name, "kind": kind}
            rows.setdefault((folded, chunk_id), row)
    return list(rows.values())


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
