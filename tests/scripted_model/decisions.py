"""The structured replies: made up from what the request shows, the same each time."""

import re
from collections.abc import Callable
from typing import Any

from tests.scripted_model.asked import Asked
from tests.scripted_model.script import Script
from tests.scripted_model.tokens import sentences, shared, shortened, terms

RELEVANT_SHARE = 0.3
"""A passage with this share of the question's terms is relevant."""
SUPPORTED_SHARE = 0.7
"""A sentence of whose terms the passages hold this share is supported."""


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


def _attribution(asked: Asked, script: Script) -> dict[str, Any]:
    """Sentences of what is judged by whether the passages hold most of their terms."""
    name = "answer" if "answer" in asked.fenced else "reference"
    found: dict[str, list[str]] = {"supported": [], "unsupported": []}
    for sentence in sentences(asked.fenced[name]):
        is_supported = script.persona != "unsupported" and shared(sentence, asked.fenced["passages"]) >= SUPPORTED_SHARE
        found["supported" if is_supported else "unsupported"].append(sentence)
    return found


def _usefulness(asked: Asked, script: Script) -> dict[str, Any]:
    """The passages in which the answer stands."""
    passages = re.split(r"^\[(\d+)\] ", asked.fenced["passages"], flags=re.MULTILINE)[1:]
    numbered = zip(passages[::2], passages[1::2], strict=True)
    return {"useful": [int(number) for number, text in numbered if asked.fenced["answer"] in text]}


def _comparison(asked: Asked, script: Script) -> dict[str, Any]:
    answer, reference = (sentences(asked.fenced[name]) for name in ("answer", "reference"))
    return {
        "in_both": [each for each in answer if each in reference],
        "only_in_answer": [each for each in answer if each not in reference],
        "only_in_reference": [each for each in reference if each not in answer],
    }


def _preference(asked: Asked, script: Script) -> dict[str, Any]:
    """The longer answer; the first one of a persona that has a favourite place."""
    first, second = len(asked.fenced["first"]), len(asked.fenced["second"])
    if script.persona == "echo" or first > second:
        return {"better": "first"}
    return {"better": "second" if second > first else "tie"}


def _questions(asked: Asked, script: Script) -> dict[str, Any]:
    """A question on the passage's first sentence, by its title; of an inventor one that it does not answer."""
    passage = asked.fenced["passage"]
    said = next(iter(sentences(passage)), passage)  # a table has none
    answer = "42 unicorns" if script.persona == "inventor" else said
    return {"question": f"What does {asked.fenced['title']} say first?", "answer": answer}


_DECISIONS: dict[str, Callable[[Asked, Script], dict[str, Any]]] = {
    "Standalone": _standalone,
    "Routing": _routing,
    "Grading": _grading,
    "Rewriting": _rewriting,
    "Verification": _verification,
    "Attribution": _attribution,
    "Rating": lambda asked, script: {"rating": 4},
    "Usefulness": _usefulness,
    "Comparison": _comparison,
    "Preference": _preference,
    "Questions": _questions,
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
