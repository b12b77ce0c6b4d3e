"""Problems of files as the command line tells them: what happened to several is told once, above their names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.output import note

if TYPE_CHECKING:
    from ingest.add_summary import Problem

_NAMED = 10


def note_problems(label: str, problems: Sequence["Problem"]) -> None:
    """Those with the same reason together, in the order of the first of each; of many files the first ten by name."""
    by_reason: dict[str, list[Problem]] = {}
    for problem in problems:
        by_reason.setdefault(problem.reason, []).append(problem)
    for alike in by_reason.values():
        note(_told_of_one(label, alike[0]) if len(alike) == 1 else _told_of_several(label, alike))


def _told_of_one(label: str, problem: "Problem") -> str:
    joint = " " if _begins_with_name(problem) else ": "
    return f"{label}: {problem.name}{joint}{problem.reason}"


def _told_of_several(label: str, problems: Sequence["Problem"]) -> str:
    each = "each " if _begins_with_name(problems[0]) else ""
    lines = [f"{label} ({len(problems):,}): {each}{problems[0].reason}"]
    lines += [f"  {problem.name}" for problem in problems[:_NAMED]]
    if len(problems) > _NAMED:
        lines.append(f"  and {len(problems) - _NAMED:,} more, which --json names")
    return "\n".join(lines)


def _begins_with_name(problem: "Problem") -> bool:
    return problem.reason != problem.message
