"""finalize: the one message, with its citations and the receipt of how it came about."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage

from graph.evidence import CONFIDENCE
from graph.fuse import evidence_text
from graph.run import Run
from graph.state import Band, Degraded, EvidenceItem, Found, State
from tools.models.usage import cost, total
from tools.shapes import Fact, Passage
from tools.text.boxes import box_around
from tools.text.citations import as_plain_text, marked_sentences, marks_in, without_marks
from tools.text.document_details import details_line
from tools.text.document_names import named_document, shared_titles
from tools.text.lists import placed_statements
from tools.text.quote import quote, quoted
from tools.text.sentences import Sentence

_FACTS_SHOWN = 3


async def finalize(state: State, run: Run) -> dict[str, Any]:
    """Writes the AIMessage (with the id that was streamed) and the answer with citations and receipt."""
    reply = state["reply"]
    waiting = state["waiting"]
    if waiting is not None:  # a clarification that could not be asked is the answer
        reply = {**reply, "status": "needs_input", "text": waiting["question"]}
    cited = [state["evidence"][n - 1] for n in reply["cited"] if n <= len(state["evidence"])]
    passages, facts, degraded = await run.read_evidence(cited)
    if len(passages) < len(cited):  # what was read a moment ago is tried once more before a citation goes unquoted
        passages, facts, _ = await run.read_evidence(cited)
    others = await _beside(state["evidence"], cited, run)
    citations = await asyncio.to_thread(cite, reply["text"], cited, passages, facts, others)
    answer: dict[str, Any] = {
        "question": state["asked"],
        "answer": reply["text"],
        "language": state["language"],
        "status": reply["status"],
        "confidence": _confidence(state, reply["status"], len(passages) < len(cited)),
        "citations": citations,
        "receipt": receipt(state, degraded, cost(state["usage"], run.resources.models.prices)),
    }
    run.emit("citations", citations=citations)
    spent = {name: answer["receipt"][name] for name in ("llm_calls", "tokens", "cost") if name in answer["receipt"]}
    run.emit("usage", **spent)
    run.emit("final", answer=answer)
    return {
        "messages": [AIMessage(content=reply["text"], id=state["answer_id"])],
        "answer": answer,
        "degraded": degraded,
    }


async def _beside(evidence: Sequence[EvidenceItem], cited: Sequence[EvidenceItem], run: Run) -> dict[str, Passage]:
    """The passages that are not cited themselves: copies of those that are, and what else the answer was made of."""
    ids = [copy for item in cited for copy in item.get("copies", [])]
    copies = [EvidenceItem(id=id_, source="", score=0.0, facts=[], whole=True, parts=[]) for id_ in ids]
    unused = [EvidenceItem(**{**item, "facts": []}) for item in evidence if item not in cited]
    passages, _, _ = await run.read_evidence([*copies, *unused]) if cited and [*copies, *unused] else ({}, {}, [])
    return passages


def _confidence(state: State, status: str, lost_citations: bool) -> float:
    if status == "needs_input":
        return 0.0
    if status == "refused" or lost_citations:
        return CONFIDENCE["weak"]
    if state["direct"]:
        return CONFIDENCE["unclear"] if state["direct"] == "model" else state["routes"][0]["confidence"]
    reply = state["reply"]
    if len(reply["flagged"]) >= reply["supported"]:
        return CONFIDENCE["weak"]
    bands: list[Band] = [part["band"] for part in state["coverage"] if part["enough"]]
    # What could only be compared in part, or is doubted in part, is no surer than unclear evidence.
    if reply["flagged"] or reply["unsure"]:
        bands.append("unclear")
    return min((CONFIDENCE[band] for band in bands), default=CONFIDENCE["weak"])


def cite(
    text: str,
    cited: Sequence[EvidenceItem],
    passages: Mapping[str, Passage],
    facts: Mapping[str, Fact],
    others: Mapping[str, Passage],
) -> list[dict[str, Any]]:
    """One citation for each number in the text, with the words of the source that stand behind it.

    others: passages that are not cited. The documents of those with the same text are named beside the one cited, and
    of documents with the same title their files.
    """
    shared = shared_titles([*passages.values(), *others.values()])
    said: dict[int, list[str]] = {}
    for sentence in marked_sentences(text):
        for number in marks_in(sentence):
            said.setdefault(number, []).append(without_marks(sentence))
    citations = []
    for number, item in enumerate(cited, start=1):
        passage = passages.get(item["id"]) or _unreadable(item["id"])
        known = [facts[fact] for fact in item["facts"] if fact in facts][:_FACTS_SHOWN]
        read = evidence_text(item, passage, facts)
        behind = quoted(read, said.get(number, []))
        is_placed = not all(_is_of_details(sentence, read, item, passage) for sentence in behind) or not behind
        citation: dict[str, Any] = {
            "number": number,
            "quote": quote(behind),
            "source": item["source"],
            "document": named_document(passage, shared),
            "chunk_id": passage.id,
            "page": passage.page if is_placed else None,
            "box": _box_of(behind, read, passage) if is_placed else None,
            "section": passage.section if is_placed else "",
            "score": item["score"],
        }
        copies = [named_document(others[id_], shared) for id_ in item.get("copies", []) if id_ in others]
        if copies:
            citation["also_in"] = copies
        if known:
            citation["facts"] = [
                {"head": fact.head, "relation": fact.relation, "tail": fact.tail, "sentence": fact.sentence}
                for fact in known
            ]
        citations.append(citation)
    return citations


def _is_of_details(sentence: Sentence, read: str, item: EvidenceItem, passage: Passage) -> bool:
    """Whether a sentence stands in the details of its document, which are on no page."""
    return item.get("details", False) and sentence.start >= len(read) - len(details_line(passage))


def _box_of(behind: Sequence[Sentence], read: str, passage: Passage) -> list[float] | None:
    """The box around what is quoted of the text that was read, or around the passage where it has no place there."""
    if not passage.boxes:
        return None
    if read != (whole := as_plain_text(passage.text)):  # the sentences of facts: each has its place in the passage
        places = {sentence.text: sentence for sentence in placed_statements(whole)}
        behind = [places[sentence.text] for sentence in behind if sentence.text in places]
    boxes = [each for each in passage.boxes if any(each.start < one.end and each.end > one.start for one in behind)]
    return box_around(boxes) or box_around(passage.boxes)


def _unreadable(passage_id: str) -> Passage:
    """A citation keeps its number when its passage can no longer be read, without title and quote."""
    return Passage(id=passage_id, document_id="", title="", uri="", text="")


def receipt(state: State, degraded: Sequence[Degraded] = (), price: float | None = None) -> dict[str, Any]:
    """How the answer came about: routes, rounds, verdict, what was degraded, calls, tokens and milliseconds.

    price: what the model calls cost, where that is known.
    """
    reply = state["reply"]
    spent = total(state["usage"])
    steps = {(step["component"], step["reason"]) for step in [*state["degraded"], *degraded]}
    flagged = len(reply["flagged"])
    values = {
        "routes": state["routes"],
        "rounds": _rounds(state["found"], state["bands"]),
        "verdict": {"supported": max(0, reply["supported"] - flagged), "unsupported": len(reply["withheld"]) + flagged},
        "degraded": [{"component": component, "reason": reason} for component, reason in sorted(steps)],
        "llm_calls": spent["calls"],
        "tokens": {"input": spent["input"], "output": spent["output"]},
        "ms": {**state["timings"], "total": round((time.time() - state["started"]) * 1000, 1)},
    }
    return values if price is None else {**values, "cost": round(price, 6)}


def _rounds(found: Sequence[Found], bands: Sequence[str]) -> list[dict[str, Any]]:
    rounds: list[dict[str, Any]] = []
    for number in sorted({one["round"] for one in found}):
        searches = [one for one in found if one["round"] == number]
        rounds.append(
            {
                "queries": [{"text": one["query"], "source": one["source"]} for one in searches],
                "sources": [
                    {"source": one["source"], "status": one["status"], "hits": len(one["hits"]), "ms": one["ms"]}
                    for one in searches
                ],
                "band": bands[len(rounds)] if len(rounds) < len(bands) else "weak",
            }
        )
    return rounds
