"""What a model writes for generate: an answer over evidence, or a task done without any."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from graph.judge import MODEL, calls_left, conversation_text, passages_text, shown_to_model
from graph.run import Run
from graph.speak import author, speak
from graph.state import Degraded, Part, Reply, State
from tools.models.answer_gate import NO_EVIDENCE
from tools.models.chat_model import ChatModel
from tools.models.meter import Meter
from tools.models.usage import Usage
from tools.text.extractive import Evidence
from tools.text.fence import fenced, numbered_lines
from tools.text.prompts import prompt_text


async def answer_directly(state: State, run: Run) -> dict[str, Any]:
    """A greeting and the like from the texts; a task for a model by the model, or the line that sets one."""
    if state["direct"] != "model":
        text = prompt_text(state["language"], "generate", state["direct"])
        return {"reply": await speak(text, state, run, state["reply"], status="answered")}
    chat = run.chat("generate")
    if chat is None:
        text = prompt_text(state["language"], "generate", "needs_model")
        return {"reply": await speak(text, state, run, state["reply"], status="refused")}
    *before, _ = state["messages"]
    messages = [
        SystemMessage(prompt_text(state["language"], "generate", "direct_instructions")),
        HumanMessage(fenced({"conversation": conversation_text(before), "question": state["asked"]})),
    ]
    meter = Meter(calls_left(state))
    reply = await author(chat, messages, meter, state, run, state["reply"], status="answered")
    degraded = [run.step_down("generate", f"{MODEL}{reply['failure']}")] if reply["failure"] else []
    if not reply["text"].strip():
        text = prompt_text(state["language"], "generate", "model_unreachable")
        reply = await speak(text, state, run, reply, status="refused")
    return {"reply": {**reply, "withheld": [], "failure": ""}, "degraded": degraded, "usage": meter.usage}


async def write_answer(
    chat: ChatModel, parts: Sequence[Part], evidence: Sequence[Evidence], state: State, run: Run
) -> tuple[Reply, dict[str, Usage], list[Degraded]]:
    """What a model writes over the evidence. Where it cannot read all of it, it gets the better half."""
    meter = Meter(calls_left(state))
    degraded: list[Degraded] = []
    shown = shown_to_model(evidence)
    told = SystemMessage(prompt_text(state["language"], "generate", "instructions", no_evidence=NO_EVIDENCE))
    question = numbered_lines([part["query"] for part in parts])
    while True:
        messages = [told, HumanMessage(fenced({"evidence": passages_text(shown), "question": question}))]
        # A number that is not shown cites nothing.
        texts = {each.number: each.text for each in shown}
        offered = [texts.get(each.number, "") for each in evidence]
        reply = await author(chat, messages, meter, state, run, state["reply"], evidence=offered, status="answered")
        if reply["failure"] != "too_long" or len(shown) < 2:
            break
        shown = shown[: len(shown) // 2]
        degraded.append(run.step_down("generate", "evidence_cut"))
    if reply["failure"] not in ("", "no_evidence"):
        degraded.append(run.step_down("generate", f"{MODEL}{reply['failure']}"))
    return reply, meter.usage, degraded
