"""intake: a new turn begins. Nothing of the turn before is left but the messages."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.types import Overwrite

from graph.context import MAX_QUESTION_CHARACTERS
from graph.run import Run
from graph.state import Reply, State
from tools.text.clean import clean
from tools.text.follow_up import standalone_question
from tools.text.language import detect_language

_HISTORY_QUESTIONS = 3


async def intake(state: State, run: Run) -> dict[str, Any]:
    """Reads the question, its language and what it refers back to; resets the turn's channels."""
    messages = state.get("messages", [])
    given = state.get("question")
    earlier = _questions(messages)
    if isinstance(given, str) and given:
        typed = given
    elif messages and isinstance(messages[-1], HumanMessage):
        typed, earlier = earlier[-1], earlier[:-1]
    else:  # the last word was not the user's: nothing was asked
        typed = ""
    # One character more than can be read tells route that it is too long.
    asked = clean(typed[: MAX_QUESTION_CHARACTERS * 2]).strip()[: MAX_QUESTION_CHARACTERS + 1]
    language = detect_language(asked) if run.context.language == "auto" else run.context.language
    standalone = standalone_question(asked, earlier[-_HISTORY_QUESTIONS:], detect_language(asked))
    run.emit("run.start", question=asked, standalone=standalone)
    update = {
        **_fresh_turn(run.context.deadline_seconds),
        "asked": asked,
        "standalone": standalone,
        "language": language,
    }
    if given and asked:
        # A dict, not a HumanMessage: the latter would be streamed as if it were part of the answer.
        update["messages"] = [{"role": "user", "content": asked}]
    return update


def _fresh_turn(deadline_seconds: float) -> dict[str, Any]:
    """Every channel of the turn before, reset. A reducer never clears by itself."""
    now = time.time()
    return {
        "question": "",
        "answer": {},
        "answer_id": f"answer-{uuid.uuid4()}",
        "started": now,
        "deadline": now + deadline_seconds,
        "routes": [],
        "parts": [],
        "names": [],
        "tasks": [],
        "found": Overwrite([]),
        "bands": Overwrite([]),
        "round": 0,
        "evidence": [],
        "coverage": [],
        "band": "weak",
        "waiting": None,
        "permission": "unasked",
        "clarified": 0,
        "direct": "",
        "reply": Reply(status="refused", text="", cited=[], supported=0, withheld=[], dropped_marks=0),
        "repaired": False,
        "degraded": Overwrite([]),
        "llm_calls": Overwrite(0),
    }


def _questions(messages: Sequence[AnyMessage]) -> list[str]:
    return [str(message.text) for message in messages if isinstance(message, HumanMessage)]
