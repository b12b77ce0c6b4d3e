"""The structured replies: made up from what the request shows, the same each time."""

from collections.abc import Callable
from typing import Any

from tests.scripted_model.asked import Asked
from tests.scripted_model.script import Script
from tests.scripted_model.tokens import shared, shortened, terms

RELEVANT_SHARE = 0.3
"""A passage with this share of the question's terms is relevant."""


def decision(asked: Asked, script: Script) -> dict[str, Any]:
    """The JSON object for the request's schema; a schema that is not known is filled in by its types."""
    decide = _DECISIONS.get(asked.kind)
    return decide(asked, script) if decide else _example(asked.schema or {})


def _standalone(asked: Asked, script: Script) -> dict[str, Any]:
    """The question with the longest term of what the user said last, where it is missing."""
    said = [line for name, text in asked.fenced.items() if name != "question" for line in text.splitlines()]
    last = next((line for line in reversed(said) if not line.startswith("assistant:")), "").removeprefix("user:")
    topic = max((term for term in shortened(last).split() if term not in asked.question), key=len, default="")
    return {"question": f"{topic} {asked.question}".strip()}


def _routing(asked: Asked, script: Script) -> dict[str, Any]:
    return {"routes": script.routes, "queries": asked.parts[:3]}


def _grading(asked: Asked, script: Script) -> dict[str, Any]:
    relevant = [n for n, text in asked.passages.items() if shared(asked.question, text) >= RELEVANT_SHARE]
    if not relevant or script.persona == "irrelevant":
        return {"relevant": [], "answered": [], "missing": asked.question, "query": shortened(asked.question)}
    return {"relevant": relevant, "answered": list(range(1, len(asked.parts) + 1)), "missing": "", "query": ""}


def _rewriting(asked: Asked, script: Script) -> dict[str, Any]:
    variant = " ".join(reversed(terms(asked.question)))
    return {"rewrite": shortened(asked.question), "queries": [variant], "step_back": "", "passage": ""}


def _verification(asked: Asked, script: Script) -> dict[str, Any]:
    return {"unsupported": asked.sentence_numbers if script.persona == "unsupported" else []}


_DECISIONS: dict[str, Callable[[Asked, Script], dict[str, Any]]] = {
    "Standalone": _standalone,
    "Routing": _routing,
    "Grading": _grading,
    "Rewriting": _rewriting,
    "Verification": _verification,
}


def _example(schema: dict[str, Any]) -> Any:
    """The least value that a schema of plain types allows."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object" | None:
            return {name: _example(each) for name, each in schema.get("properties", {}).items()}
        case "array":
            return []
        case "string":
            return "text"
        case "boolean":
            return True
        case _:
            return 1
