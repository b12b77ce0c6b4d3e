"""grade: the evidence is unclear. Is it enough? By rule: the right kind of answer, its words close together."""

from typing import Any

from graph.evidence import graded
from graph.run import Run
from graph.state import State


async def grade(state: State, run: Run) -> dict[str, Any]:
    """Grades each part of the question."""
    parts = graded(state["coverage"])
    missing = [part["query"] for part in parts if not part["enough"]]
    run.emit("grade", enough=not missing, missing=missing)
    return {"coverage": parts}
