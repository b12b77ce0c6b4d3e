"""A decision of a model: the shape that is asked for, and what is read from a reply."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from tools.text.lenient_json import read_object, read_yes_no

Shape = TypeVar("Shape", bound=BaseModel)


class Decision(BaseModel):
    """A shape in which a model decides; its fields may all be left out, its class name names it to the model.

    yes_no_field: the field that the decision hangs on, if it is one: a plain yes or no in place of JSON fills it, and
    a reply that broke off before it has not decided.
    """

    yes_no_field: ClassVar[str] = ""


def as_json_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of `shape`, strict enough for every provider: all fields required, no others."""
    schema = shape.model_json_schema()
    properties = {
        name: {key: value for key, value in each.items() if key != "default"}
        for name, each in schema["properties"].items()
    }
    return {**schema, "properties": properties, "required": list(properties), "additionalProperties": False}


def with_schema(messages: Sequence[BaseMessage], shape: type[BaseModel]) -> list[BaseMessage]:
    """The messages with the schema at the end of the instructions.

    In every mode: some servers accept a schema beside the messages and ignore it.
    """
    first, *rest = messages
    schema = json.dumps(as_json_schema(shape), ensure_ascii=False, separators=(",", ":"))
    return [SystemMessage(f"{first.text}\n\nJSON schema:\n{schema}"), *rest]


def read_decision(reply: BaseMessage, shape: type[Shape]) -> Shape | None:
    """The decision in a reply's tool call or text; None when there is none of this shape."""
    field = getattr(shape, "yes_no_field", "")
    values = _tool_arguments(reply)
    if values is None:
        values = read_object(str(reply.text))
    if values is None:
        answer = read_yes_no(str(reply.text)) if field else None
        values = None if answer is None else {field: answer}
    if values is None or not set(values) & ({field} if field else set(shape.model_fields)):
        return None
    try:
        return shape.model_validate(values)
    except ValidationError:
        return None


def _tool_arguments(reply: BaseMessage) -> dict[str, Any] | None:
    if not isinstance(reply, AIMessage):
        return None
    for call in reply.tool_calls:
        return call["args"]
    for broken in reply.invalid_tool_calls:
        return read_object(broken["args"] or "")
    return None
