"""A hit as JSON shows it."""

from typing import Any

from tools.shapes import Hit
from tools.text.boxes import box_around


def hit_values(hit: Hit) -> dict[str, Any]:
    """`facts` is there only when the knowledge graph led to the hit."""
    passage = hit.passage
    values: dict[str, Any] = {
        "chunk_id": passage.id,
        "document_id": passage.document_id,
        "title": passage.title,
        "uri": passage.uri,
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
