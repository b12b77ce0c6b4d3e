"""Records with an answer, written by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from evals.records import Record

NO_WAY: Mapping[str, Any] = {"routes": [], "rounds": [], "llm_calls": 0, "tokens": {"input": 0, "output": 0}, "ms": {}}


def record(answer: Mapping[str, Any], gold: Mapping[str, Any], **observed: Any) -> Record:
    """gold: what of it differs from a question in English with an answer and no known documents."""
    return Record(
        task="made",
        id="one",
        given={"question": "Who keeps the tide book?"},
        gold={"answers": ["Ines"], "documents": [], "must_refuse": False, "language": "en", **gold},
        observed={"answer": answer, "passages": {}, "found": [], "contexts": [], **observed},
        judged={},
        ms=1.0,
        failure="",
    )


def answered(
    text: str, *, cited: Sequence[str] = (), confidence: float = 0.5, receipt: Mapping[str, Any] = NO_WAY
) -> Mapping[str, Any]:
    """cited: ids of documents; the passage of each has the id of its document."""
    citations = [
        {"number": number, "chunk_id": id_, "document": {"id": id_, "title": ""}, "section": ""}
        for number, id_ in enumerate(cited, start=1)
    ]
    return {
        "answer": text,
        "status": "answered",
        "confidence": confidence,
        "citations": citations,
        "receipt": receipt,
    }


def refused(text: str = "I did not find it.", status: str = "refused") -> Mapping[str, Any]:
    """An answer that gives none."""
    return {**answered(text, confidence=0.15), "status": status}
