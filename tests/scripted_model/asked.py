"""One request as the scripted model understands it: what is wanted, in which mode, about which evidence."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["json_schema", "tools", "json_object", "text"]

ANSWER = "generate"
"""The kind of a request that wants no structured decision."""

_FENCE = re.compile(r"<([a-z_]+)-([0-9a-f]{6,})>\n?(.*?)\n?</\1-\2>", re.DOTALL)
_FENCE_TAG = re.compile(r"(</?[a-z_]+)-[0-9a-f]{6,}>")
_PASSAGE = re.compile(r"(?:^|\n\n)\[(\d+)\](?: ([^\n]*))?\n?")
_NUMBERED_LINE = re.compile(r"^\((\d+)\) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """kind: the schema's title, or "generate". schema: None for answers. max_tokens: the reply's limit, if any."""

    kind: str
    mode: Mode
    model: str
    stream: bool
    wants_usage: bool
    messages: list[dict[str, Any]]
    schema: dict[str, Any] | None = None
    max_tokens: int | None = None

    @property
    def system(self) -> str:
        return "\n\n".join(_texts(self.messages, {"system", "developer"}))

    @property
    def user(self) -> str:
        return "\n\n".join(_texts(self.messages, {"user"}))

    @property
    def fenced(self) -> dict[str, str]:
        """Text between fences, by the fence's name."""
        return {name: text for name, _, text in _FENCE.findall(self.user)}

    @property
    def question(self) -> str:
        """The fenced question, else the last line of the user's that is not fenced."""
        if "question" in self.fenced:
            return self.fenced["question"]
        lines = [line for line in _FENCE.sub("", self.user).splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""

    @property
    def parts(self) -> list[str]:
        """The parts of the question; the question itself when it has none."""
        return [text for _, text in _NUMBERED_LINE.findall(self.question)] or [self.question]

    @property
    def passages(self) -> dict[int, str]:
        """The fenced evidence by its numbers, titles left out."""
        pieces = _PASSAGE.split(self.fenced.get("evidence", ""))[1:]
        return {int(number): text.strip() for number, _, text in zip(*[iter(pieces)] * 3, strict=True)}

    @property
    def sentence_numbers(self) -> list[int]:
        """The numbers of the fenced sentences; a single one need not carry any."""
        sentences = self.fenced.get("sentences", "")
        return [int(number) for number, _ in _NUMBERED_LINE.findall(sentences)] or [1] * bool(sentences)

    @property
    def fingerprint(self) -> str:
        """The same for the same request, whatever random word its fences carry."""
        return _FENCE_TAG.sub(r"\1>", f"{self.kind}|{self.mode}|{self.system}|{self.user}")


def read(body: dict[str, Any]) -> Asked:
    """The request in `body`, as JSON sent to /v1/chat/completions."""
    messages = body["messages"]
    mode, schema = _structure(body)
    if schema is None:
        schema = next(_schemas_in("\n".join(_texts(messages, {"system", "developer"}))), None)
    return Asked(
        kind=str((schema or {}).get("title", ANSWER)),
        mode=mode,
        model=body["model"],
        stream=bool(body.get("stream")),
        wants_usage=bool((body.get("stream_options") or {}).get("include_usage")),
        messages=messages,
        schema=schema,
        max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
    )


def _structure(body: dict[str, Any]) -> tuple[Mode, dict[str, Any] | None]:
    """The mode of the reply, and the schema where the request carries one. Its name is its title."""
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        named = form["json_schema"]
        return "json_schema", {**named.get("schema", {}), "title": named["name"]}
    if form.get("type") == "json_object":
        return "json_object", None
    if body.get("tools"):
        function = body["tools"][0]["function"]
        return "tools", {**function.get("parameters", {}), "title": function["name"]}
    return "text", None


def _schemas_in(text: str) -> Iterator[dict[str, Any]]:
    """JSON schemas with a title that stand in `text`."""
    decoder = json.JSONDecoder()
    for match in re.finditer(r"\{", text):
        try:
            value, _ = decoder.raw_decode(text, match.start())
        except ValueError:
            continue
        if isinstance(value, dict) and "title" in value and "properties" in value:
            yield value


def _texts(messages: list[dict[str, Any]], roles: set[str]) -> list[str]:
    """The text of the messages by `roles`; a list of parts is joined."""
    found: list[str] = []
    for message in messages:
        content = message.get("content") or ""
        if isinstance(content, list):
            content = "".join(part.get("text", "") for part in content)
        if message.get("role") in roles:
            found.append(content)
    return found
