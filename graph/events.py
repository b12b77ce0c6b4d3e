"""The stream contract: custom events with language-neutral codes.

Consumers check `version` and ignore types they do not know.
"""

from collections.abc import Callable
from typing import Any, Literal

VERSION = 1

EventType = Literal[
    "run.start",
    "route",
    "retrieve.start",
    "retrieve.done",
    "evidence",
    "grade",
    "rewrite",
    "citations",
    "verdict",
    "degraded",
    "usage",
    "final",
]
Emit = Callable[[dict[str, Any]], None]


def event(kind: EventType, **values: Any) -> dict[str, Any]:
    """One event of the stream."""
    return {"version": VERSION, "type": kind, **values}
