"""ask: the only interrupt. It stands alone in its node, which runs again from the top when it is resumed."""

import re
import time
from collections.abc import Mapping
from typing import Any

from langgraph.types import interrupt

from graph.context import MAX_QUESTION_CHARACTERS
from graph.run import Run
from graph.state import State
from tools.text.clean import clean

_YES = re.compile(
    r"^\s*(?:y(?:es|eah|ep)?|ok(?:ay)?|sure|allow(?:ed)?|true|是的?|好的?|可以|行|同意|允许|确定|嗯)\W*$", re.IGNORECASE
)
_SHORT_ANSWER = 24


async def ask(state: State, run: Run) -> dict[str, Any]:
    """Puts the waiting question to the user, or notes that nobody is there to answer it."""
    waiting = state["waiting"]
    if waiting is None:  # nothing to ask: never drawn, kept total
        return {"permission": "nobody"}
    if not run.can_ask or (waiting["kind"] == "clarify" and state["clarified"]):
        if waiting["kind"] == "permission":
            return {"permission": "nobody", "waiting": None}
        return {"clarified": -1}
    reply = interrupt(dict(waiting))
    # The time that the user took to answer is not the run's.
    now = time.time()
    fresh = {"waiting": None, "started": now, "deadline": now + run.context.deadline_seconds}
    if waiting["kind"] == "permission":
        return {"permission": "granted" if allows(reply) else "refused", **fresh}
    answer = clarification(reply)
    if not answer:
        return {"clarified": -1}
    combined = _combine(state["asked"], answer)
    return {
        "asked": combined,
        "standalone": combined,
        "clarified": state["clarified"] + 1,
        "messages": [{"role": "user", "content": answer}],
        **fresh,
    }


def allows(reply: object) -> bool:
    """Reads `{"allow": bool}`, a bool or a plain yes or 是; anything else is a no."""
    if isinstance(reply, Mapping):
        reply = reply.get("allow", reply.get("answer"))
    return reply is True or (isinstance(reply, str) and bool(_YES.match(reply)))


def clarification(reply: object) -> str:
    """Reads `{"answer": text}` or plain text, within the size of a question; empty when there is none."""
    if isinstance(reply, Mapping):
        reply = reply.get("answer")
    text = clean(reply).strip() if isinstance(reply, str) else ""
    return text if len(text) <= MAX_QUESTION_CHARACTERS else ""


def _combine(asked: str, answer: str) -> str:
    # "东站项目" completes "它的工期是多久？"; a whole new question replaces it.
    is_completion = len(answer) <= _SHORT_ANSWER and bool(re.search(r"\w", asked)) and not answer.endswith(("?", "？"))
    return f"{answer} {asked}" if is_completion and len(asked) <= MAX_QUESTION_CHARACTERS else answer
