"""Problems of files as the command line tells them: what happened to several is told once, above their names."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from agent.output import note

if TYPE_CHECKING:
    from ingest.add_summary import Problem

_NAMED = 10
_NUMBERS = re.compile(r"\d+(?:(?:, |[,.–-])\d+)*")
"""Also several: 3, 5-9."""


def note_problems(label: str, problems: Sequence["Problem"]) -> None:
    """Those with the same reason together, numbers in it aside, in the order of the first of each.

    Of many the first ten are named, each with the numbers that are not those of all.
    """
    by_reason: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        by_reason.setdefault(tuple(_NUMBERS.split(problem.reason)), []).append(problem)
    for texts, alike in by_reason.items():
        note(_told_of_one(label, alike[0]) if len(alike) == 1 else _told_of_several(label, texts, alike))


def _told_of_one(label: str, problem: "Problem") -> str:
    joint = " " if _begins_with_name(problem) else ": "
    return f"{label}: {problem.name}{joint}{problem.reason}"


def _told_of_several(label: str, texts: Sequence[str], problems: Sequence["Problem"]) -> str:
    numbers = [_NUMBERS.findall(problem.reason) for problem in problems]
    shared = [each[0] if len(set(each)) == 1 else "" for each in zip(*numbers, strict=True)]
    shown = (number or "…" for number in shared)
    reason = "".join(text + number for text, number in zip_longest(texts, shown, fillvalue=""))
    each = "each " if _begins_with_name(problems[0]) else ""
    lines = [f"{label} ({len(problems):,}): {each}{reason}"]
    for problem, own in list(zip(problems, numbers, strict=True))[:_NAMED]:
        told = ", ".join(number for number, common in zip(own, shared, strict=True) if not common)
        lines.append(f"  {problem.name}{': ' if told else ''}{told}")
    if len(problems) > _NAMED:
        lines.append(f"  and {len(problems) - _NAMED:,} more, which --json names")
    return "\n".join(lines)


def _begins_with_name(problem: "Problem") -> bool:
    return problem.reason != problem.message
