"""generate: writes the answer over numbered evidence; without a model, from the evidence's own sentences."""

import asyncio
from collections.abc import Sequence
from typing import Any

from graph.fuse import found_for, numbered
from graph.retrieve import FAILED
from graph.run import Run
from graph.speak import speak
from graph.state import EvidenceItem, Part, Reply, State
from graph.widen import widen
from graph.write_by_model import answer_directly, write_answer
from tools.models.usage import Usage
from tools.shapes import Language
from tools.text.citations import sentence_end
from tools.text.extractive import Evidence, pick_sentences
from tools.text.language import detect_language
from tools.text.prompts import prompt_text, prompt_texts
from tools.text.question import asked_for

_BETWEEN_WORDS: dict[Language, str] = {"zh": "”“", "en": "”, “"}
_BETWEEN: dict[Language, str] = {"zh": "、", "en": ", "}


async def generate(state: State, run: Run) -> dict[str, Any]:
    """Answers directly, from evidence, or refuses and says why."""
    reply = state["reply"]
    if state["direct"]:
        return await answer_directly(state, run)
    answered = [part for part in state["coverage"] if part["enough"]]
    if not answered or not state["evidence"]:
        return {"reply": await refuse(state, run, reply)}
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    items = state["evidence"]
    evidence = numbered(items, passages, facts)
    chat = run.chat("generate")
    usage: dict[str, Usage] = {}
    if chat is not None and passages:
        items, failed = await widen(items, evidence, run)
        if len(items) > len(evidence):
            passages, facts, failed_too = await run.read_evidence(items)
            evidence = numbered(items, passages, facts)
            failed += failed_too
        reply, usage, failed_writing = await write_answer(chat, answered, evidence, state, run)
        degraded += failed + failed_writing
    update: dict[str, Any] = {"evidence": items, "degraded": degraded, "usage": usage}
    if reply["failure"] == "no_evidence":
        return {**update, "reply": await refuse(state, run, reply)}
    if not reply["supported"] and not reply["withheld"]:
        reply = {**reply, "by_model": False, "failure": ""}
        text = await asyncio.to_thread(extract, answered, state["names"], items, evidence)
        if not text:
            return {**update, "reply": await refuse(state, run, reply)}
        if note := closest_note(answered, state["language"]):
            reply = await speak(note, state, run, reply, status="answered")
        reply = await speak(text, state, run, reply, evidence=[item.text for item in evidence], status="answered")
    missing = [part["query"] for part in state["coverage"] if not part["enough"]]
    notes = [prompt_text(state["language"], "generate", "part_not_found", part=part) for part in missing]
    if any(part["band"] == "unclear" for part in answered) and (sources := unreached(state)):
        notes.append(prompt_text(state["language"], "generate", "source_missing", sources=sources))
    if notes:
        reply = {**await speak("\n".join(notes), state, run, reply, status="answered"), "failure": reply["failure"]}
    return {**update, "reply": reply}


def closest_note(parts: Sequence[Part], language: Language) -> str:
    """What is said before an answer whose evidence is unclear and does not hold a word that was asked for."""
    absent = dict.fromkeys(word for part in parts if part["band"] == "unclear" for word in part["absent"])
    if not absent:
        return ""
    return prompt_text(language, "generate", "closest", words=_BETWEEN_WORDS[language].join(absent))


def extract(
    parts: Sequence[Part], names: Sequence[str], items: Sequence[EvidenceItem], evidence: Sequence[Evidence]
) -> str:
    """The sentences that answer each part, from what was found for it, each with its mark and only once."""
    lines: dict[str, int] = {}
    for part in parts:
        found = found_for(part["number"], items, evidence)
        for pick in pick_sentences(asked_for(part["query"], tuple(names)), found):
            lines.setdefault(pick.text, pick.number)
    return "\n".join(marked(text, number) for text, number in lines.items())


def marked(text: str, number: int) -> str:
    """What is stated with its mark, after each sentence of it.

    A table row or list item is closed first, so that the next one is not joined to it.
    """
    is_closed = text[-1] in "。！？.!?；;：:”’\"'」』）)"
    stop = "。" if detect_language(text) == "zh" else "."
    rest = text if is_closed else text + stop
    said = ""
    while (end := sentence_end(rest)) is not None:
        said, rest = f"{said}{rest[:end]}[{number}]", rest[end:]
    return f"{said}{rest}[{number}]" if rest else said


async def refuse(state: State, run: Run, reply: Reply) -> Reply:
    """Says that the evidence is not there, what was not searched, and why."""
    language, sources = state["language"], unreached(state)
    names = refusal(state, run.allowed_sources())
    text = "\n".join(prompt_text(language, "generate", name, sources=sources) for name in names)
    return await speak(text, state, run, reply, status="refused")


def refusal(state: State, allowed: Sequence[str]) -> list[str]:
    """What a refusal says, as names of texts."""
    searched = {found["source"] for found in state["found"]}
    failed = bool(searched) and all(found["status"] in FAILED for found in state["found"])
    web_note = _web_note(state, allowed)
    if not state["has_documents"] and "web" not in searched:
        return ["nothing_stored", *web_note]
    if not searched:
        return web_note or ["nothing_searched"]
    if failed and all(found["status"] == "timeout" for found in state["found"]):
        return ["no_time"]
    if (failed or _lost_evidence(state)) and searched != {"web"}:
        return ["sources_unreachable", *([] if "web" in searched else web_note)]
    if searched == {"web"}:
        return ["web_unreachable"] if failed else ["web_found_nothing"]
    if unreached(state):
        return ["source_missing", "not_found_elsewhere", *web_note]
    return ["not_found", *web_note]


def _lost_evidence(state: State) -> bool:
    """Whether what was found could not be read: it must not be taken for nothing found."""
    return not state["evidence"] and any(step["component"] == "ledger" for step in state["degraded"])


def unreached(state: State) -> str:
    """The sources at home that failed, in a look or a search, and never succeeded, in words; empty without any."""
    words = prompt_texts(state["language"], "receipt")
    reached = {"web", *(found["source"] for found in state["found"] if found["status"] not in FAILED)}
    failed = dict.fromkeys(step["component"] for step in state["degraded"])
    names = [words[f"route_{name}"] for name in failed if name not in reached and f"route_{name}" in words]
    return _BETWEEN[state["language"]].join(names)


def _web_note(state: State, allowed: Sequence[str]) -> list[str]:
    web = [found["status"] for found in state["found"] if found["source"] == "web"]
    if web:
        return ["web_unreachable_too"] if all(status in FAILED for status in web) else []
    if state["permission"] == "refused":
        return ["web_refused"]
    return ["web_not_searched"] if "web" in allowed else []
