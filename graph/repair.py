"""repair: once, adds what the evidence does say about sentences that failed their check. It takes nothing back."""

import asyncio
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from graph.fuse import numbered
from graph.generate import marked, refuse
from graph.judge import MODEL, calls_left, passages_text, shown_to_model
from graph.run import Run
from graph.speak import author, speak
from graph.state import Degraded, Reply, State
from tools.models.answer_gate import NO_EVIDENCE
from tools.models.meter import Meter
from tools.models.usage import Usage
from tools.text.citations import without_marks
from tools.text.extractive import Evidence, pick_sentences
from tools.text.fence import fenced
from tools.text.prompts import prompt_text
from tools.text.question import asked_for
from tools.text.tokens import fold

_SHOWN = 8


async def repair(state: State, run: Run) -> dict[str, Any]:
    """Replaces unsupported sentences by supported ones where there are any; the rest stays out, or is flagged."""
    reply = state["reply"]
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    evidence = numbered(state["evidence"], passages, facts)
    repaired, usage, failed = await _rewritten(reply, evidence, state, run)
    # A model that finds nothing more to say is believed; one that failed, or none, is stood in for.
    if repaired["supported"] == reply["supported"] and repaired["failure"] != "no_evidence":
        text = await asyncio.to_thread(replacement, state["standalone"], state["names"], reply, evidence)
        if text:
            texts = [item.text for item in evidence]
            repaired = await speak(text, state, run, repaired, evidence=texts, status="answered")
    if reply["withheld"]:
        failed.append(run.step_down("verify", "unsupported_left_out"))
    if reply["flagged"]:
        failed.append(run.step_down("verify", "unsupported_flagged"))
        repaired = await speak(_flags(reply, state), state, run, repaired, status="answered")
    if not repaired["supported"]:
        repaired = await refuse(state, run, repaired)
    # What the first writing had withheld counts; what the repair itself had to leave out is not wanted twice.
    repaired = {**repaired, "withheld": reply["withheld"], "failure": ""}
    return {"reply": repaired, "repaired": True, "degraded": [*degraded, *failed], "usage": usage}


async def _rewritten(
    reply: Reply, evidence: Sequence[Evidence], state: State, run: Run
) -> tuple[Reply, dict[str, Usage], list[Degraded]]:
    """What a model writes instead, closer to the passages. Only an answer that a model wrote is given back to one."""
    chat = run.chat("generate")
    meter = Meter(calls_left(state))
    readable = any(each.text for each in evidence)
    if chat is None or not reply["by_model"] or not readable or not meter.calls_left:
        return reply, {}, []
    sections = {
        "evidence": passages_text(evidence),
        "question": state["standalone"],
        "answer": without_marks(reply["text"]),
        "failed": "\n".join([*reply["withheld"], *reply["flagged"]][:_SHOWN]),
    }
    messages = [
        SystemMessage(prompt_text(state["language"], "repair", "instructions", no_evidence=NO_EVIDENCE)),
        HumanMessage(fenced(sections)),
    ]
    shown = {each.number: each.text for each in shown_to_model(evidence)}
    texts = [shown.get(each.number, "") for each in evidence]
    repaired = await author(chat, messages, meter, state, run, reply, evidence=texts, status="answered")
    failed = repaired["failure"] not in ("", "no_evidence")
    return repaired, meter.usage, [run.step_down("repair", f"{MODEL}{repaired['failure']}")] if failed else []


def _flags(reply: Reply, state: State) -> str:
    sentences = [" ".join(without_marks(sentence).split()) for sentence in reply["flagged"]]
    return "\n".join(prompt_text(state["language"], "repair", "flagged", sentence=each) for each in sentences)


def replacement(question: str, names: Sequence[str], reply: Reply, evidence: Sequence[Evidence]) -> str:
    """Evidence sentences on the question that the answer does not hold yet, with their marks."""
    held = fold(reply["text"])
    picks = pick_sentences(asked_for(question, tuple(names)), tuple(evidence), limit=2)
    return "\n".join(marked(pick.text, pick.number) for pick in picks if fold(pick.text) not in held)
