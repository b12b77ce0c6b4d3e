"""What a client of /v1/chat/completions asks for, read from its JSON and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from pydantic import TypeAdapter, ValidationError

from agent.openai_errors import OpenAIError
from graph.context import MAX_QUESTION_CHARACTERS, Context
from tools.text.clean import clean

MODEL = "signpost"

_ROLES = ("system", "developer", "user", "assistant", "tool")
_HISTORY_MESSAGES = 20
_QUESTION_CUT = MAX_QUESTION_CHARACTERS * 2
_CONTEXT = TypeAdapter(Context)


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A question with the conversation before it (`messages`, the question last) and the choices of its run."""

    messages: list[AnyMessage]
    context: Context
    stream: bool
    include_usage: bool


def read_chat_request(body: bytes) -> ChatRequest:
    """The request in `body`. Raises OpenAIError, which names the field, when it cannot be used.

    Of the conversation, the last 20 messages of the user and of the assistant are kept. The host's system and
    developer messages are left out, since what guides the graph is its own, and the results of the host's tools too.
    Sampling parameters, `user` and tools that need not be called are accepted and do nothing.
    """
    values = _object(body)
    model = values.get("model")
    if not isinstance(model, str):
        raise OpenAIError(f"Say which model is asked: {MODEL}.", param="model")
    check_model(model)
    _check_unsupported(values)
    messages = _messages(values.get("messages"))
    options = values.get("stream_options") or {}
    if not isinstance(options, dict):
        raise OpenAIError("stream_options must be an object.", param="stream_options")
    return ChatRequest(
        messages=messages,
        context=_context(values.get("context")),
        stream=_flag(values, "stream", "stream"),
        include_usage=_flag(options, "include_usage", "stream_options.include_usage"),
    )


def check_model(name: str) -> None:
    """Raises OpenAIError (404) for any name but the one that is served."""
    if name != MODEL:
        raise OpenAIError(
            f"There is no model '{clean(name)[:100]}'. The model is called {MODEL}.",
            status=404,
            param="model",
            code="model_not_found",
        )


def _object(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise OpenAIError("The request is not valid JSON.", code="invalid_json") from None
    if not isinstance(values, dict):
        raise OpenAIError("The request must be a JSON object.")
    return values


def _check_unsupported(values: Mapping[str, Any]) -> None:
    """Raises OpenAIError where an answer could not be what the request insists on."""
    if values.get("n") not in (None, 1):
        raise OpenAIError("There is one answer to a question: n must be 1.", param="n")
    for name in ("tool_choice", "function_call"):
        if values.get(name) not in (None, "auto", "none"):
            raise OpenAIError(f"Signpost calls no tools of its clients: {name} cannot force one.", param=name)
    wanted = values.get("response_format")
    if wanted is not None and not (isinstance(wanted, dict) and wanted.get("type") == "text"):
        raise OpenAIError("Answers are text: response_format must be of the type text.", param="response_format")


def _flag(values: Mapping[str, Any], name: str, param: str) -> bool:
    value = values.get(name)
    if value is not None and not isinstance(value, bool):
        raise OpenAIError(f"{param} must be true or false.", param=param)
    return bool(value)


def _context(given: object) -> Context:
    """The choices of the run; never interactive, since a completion cannot be asked back."""
    if given is not None and not isinstance(given, dict):
        raise OpenAIError("context must be an object.", param="context")
    try:
        return _CONTEXT.validate_python({**(given or {}), "interactive": False})
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        param = ".".join(str(part) for part in ("context", *problem["loc"]))
        raise OpenAIError(f"{param}: {problem['msg']}.", param=param) from None


def _messages(given: object) -> list[AnyMessage]:
    if not isinstance(given, list) or not given:
        raise OpenAIError("messages must be a list with at least one message.", param="messages")
    said = [_said(message, f"messages[{number}]") for number, message in enumerate(given)]
    if said[-1][0] != "user":
        raise OpenAIError("The last message must be the user's.", param=f"messages[{len(said) - 1}].role")
    *before, (_, question) = [one for one in said if one[0] == "user" or (one[0] == "assistant" and one[1])]
    history = before[-_HISTORY_MESSAGES + 1 :]
    # The graph says itself that a question is too long, so one that is stays so.
    return [*(_message(*one, MAX_QUESTION_CHARACTERS) for one in history), _message("user", question, _QUESTION_CUT)]


def _said(message: object, place: str) -> tuple[str, str]:
    """Role and text of one message."""
    if not isinstance(message, dict):
        raise OpenAIError(f"{place} must be an object.", param=place)
    role, content = message.get("role"), message.get("content")
    if role not in _ROLES:
        raise OpenAIError(f"{place}.role must be one of {', '.join(_ROLES)}.", param=f"{place}.role")
    if content is None and role == "assistant":  # it called tools
        return role, ""
    if isinstance(content, list) and content:
        return role, "\n".join(_part_text(part, f"{place}.content[{n}]", role) for n, part in enumerate(content))
    if not isinstance(content, str):
        raise OpenAIError(f"{place}.content must be text or a list of parts.", param=f"{place}.content")
    return role, content


def _part_text(part: object, place: str, role: str) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    text = part.get("text") if isinstance(part, dict) else None
    if kind == "refusal" and role == "assistant":
        return ""
    if kind != "text" or not isinstance(text, str):
        raise OpenAIError(f"{place} is not text; nothing else can be read.", param=place)
    return text


def _message(role: str, text: str, characters: int) -> AnyMessage:
    kept = clean(text[:characters])
    return HumanMessage(kept) if role == "user" else AIMessage(kept)
