"""One completion as OpenAI's API writes it: whole, or in the chunks of a stream."""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.scripted_model.answers import THOUGHT, answer_tokens
from tests.scripted_model.asked import Asked
from tests.scripted_model.decisions import decision
from tests.scripted_model.forms import IN_TEXT, written
from tests.scripted_model.refusals import Refusal
from tests.scripted_model.script import BROKEN_FORMS, Form, Script
from tests.scripted_model.tokens import tokens

MOST_PIECES = 100_000
"""A reply that is not streamed ends here, so that the persona that repeats itself has one."""
_RUNAWAY = ("enormous", "repeats")
"""Personas that know no limit: not even the request's."""
_ID = "chatcmpl-scripted"
_CALL_ID = "call_scripted"


@dataclass(frozen=True, slots=True)
class Completion:
    """pieces: the text in tokens, perhaps without end. thoughts: tokens sent as `reasoning_content` before it.

    tool: the function that is called with the text as arguments; None for a message. finish_reason: as OpenAI's.
    """

    model: str
    pieces: Iterator[str]
    thoughts: tuple[str, ...] = ()
    tool: str | None = None
    finish_reason: str = "stop"

    def deltas(self) -> Iterator[tuple[dict[str, Any], str]]:
        """The deltas of a stream, one a token, each with the text it adds to the reply."""
        for thought in self.thoughts:
            yield {"reasoning_content": thought}, ""
        for piece in self.pieces:
            if self.tool is None:
                yield {"content": piece}, piece
            else:
                yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}, piece

    def first_delta(self) -> dict[str, Any]:
        """What opens a stream: the role, and the name of the function that is called."""
        if self.tool is None:
            return {"role": "assistant", "content": ""}
        return {"role": "assistant", "content": None, "tool_calls": [{"index": 0, **self._call("")}]}

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        """One server-sent event of the stream."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def usage_chunk(self, usage: dict[str, int]) -> bytes:
        return _event({**self._head("chat.completion.chunk"), "choices": [], "usage": usage})

    def whole(self, text: str, usage: dict[str, int]) -> dict[str, Any]:
        """The completion that is not streamed."""
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
        if self.thoughts:
            message["reasoning_content"] = "".join(self.thoughts)
        if self.tool is not None:
            message |= {"content": None, "tool_calls": [self._call(text)]}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": _ID, "object": kind, "created": 0, "model": self.model}

    def _call(self, arguments: str) -> dict[str, Any]:
        return {"id": _CALL_ID, "type": "function", "function": {"name": self.tool, "arguments": arguments}}


def completion(asked: Asked, script: Script, dice: random.Random) -> Completion:
    """What the scripted model replies to a request that it understands. dice: choose a broken form, or none."""
    if asked.schema is not None:
        return _structured(asked, script, dice)
    pieces = answer_tokens(asked, script)
    finish_reason = "stop"
    if asked.max_tokens is not None and script.persona not in _RUNAWAY:
        all_pieces = list(pieces)
        pieces = iter(all_pieces[: asked.max_tokens])
        finish_reason = "length" if len(all_pieces) > asked.max_tokens else "stop"
    thoughts = tuple(tokens(THOUGHT))
    if script.thinking == "inline":
        pieces = itertools.chain(("<th", "ink>", *thoughts, "</", "think", ">\n\n"), pieces)
    shown = thoughts if script.thinking == "reasoning_content" else ()
    return Completion(asked.model, pieces, thoughts=shown, finish_reason=finish_reason)


def _structured(asked: Asked, script: Script, dice: random.Random) -> Completion:
    form: Form = script.structured
    if dice.random() < script.broken_share:
        form = dice.choice(BROKEN_FORMS)
    pieces = iter(tokens(written(decision(asked, script), form)))
    is_call = asked.mode == "tools" and form not in IN_TEXT
    finish_reason = "length" if form == "truncated" else "tool_calls" if is_call else "stop"
    return Completion(asked.model, pieces, tool=asked.kind if is_call else None, finish_reason=finish_reason)


def usage(asked: Asked, reply: str, thoughts: int) -> dict[str, int]:
    """Tokens in and out, thoughts included, as the API reports them."""
    prompt = len(tokens(asked.system)) + len(tokens(asked.user))
    written_tokens = len(tokens(reply)) + thoughts
    return {"prompt_tokens": prompt, "completion_tokens": written_tokens, "total_tokens": prompt + written_tokens}


def error_event(refusal: Refusal) -> bytes:
    """An error in the middle of a stream, whose status was 200."""
    return _event(refusal[1])


def _event(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
