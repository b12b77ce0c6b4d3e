"""generate: writes the answer over numbered evidence; without a model, from the evidence's own sentences."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from graph.fuse import evidence_text
from graph.run import Run
from graph.speak import speak
from graph.state import EvidenceItem, Part, Reply, State
from tools.shapes import Fact, Passage
from tools.text.extractive import Evidence, pick_sentences
from tools.text.prompts import prompt_text
from tools.text.question import answer_kind, content_terms


async def generate(state: State, run: Run) -> dict[str, Any]:
    """Answers directly, from evidence, or refuses and says why."""
    reply = state["reply"]
    if state["direct"]:
        text = prompt_text(state["language"], "generate", state["direct"])
        return {"reply": await speak(text, state, run, reply, status="answered")}
    answered = [part for part in state["coverage"] if part["enough"]]
    missing = [part for part in state["coverage"] if not part["enough"]]
    if not answered or not state["evidence"]:
        return {"reply": await refuse(state, run, reply)}
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    evidence = numbered(state["evidence"], passages, facts)
    text = await asyncio.to_thread(extract, answered, state["names"], state["evidence"], evidence)
    if not text:
        return {"reply": await refuse(state, run, reply), "degraded": degraded}
    reply = await speak(text, state, run, reply, evidence=[item.text for item in evidence], status="answered")
    if missing:
        note = "\n".join(
            prompt_text(state["language"], "generate", "part_not_found", part=part["query"]) for part in missing
        )
        reply = await speak(note, state, run, reply, status="answered")
    return {"reply": reply, "degraded": degraded}


def numbered(
    items: Sequence[EvidenceItem], passages: Mapping[str, Passage], facts: Mapping[str, Fact]
) -> list[Evidence]:
    """The evidence with its marks. An item that can no longer be read keeps its number and says nothing."""
    numbered_items = []
    for number, item in enumerate(items, start=1):
        passage = passages.get(item["id"])
        title = f"{passage.title} {passage.section}".strip() if passage else ""
        text = evidence_text(item, passage, facts) if passage else ""
        stated = tuple(facts[fact].sentence for fact in item["facts"] if fact in facts)
        numbered_items.append(Evidence(number, title, text, stated))
    return numbered_items


def extract(
    parts: Sequence[Part], names: Sequence[str], items: Sequence[EvidenceItem], evidence: Sequence[Evidence]
) -> str:
    """The sentences that answer each part, from what was found for it, each with its mark and only once."""
    lines: dict[str, int] = {}
    for part in parts:
        found = [each for item, each in zip(items, evidence, strict=True) if part["number"] in item["parts"]]
        terms = content_terms(part["query"], tuple(names))
        for pick in pick_sentences(terms, answer_kind(part["query"]), found):
            lines.setdefault(pick.text, pick.number)
    return "\n".join(f"{_closed(text)}[{number}]" for text, number in lines.items())


def _closed(text: str) -> str:
    # A mark must not join a table row or list item to the next one.
    return text if text[-1] in "。！？.!?；;：:”’\"'」』）)" else text + ("。" if not text.isascii() else ".")


async def refuse(state: State, run: Run, reply: Reply) -> Reply:
    """Says that the evidence is not there, what was not searched, and why."""
    names = [_reason(state), *_web_notes(state, run)]
    text = "\n".join(prompt_text(state["language"], "generate", name) for name in names)
    return await speak(text, state, run, reply, status="refused")


def _reason(state: State) -> str:
    searched = {found["source"] for found in state["found"]}
    failed = {found["source"] for found in state["found"] if found["status"] in ("down", "timeout", "rate_limited")}
    fresh = any(choice["why"] == "fresh" for choice in state["routes"])
    if searched and searched == failed and (fresh or searched != {"web"}):
        return "web_unreachable" if searched == {"web"} else "sources_unreachable"
    if not searched:
        return "nothing_searched"
    return "not_found"


def _web_notes(state: State, run: Run) -> list[str]:
    web = [found["status"] for found in state["found"] if found["source"] == "web"]
    if web and all(status in ("down", "timeout", "rate_limited") for status in web):
        return [] if _reason(state) in ("web_unreachable", "sources_unreachable") else ["web_unreachable_too"]
    if web:
        return []
    if state["permission"] == "refused":
        return ["web_refused"]
    return ["web_not_searched"] if "web" in run.allowed_sources() else []
