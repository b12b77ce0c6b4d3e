"""An answer in the form of OpenAI's chat completions, whole or in chunks."""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.answer_text import footnotes
from agent.chat_request import MODEL

DONE = "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion; all its parts have the same id and time."""

    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The completion as one object, with `citations` and `signpost` beside OpenAI's own fields."""
        message = {"role": "assistant", "content": answer["answer"] + footnote_text(answer), "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage(answer), **additions(answer)}

    def chunk(self, finish_reason: str | None = None, **delta: str) -> dict[str, Any]:
        """One piece; `delta` holds what is new of the message."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def usage_chunk(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """What stands after the last piece when the client wants to know the usage."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": usage(answer)}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}


def event(value: Mapping[str, Any]) -> str:
    """`value` as a server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def footnote_text(answer: Mapping[str, Any]) -> str:
    """What stands below the text: a blank line, and each citation on a line; empty without citations."""
    lines = footnotes(answer)
    return "\n\n" + "\n".join(lines) if lines else ""


def usage(answer: Mapping[str, Any]) -> dict[str, int]:
    """The tokens of all model calls behind the answer; none without a model."""
    tokens = answer["receipt"]["tokens"]
    total = tokens["input"] + tokens["output"]
    return {"prompt_tokens": tokens["input"], "completion_tokens": tokens["output"], "total_tokens": total}


def additions(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What Signpost adds to OpenAI's form: the citations, and how the answer came about."""
    names = ("status", "confidence", "language", "receipt")
    return {"citations": answer["citations"], "signpost": {name: answer[name] for name in names}}
