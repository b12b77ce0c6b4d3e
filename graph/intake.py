"""intake: a new turn begins. Nothing of the turn before is left but the messages."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.types import Overwrite

from graph.context import MAX_QUESTION_CHARACTERS
from graph.decisions import Standalone
from graph.judge import MAX_MODEL_CALLS, conversation_text, judge
from graph.run import Run
from graph.state import Degraded, State, no_reply
from tools.models.meter import Meter
from tools.shapes import Language
from tools.text.clean import clean
from tools.text.follow_up import refers_back, standalone_question
from tools.text.language import detect_language
from tools.text.question import content_terms
from tools.text.small_talk import direct_kind

_HISTORY_QUESTIONS = 3
_LITTLE = 3
# One character more than can be read tells route that it is too long.
_QUESTION_CUT = MAX_QUESTION_CHARACTERS * 2


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
    asked = clean(typed[:_QUESTION_CUT]).strip()[: MAX_QUESTION_CHARACTERS + 1]
    language = detect_language(asked) if run.context.language == "auto" else run.context.language
    turn = _fresh_turn(run.context.deadline_seconds)
    meter = Meter(MAX_MODEL_CALLS - 1, turn["deadline"])
    before = messages if given else messages[:-1]
    standalone, degraded = await _standalone(asked, earlier, before, language, meter, run)
    run.emit("run.start", question=asked, standalone=standalone)
    update = {
        **turn,
        "asked": asked,
        "standalone": standalone,
        "language": language,
        "degraded": Overwrite(degraded),
        "usage": Overwrite(meter.usage),
    }
    if given and asked:
        # A dict, not a HumanMessage: the latter would be streamed as if it were part of the answer.
        update["messages"] = [{"role": "user", "content": asked}]
    return update


def says_little(question: str) -> bool:
    """Whether a question names nothing and has few words: in a conversation it may be about what was said before."""
    terms = content_terms(question)
    return len(terms) <= _LITTLE and all(term.weight < 2 for term in terms)


async def _standalone(
    asked: str, earlier: Sequence[str], before: Sequence[AnyMessage], language: Language, meter: Meter, run: Run
) -> tuple[str, list[Degraded]]:
    """The question with what it refers to: by rule, or by a model where the rule finds nothing."""
    by_rule = standalone_question(asked, earlier[-_HISTORY_QUESTIONS:], detect_language(asked))
    is_unresolved = by_rule == asked and (refers_back(asked, detect_language(asked)) or says_little(asked))
    if not asked or not before or direct_kind(asked) or not (is_unresolved or run.always_judges):
        return by_rule, []
    sections = {"conversation": conversation_text(before), "question": asked}
    begun = State(language=language, degraded=[])
    decision, degraded = await judge("intake", "route", Standalone, sections, begun, meter, run)
    return (decision.question if decision and decision.question else by_rule), degraded


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
        "has_documents": True,
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
        "reply": no_reply(),
        "repaired": False,
        "rephrased": [],
        "ideas": [],
    }


def _questions(messages: Sequence[AnyMessage]) -> list[str]:
    """The user's questions, long ones cut: a pasted text is no help to the question after it."""
    return [str(message.text)[:_QUESTION_CUT] for message in messages if isinstance(message, HumanMessage)]
