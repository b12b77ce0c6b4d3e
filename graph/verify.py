"""verify: is every sentence of the answer supported by what it cites? By code first."""

import asyncio
from collections.abc import Sequence
from typing import Any

from graph.fuse import numbered
from graph.run import Run
from graph.state import Reply, State
from tools.text.citations import marked_sentences, marks_in, without_marks
from tools.text.language import detect_language
from tools.text.support import check_support


async def verify(state: State, run: Run) -> dict[str, Any]:
    """Checks the answer as it was read: its language, and what each cited sentence says."""
    reply = state["reply"]
    if reply["status"] != "answered" or state["direct"]:
        return {}
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    evidence = [item.text for item in numbered(state["evidence"], passages, facts)]
    failed = await asyncio.to_thread(unsupported, reply, evidence) if passages else []
    run.emit("verdict", supported=reply["supported"], unsupported=len(reply["withheld"]) + len(failed))
    if detect_language(without_marks(reply["text"])) != state["language"]:
        degraded.append(run.step_down("verify", "other_language"))
    if reply["dropped_marks"]:
        degraded.append(run.step_down("verify", "unknown_marks_dropped"))
    withheld = list(dict.fromkeys([*reply["withheld"], *failed]))
    return {"degraded": degraded, "reply": {**reply, "withheld": withheld}}


def unsupported(reply: Reply, evidence: Sequence[str]) -> list[str]:
    """Cited sentences of the answer that their own citations do not support."""
    failed = []
    for sentence in marked_sentences(reply["text"]):
        numbers = [reply["cited"][n - 1] for n in marks_in(sentence) if 1 <= n <= len(reply["cited"])]
        texts = [evidence[n - 1] for n in numbers if n <= len(evidence)]
        if texts and not check_support(without_marks(sentence), texts).supported:
            failed.append(sentence)
    return failed
