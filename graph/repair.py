"""repair: once, adds what the evidence does say about sentences that were withheld. It takes nothing back."""

import asyncio
from collections.abc import Sequence
from typing import Any

from graph.fuse import numbered
from graph.generate import marked, refuse
from graph.run import Run
from graph.speak import speak
from graph.state import Reply, State
from tools.text.extractive import Evidence, pick_sentences
from tools.text.question import asked_for
from tools.text.tokens import fold


async def repair(state: State, run: Run) -> dict[str, Any]:
    """Replaces unsupported sentences by supported ones where there are any; the rest stays out and is reported."""
    reply = state["reply"]
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    evidence = numbered(state["evidence"], passages, facts)
    text = await asyncio.to_thread(replacement, state["standalone"], state["names"], reply, evidence)
    left_out = run.step_down("verify", "unsupported_left_out")
    repaired = reply
    if text:
        repaired = await speak(text, state, run, reply, evidence=[item.text for item in evidence], status="answered")
    if not repaired["supported"]:
        repaired = await refuse(state, run, repaired)
    return {"reply": repaired, "repaired": True, "degraded": [*degraded, left_out]}


def replacement(question: str, names: Sequence[str], reply: Reply, evidence: Sequence[Evidence]) -> str:
    """Evidence sentences on the question that the answer does not hold yet, with their marks."""
    held = fold(reply["text"])
    picks = pick_sentences(asked_for(question, tuple(names)), tuple(evidence), limit=2)
    return "\n".join(marked(pick.text, pick.number) for pick in picks if fold(pick.text) not in held)
