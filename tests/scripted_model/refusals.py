"""HTTP errors in the words of the servers that send them: clients tell them apart by their text."""

from typing import Any

from tests.scripted_model.asked import Asked
from tests.scripted_model.script import Dialect, Feature, Script
from tests.scripted_model.tokens import tokens

Refusal = tuple[int, dict[str, Any]]
"""HTTP status and body."""


def _error(status: int, message: str, type: str, param: str | None = None, code: str | None = None) -> Refusal:
    return status, {"error": {"message": message, "type": type, "param": param, "code": code}}


def _flat_error(message: str) -> Refusal:
    """As vLLM wrote errors for long: nothing is called "error", the code is the status."""
    return 400, {"object": "error", "message": message, "type": "BadRequestError", "param": None, "code": 400}


def failed(status: int) -> Refusal:
    """The error that a fault asks for, in OpenAI's words."""
    match status:
        case 429:
            message = "Rate limit reached for requests. Please try again later."
            return _error(status, message, "requests", code="rate_limit_exceeded")
        case 401:
            return wrong_key("sk-none")
        case 404:
            return unknown_model("gpt-none")
        case _:
            return _error(status, "The server had an error while processing your request. Sorry!", "server_error")


def wrong_key(key: str) -> Refusal:
    shown = f"{key[:4]}{'*' * max(0, len(key) - 8)}{key[-4:]}"
    message = f"Incorrect API key provided: {shown}. You can find your API key at your provider's site."
    return _error(401, message, "invalid_request_error", code="invalid_api_key")


def unknown_model(name: str) -> Refusal:
    message = f"The model `{name}` does not exist or you do not have access to it."
    return _error(404, message, "invalid_request_error", code="model_not_found")


def malformed(message: str) -> Refusal:
    return _error(400, message, "invalid_request_error")


def refusal(asked: Asked, script: Script, key: str) -> Refusal | None:
    """Why the request is not answered, or None."""
    if script.api_key is not None and key != script.api_key:
        return wrong_key(key)
    if script.models and asked.model not in script.models:
        return unknown_model(asked.model)
    for feature in _features(asked):
        if feature not in script.supports and feature not in script.ignores:
            return _unsupported(feature, asked.model, script.dialect)
    if asked.mode == "json_object" and script.dialect in ("openai", "deepseek") and "json" not in _all_text(asked):
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        return _error(400, message, "invalid_request_error", "messages")
    if script.context_tokens is not None and (length := len(tokens(_all_text(asked)))) > script.context_tokens:
        return _too_long(length, script.context_tokens, script.dialect)
    return None


def _features(asked: Asked) -> list[Feature]:
    """What the request needs the server to know."""
    needed: list[Feature] = [] if asked.mode == "text" else [asked.mode]
    if asked.stream:
        needed.append("stream")
        if asked.wants_usage:
            needed.append("stream_usage")
    return needed


def _all_text(asked: Asked) -> str:
    return f"{asked.system}\n{asked.user}".lower()


def _too_long(length: int, limit: int, dialect: Dialect) -> Refusal:
    if dialect == "vllm":
        return _flat_error(
            f"This model's maximum context length is {limit} tokens. However, you requested {length + 512} tokens "
            f"({length} in the messages, 512 in the completion). Please reduce the length of the messages."
        )
    message = (
        f"This model's maximum context length is {limit} tokens. However, your messages resulted in {length} tokens. "
        "Please reduce the length of the messages."
    )
    return _error(400, message, "invalid_request_error", "messages", "context_length_exceeded")


def _unsupported(feature: Feature, model: str, dialect: Dialect) -> Refusal:
    match dialect, feature:
        case "vllm", "tools":
            return _flat_error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')
        case "vllm", _:
            name = {"stream": "stream", "stream_usage": "stream_options"}.get(feature, "response_format")
            return _flat_error(
                f"[{{'type': 'extra_forbidden', 'loc': ('body', '{name}'), 'msg': 'Extra inputs are not permitted'}}]"
            )
        case "ollama", "tools":
            return _error(400, f"registry.ollama.ai/library/{model} does not support tools", "api_error")
        case "deepseek", "json_schema" | "json_object":
            return _error(
                400,
                "This response_format type is unavailable now",
                "invalid_request_error",
                None,
                "invalid_request_error",
            )
        case "deepseek", "tools":
            return _error(400, f"{model} does not support this tool_choice", "invalid_request_error")
        case _, "stream":
            message = (
                "Unsupported value: 'stream' does not support true with this model. Only the default (false) value is "
                "supported."
            )
            return _error(400, message, "invalid_request_error", "stream", "unsupported_value")
        case _, "json_schema" | "json_object":
            message = f"Invalid parameter: 'response_format' of type '{feature}' is not supported with this model."
            return _error(400, message, "invalid_request_error", "response_format")
        case _:
            name = {"stream_usage": "stream_options"}.get(feature, feature)
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            return _error(400, message, "invalid_request_error", name, "unsupported_parameter")
