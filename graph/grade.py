"""grade: the evidence is unclear. Is it enough? A model says so of all passages at once; without one, a rule."""

from collections.abc import Sequence
from typing import Any

from graph.decisions import Grading
from graph.evidence import graded
from graph.fuse import numbered
from graph.judge import judge, meter_for_decision, passages_text
from graph.run import Run
from graph.state import EvidenceItem, Part, State
from tools.models.usage import total
from tools.text.fence import numbered_lines


async def grade(state: State, run: Run) -> dict[str, Any]:
    """Grades each part of the question, and keeps of the evidence what is on it.

    Nobody waits for two decisions before the first word: where one was asked for already and the rule finds what the
    first search brought enough, it is believed, and verify asks the model about the answer instead. What other words
    bring is read by the model, which may have found the first evidence wanting.
    """
    by_rule = graded(state["coverage"])
    was_asked = state["round"] == 0 and total(state["usage"])["calls"] > 0
    if was_asked and not run.always_judges and all(part["enough"] for part in by_rule):
        run.emit("grade", enough=True, missing=[], by="rule")
        return {"coverage": by_rule}
    passages, facts, degraded = await run.read_evidence(state["evidence"], state["deadline"])
    meter = meter_for_decision(state)
    sections = {
        "evidence": passages_text(numbered(state["evidence"], passages, facts)),
        "question": numbered_lines(state["parts"]),
    }
    decision, failed = await judge("grade", "grade", Grading, sections, state, meter, run)
    parts = by_rule if decision is None else graded_by(decision, state["coverage"])
    missing = [part["query"] for part in parts if not part["enough"]]
    run.emit("grade", enough=not missing, missing=missing, by="rule" if decision is None else "model")
    update: dict[str, Any] = {"coverage": parts, "usage": meter.usage, "degraded": degraded + failed}
    if decision is not None:
        update["evidence"] = relevant(decision, state["evidence"])
        update["ideas"] = [decision.query] if decision.query else []
    return update


def graded_by(decision: Grading, parts: Sequence[Part]) -> list[Part]:
    """The parts with `enough` as the model says; of one part, that anything is answered says it."""
    answered = set(decision.answered)
    if len(parts) == 1:
        return [{**parts[0], "enough": bool(answered), "judged_by": "model"}]
    return [{**part, "enough": number in answered, "judged_by": "model"} for number, part in enumerate(parts, start=1)]


def relevant(decision: Grading, evidence: Sequence[EvidenceItem]) -> list[EvidenceItem]:
    """The passages that the model finds relevant; all of them when it names none."""
    chosen = [item for number, item in enumerate(evidence, start=1) if number in decision.relevant]
    return chosen or list(evidence)
