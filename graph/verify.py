"""verify: does what is cited support every sentence of the answer? By code; where that is unclear, by a model too."""

import asyncio
from collections.abc import Sequence
from typing import Any

from graph.decisions import Verification
from graph.fuse import numbered
from graph.judge import calls_left, judge, passages_text
from graph.run import Run
from graph.state import Degraded, Reply, State
from tools.models.meter import Meter
from tools.text.citations import marked_sentences, marks_in, without_marks
from tools.text.extractive import Evidence
from tools.text.language import detect_language
from tools.text.support import check_support


async def verify(state: State, run: Run) -> dict[str, Any]:
    """Checks the answer as it was read: its language, and what each cited sentence says."""
    reply = state["reply"]
    if reply["status"] != "answered" or state["direct"]:
        return {}
    passages, facts, degraded = await run.read_evidence(state["evidence"])
    evidence = numbered(state["evidence"], passages, facts)
    texts = [item.text for item in evidence]
    failed = await asyncio.to_thread(unsupported, reply, texts) if passages else []
    meter = Meter(calls_left(state))
    flagged = [*reply["flagged"], *failed]
    if passages and asks_a_model(state, run):
        doubted, failed_model = await _doubted(state, evidence, meter, run)
        flagged += doubted
        degraded += failed_model
    flagged = list(dict.fromkeys(flagged))
    run.emit("verdict", supported=reply["supported"] - len(flagged), unsupported=len(reply["withheld"]) + len(flagged))
    if detect_language(without_marks(reply["text"])) != state["language"] and reply["text"].strip():
        degraded.append(run.step_down("verify", "other_language"))
    if reply["dropped_marks"]:
        degraded.append(run.step_down("verify", "unknown_marks_dropped"))
    return {"degraded": degraded, "usage": meter.usage, "reply": {**reply, "flagged": flagged}}


def asks_a_model(state: State, run: Run) -> bool:
    """Whether a model's second look is due: once, where the check of a sentence was unclear.

    Or where the evidence was, and no model has read it: one that has graded it need not read it again.
    """
    reply = state["reply"]
    if state["repaired"] or not reply["supported"]:
        return False
    is_unclear = any(part["judged_by"] == "rule" for part in state["coverage"] if part["enough"])
    return run.always_judges or (reply["by_model"] and (is_unclear or reply["unsure"] > 0))


def unsupported(reply: Reply, evidence: Sequence[str]) -> list[str]:
    """Cited sentences of the answer that their own citations do not support."""
    failed = []
    for sentence, numbers in cited_sentences(reply):
        texts = [evidence[n - 1] for n in numbers if n <= len(evidence)]
        if texts and not check_support(without_marks(sentence), texts).supported:
            failed.append(sentence)
    return failed


def cited_sentences(reply: Reply) -> list[tuple[str, list[int]]]:
    """The answer's sentences that cite something, each with the numbers of its evidence."""
    found = []
    for sentence in marked_sentences(reply["text"]):
        numbers = [reply["cited"][n - 1] for n in marks_in(sentence) if 1 <= n <= len(reply["cited"])]
        if numbers:
            found.append((sentence, numbers))
    return found


async def _doubted(
    state: State, evidence: Sequence[Evidence], meter: Meter, run: Run
) -> tuple[list[str], list[Degraded]]:
    """Sentences that a model does not find in the passages that they cite."""
    cited = cited_sentences(state["reply"])
    used = {number for _, numbers in cited for number in numbers}
    lines = [
        f"({place}) {without_marks(sentence).strip()} {''.join(f'[{number}]' for number in numbers)}"
        for place, (sentence, numbers) in enumerate(cited, start=1)
    ]
    sections = {
        "evidence": passages_text([each for each in evidence if each.number in used]),
        "sentences": "\n".join(lines),
    }
    decision, degraded = await judge("verify", "verify", Verification, sections, state, meter, run)
    doubted = set(decision.unsupported) if decision else set[int]()
    return [sentence for place, (sentence, _) in enumerate(cited, start=1) if place in doubted], degraded
