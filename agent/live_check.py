"""What `signpost doctor --live` tries for real: each configured model and the web search, with times and counts."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from langchain_core.messages import HumanMessage, SystemMessage

from agent.commands.doctor import Part
from graph.resources import Models, Resources
from tools.access import Access
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import ONLY_WHEN_SET, ROLES
from tools.models.decision import Decision
from tools.models.failures import ModelFailure, Reason
from tools.models.meter import Meter
from tools.models.usage import total
from tools.shapes import Filters

_CALLS = 12
_WEB_QUERY = "LangGraph documentation"
_NEXT_STEPS: dict[Reason, str] = {
    "unauthorized": "Check the provider's key, for example OPENAI_API_KEY.",
    "unknown_model": "Check the name in SIGNPOST_CHAT_MODEL, and OPENAI_BASE_URL.",
    "down": "Check that the server runs, and OPENAI_BASE_URL.",
    "timeout": "A slow model needs a larger SIGNPOST_MODEL_TIMEOUT_SECONDS.",
    "rate_limited": "Wait, or ask the provider for a higher limit.",
}


class Colour(Decision):
    """The colour that the sentence names."""

    colour: str = ""


async def check_live(resources: Resources) -> list[Part]:
    """One part for each model and one for the web. A failure is a part, not an exception."""
    parts = [await _model(resources.models, name) for name in resources.models.names]
    return [*parts, await _web(resources)]


def roles_of(models: Models, name: str) -> str:
    """The roles of a model in words."""
    roles = [role for role in ROLES if (chat := models.get(role)) is not None and chat.name == name]
    others = [role for role in ROLES if role not in roles]
    if others and set(others) <= set(ONLY_WHEN_SET):
        return f"every role but {', '.join(others)}"
    return ", ".join(roles) if others else "every role"


def write_report(parts: Sequence[Part], folder: Path, version: str | None) -> Path:
    """Keeps the parts as JSON under `folder`, by date. Blocks; raises OSError."""
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"doctor-{now:%Y-%m-%d-%H%M%S}.json"
    values = {"version": version, "date": now.isoformat(timespec="seconds"), "parts": [asdict(part) for part in parts]}
    path.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


async def _model(models: Models, name: str) -> Part:
    chat = models.get("generate", name)
    assert chat is not None, "it is one of the configured names"
    meter = Meter(_CALLS)
    try:
        first, whole = await _written(chat, meter)
        decided = await _decided(chat, meter)
    except ModelFailure as failure:
        detail = f"{name}: {failure.reason.replace('_', ' ')} ({failure.detail})"
        return Part("model, live", "problem", detail, _NEXT_STEPS.get(failure.reason, ""))
    spent = total(meter.usage)
    return Part(
        "model, live",
        "on",
        f"{name} for {roles_of(models, name)}: first words after {first:.2f} s, {whole:.2f} s in all; a decision in "
        f"{decided:.2f} s; {spent['calls']} requests, {spent['input']} tokens read, {spent['output']} written",
    )


async def _written(chat: ChatModel, meter: Meter) -> tuple[float, float]:
    """Seconds to the first piece of a short text and to its end."""
    started = time.perf_counter()
    first = 0.0
    messages = [SystemMessage("You repeat what you are told."), HumanMessage("Say: The signpost stands.")]
    async for _ in chat.write(messages, meter):
        first = first or time.perf_counter() - started
    return first, time.perf_counter() - started


async def _decided(chat: ChatModel, meter: Meter) -> float:
    """Seconds that a decision took."""
    started = time.perf_counter()
    told = SystemMessage('Reply with one JSON object: "colour" is the colour that the sentence names.')
    await chat.decide([told, HumanMessage("The signpost is green.")], Colour, meter)
    return time.perf_counter() - started


async def _web(resources: Resources) -> Part:
    web = resources.sources.get("web")
    if web is None:
        return Part("web search, live", "off", "switched off by SIGNPOST_WEB", "SIGNPOST_WEB=on")
    started = time.perf_counter()
    until = time.time() + web.timeout_seconds
    result = await web.search(_WEB_QUERY, access=Access(), filters=Filters(), limit=5, deadline=until)
    seconds = time.perf_counter() - started
    detail = f"{result.status}, {len(result.hits)} hits in {seconds:.1f} s"
    if result.status == "ok":
        return Part("web search, live", "on", detail)
    return Part("web search, live", "problem", f"{detail}: {result.detail}", "Check the network; answers do without.")
