"""Asks a model for a decision. A rule stands below every one of them: a model that fails costs the run nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from langchain_core.messages import AnyMessage, HumanMessage, SystemMessage

from graph.run import Run
from graph.state import Degraded, State
from tools.models.chat_model_settings import Role
from tools.models.decision import Decision
from tools.models.failures import ModelFailure
from tools.models.meter import Meter
from tools.models.usage import total
from tools.text.clean import clean
from tools.text.extractive import Evidence
from tools.text.fence import fenced
from tools.text.injection import without_instructions
from tools.text.prompts import prompt_text

Shape = TypeVar("Shape", bound=Decision)

MAX_MODEL_CALLS = 12
"""Requests to models for one question, retries included."""
MODEL = "model_"
"""What the reasons of steps down begin with when a model failed."""
_HISTORY_MESSAGES = 6
_HISTORY_CHARACTERS = 600
_GONE = tuple(
    f"{MODEL}{reason}" for reason in ("timeout", "down", "unauthorized", "unknown_model", "unusable", "rate_limited")
)


def meter_for_decision(state: State) -> Meter:
    """What a decision may use: one call is kept for the answer, and the turn's deadline holds."""
    return Meter(max(0, calls_left(state) - 1), state["deadline"])


def calls_left(state: State) -> int:
    """Requests that the turn has left."""
    return MAX_MODEL_CALLS - total(state["usage"])["calls"]


async def judge(
    node: str,
    role: Role,
    shape: type[Shape],
    sections: Mapping[str, str],
    state: State,
    meter: Meter,
    run: Run,
    values: Mapping[str, str] | None = None,
) -> tuple[Shape | None, list[Degraded]]:
    """The decision of `role`'s model, or None where a rule must decide, with what went wrong.

    node: whose prompt file holds the instructions, `values` their placeholders. sections: untrusted texts by name.
    state: its language and its steps down are read; a model that did not answer once is not waited for again.
    """
    chat = run.chat(role)
    if chat is None or any(step["reason"] in _GONE for step in state["degraded"]):
        return None, []
    messages = [
        SystemMessage(prompt_text(state["language"], node, "instructions", **(values or {}))),
        HumanMessage(fenced(sections)),
    ]
    try:
        return await chat.decide(messages, shape, meter), []
    except ModelFailure as failure:
        return None, [run.step_down(node, f"{MODEL}{failure.reason}")]


def shown_to_model(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without sentences that speak to a model, and without what cannot be read."""
    shown = [replace(each, text=without_instructions(each.text)) for each in evidence]
    return [each for each in shown if each.text]


def passages_text(evidence: Sequence[Evidence]) -> str:
    """The evidence as prompts show it: `[1] Title`, the text below, a blank line between passages.

    Passages that follow one another in one section have its title once.
    """
    lines = []
    title = ""
    for each in shown_to_model(evidence):
        lines.append(
            f"[{each.number}]\n{each.text}" if each.title == title else f"[{each.number}] {each.title}\n{each.text}"
        )
        title = each.title
    return "\n\n".join(lines)


def conversation_text(messages: Sequence[AnyMessage]) -> str:
    """The last messages, each with who said it, long ones cut."""
    lines = []
    for message in messages[-_HISTORY_MESSAGES:]:
        speaker = "user" if isinstance(message, HumanMessage) else "assistant"
        lines.append(f"{speaker}: {clean(str(message.text))[:_HISTORY_CHARACTERS]}")
    return "\n".join(lines)
