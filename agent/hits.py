"""Hits as JSON shows them."""

from collections.abc import Sequence
from typing import Any

from tools.shapes import Hit
from tools.text.boxes import box_around
from tools.text.document_names import named_document, shared_titles
from tools.text.tokens import fold


def hits_values(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The hits in their order; the same text in several documents is one, which names the others in `also_in`.

    Of documents with the same title their files are named.
    """
    shared = shared_titles(hit.passage for hit in hits)
    first: dict[str, Hit] = {}
    values: dict[str, dict[str, Any]] = {}
    for hit in hits:
        passage = hit.passage
        document = named_document(passage, shared)
        before = first.setdefault(fold(passage.text), hit)
        if passage.document_id == before.passage.document_id:
            values[passage.id] = _hit_values(hit, document)
        elif document not in (copies := values[before.passage.id].setdefault("also_in", [])):
            copies.append(document)
    return list(values.values())


def _hit_values(hit: Hit, document: dict[str, str]) -> dict[str, Any]:
    """`facts` is there only when the knowledge graph led to the hit."""
    passage = hit.passage
    values: dict[str, Any] = {
        "chunk_id": passage.id,
        "document_id": passage.document_id,
        **{key: value for key, value in document.items() if key != "id"},
        "text": passage.text,
        "score": hit.score,
        "source": hit.source,
        "page": passage.page,
        "section": passage.section,
        "box": box_around(passage.boxes),
    }
    if hit.facts:
        values["facts"] = [
            {"head": fact.head, "relation": fact.relation, "tail": fact.tail, "sentence": fact.sentence}
            for fact in hit.facts
        ]
    return values
