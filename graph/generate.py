"""generate: writes the answer over numbered evidence; without a model, from the evidence's own sentences."""

import asyncio
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from graph.fuse import found_for, numbered
from graph.judge import MODEL, calls_left, conversation_text, passages_text, shown_to_model
from graph.retrieve import FAILED
from graph.run import Run
from graph.speak import author, speak
from graph.state import Degraded, EvidenceItem, Part, Reply, State
from tools.models.answer_gate import NO_EVIDENCE
from tools.models.chat_model import ChatModel
from tools.models.meter import Meter
from tools.models.usage import Usage
from tools.shapes import Language
from tools.text.extractive import Evidence, pick_sentences
from tools.text.fence import fenced, numbered_lines
from tools.text.prompts import prompt_text
from tools.text.question import asked_for

_BETWEEN_WORDS: dict[Language, str] = {"zh": "”“", "en": "”, “"}


async def generate(state: State, run: Run) -> dict[str, Any]:
    """Answers directly, from evidence, or refuses and says why."""
    reply = state["reply"]
    if state["direct"]:
        return await answer_directly(state, run)
    answered = [part for part in state["coverage"] if part["enough"]]
    if not answered or not state["evidence"]:
        return {"reply": await refuse(state, run, reply)}
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    evidence = numbered(state["evidence"], passages, facts)
    chat = run.chat("generate")
    usage: dict[str, Usage] = {}
    if chat is not None and passages:
        reply, usage, failed = await write_answer(chat, answered, evidence, state, run)
        degraded += failed
    if reply["failure"] == "no_evidence":
        return {"reply": await refuse(state, run, reply), "degraded": degraded, "usage": usage}
    if not reply["supported"] and not reply["withheld"]:
        reply = {**reply, "by_model": False, "failure": ""}
        text = await asyncio.to_thread(extract, answered, state["names"], state["evidence"], evidence)
        if not text:
            return {"reply": await refuse(state, run, reply), "degraded": degraded, "usage": usage}
        if note := closest_note(answered, state["language"]):
            reply = await speak(note, state, run, reply, status="answered")
        reply = await speak(text, state, run, reply, evidence=[item.text for item in evidence], status="answered")
    missing = [part["query"] for part in state["coverage"] if not part["enough"]]
    if missing:
        notes = [prompt_text(state["language"], "generate", "part_not_found", part=part) for part in missing]
        reply = {**await speak("\n".join(notes), state, run, reply, status="answered"), "failure": reply["failure"]}
    return {"reply": reply, "degraded": degraded, "usage": usage}


async def answer_directly(state: State, run: Run) -> dict[str, Any]:
    """A greeting and the like from the texts; a task for a model by the model, or the line that sets one."""
    if state["direct"] != "model":
        text = prompt_text(state["language"], "generate", state["direct"])
        return {"reply": await speak(text, state, run, state["reply"], status="answered")}
    chat = run.chat("generate")
    if chat is None:
        text = prompt_text(state["language"], "generate", "needs_model")
        return {"reply": await speak(text, state, run, state["reply"], status="refused")}
    *before, _ = state["messages"]
    messages = [
        SystemMessage(prompt_text(state["language"], "generate", "direct_instructions")),
        HumanMessage(fenced({"conversation": conversation_text(before), "question": state["asked"]})),
    ]
    meter = Meter(calls_left(state))
    reply = await author(chat, messages, meter, state, run, state["reply"], status="answered")
    degraded = [run.step_down("generate", f"{MODEL}{reply['failure']}")] if reply["failure"] else []
    if not reply["text"].strip():
        text = prompt_text(state["language"], "generate", "model_unreachable")
        reply = await speak(text, state, run, reply, status="refused")
    return {"reply": {**reply, "withheld": [], "failure": ""}, "degraded": degraded, "usage": meter.usage}


async def write_answer(
    chat: ChatModel, parts: Sequence[Part], evidence: Sequence[Evidence], state: State, run: Run
) -> tuple[Reply, dict[str, Usage], list[Degraded]]:
    """What a model writes over the evidence. Where it cannot read all of it, it gets the better half."""
    meter = Meter(calls_left(state))
    degraded: list[Degraded] = []
    shown = shown_to_model(evidence)
    while True:
        messages = [
            SystemMessage(prompt_text(state["language"], "generate", "instructions", no_evidence=NO_EVIDENCE)),
            HumanMessage(
                fenced(
                    {
                        "evidence": passages_text(shown),
                        "question": numbered_lines([part["query"] for part in parts]),
                    }
                )
            ),
        ]
        # A number that is not shown cites nothing.
        texts = {each.number: each.text for each in shown}
        offered = [texts.get(each.number, "") for each in evidence]
        reply = await author(chat, messages, meter, state, run, state["reply"], evidence=offered, status="answered")
        if reply["failure"] != "too_long" or len(shown) < 2:
            break
        shown = shown[: len(shown) // 2]
        degraded.append(run.step_down("generate", "evidence_cut"))
    if reply["failure"] not in ("", "no_evidence"):
        degraded.append(run.step_down("generate", f"{MODEL}{reply['failure']}"))
    return reply, meter.usage, degraded


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
    """A sentence with its mark; a table row or list item is closed first, so that the next one is not joined to it."""
    is_closed = text[-1] in "。！？.!?；;：:”’\"'」』）)"
    return f"{text if is_closed else text + ('.' if text.isascii() else '。')}[{number}]"


async def refuse(state: State, run: Run, reply: Reply) -> Reply:
    """Says that the evidence is not there, what was not searched, and why."""
    text = "\n".join(prompt_text(state["language"], "generate", name) for name in refusal(state, run.allowed_sources()))
    return await speak(text, state, run, reply, status="refused")


def refusal(state: State, allowed: Sequence[str]) -> list[str]:
    """What a refusal says, as names of texts."""
    searched = {found["source"] for found in state["found"]}
    failed = bool(searched) and all(found["status"] in FAILED for found in state["found"])
    reasons = {choice["why"] for choice in state["routes"]}
    web_note = _web_note(state, allowed)
    if "no_documents" in reasons:
        return ["nothing_stored", *web_note]
    if not searched:
        return web_note or ["nothing_searched"]
    if failed and searched != {"web"}:
        return ["sources_unreachable"]
    if searched == {"web"}:
        return ["web_unreachable"] if failed else ["web_found_nothing"]
    return ["not_found", *web_note]


def _web_note(state: State, allowed: Sequence[str]) -> list[str]:
    web = [found["status"] for found in state["found"] if found["source"] == "web"]
    if web:
        return ["web_unreachable_too"] if all(status in FAILED for status in web) else []
    if state["permission"] == "refused":
        return ["web_refused"]
    return ["web_not_searched"] if "web" in allowed else []
