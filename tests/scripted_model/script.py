"""What the scripted model should do. Every value can be set in a test, on the command line or over HTTP as JSON."""

from dataclasses import asdict, field
from typing import Any, Literal, get_args

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass
from typing_extensions import TypedDict

Persona = Literal[
    "good",
    "irrelevant",
    "unsupported",
    "inventor",
    "echo",
    "other_language",
    "empty",
    "enormous",
    "repeats",
    "obeys",
]
"""How it judges and answers.

good: sensible, without any understanding. irrelevant: no passage is relevant. unsupported: no sentence is supported.
inventor: an answer with fifty citations of nothing and facts of its own. echo: repeats its instructions.
other_language: English for Chinese and the reverse. empty: says nothing. enormous: 200,000 characters.
repeats: one sentence without end. obeys: does what a passage tells it to.
"""

Form = Literal[
    "plain",
    "fenced",
    "think",
    "prose",
    "trailing_comma",
    "single_quotes",
    "truncated",
    "wrong_types",
    "not_json",
    "empty",
]
"""How it writes the JSON that it was asked for."""

BROKEN_FORMS: tuple[Form, ...] = get_args(Form)[1:]

Feature = Literal["json_schema", "tools", "json_object", "stream", "stream_usage"]
FEATURES: tuple[Feature, ...] = get_args(Feature)

Dialect = Literal["openai", "vllm", "ollama", "deepseek"]
"""Whose words it uses when it refuses a request."""


class Fault(TypedDict, total=False):
    """What goes wrong with one request; one of these, some with a second value.

    status: this HTTP error (retry_after: seconds, in the header of a 429). hang: sends nothing for so many seconds,
    then 504; with `after`, stops in the middle of a stream after so many tokens and goes on when they have passed.
    cut_after: closes the connection after so many tokens, without an end. error_after: ends a stream after so many
    tokens with an error. garbage: a page of HTML with status 200. slow_headers: seconds until the reply begins.
    """

    status: int
    retry_after: float
    hang: float
    after: int
    cut_after: int
    error_after: int
    garbage: bool
    slow_headers: float


RANDOM_FAULTS: tuple[Fault, ...] = (
    {"status": 429, "retry_after": 0.01},
    {"status": 500},
    {"status": 503},
    {"hang": 0.05},
    {"cut_after": 3},
    {"garbage": True},
)
"""What `fault_share` chooses from."""


@dataclass(config=ConfigDict(extra="forbid", validate_assignment=True))
class Script:
    """Values of the scripted model; a wrong one raises pydantic's ValidationError.

    routes: what routing answers. structured: the form of every structured reply; broken_share: the share (0 to 1) of
    them that takes a random broken form instead. thinking: thoughts before an answer, as <think> tags or as
    `reasoning_content`. supports: what it knows; the rest is refused with 400, in the words of `dialect`, or left
    unnoticed when `ignores` lists it. faults: a queue, one a request. fault_share: share (0 to 1) of the other requests
    with a random fault. seed: of both shares; the same requests meet the same fate, in whatever order they come.
    context_tokens: longer requests are refused. A token is one Chinese character or one word.
    api_key: others get 401. models: the names it knows; any when empty.
    """

    persona: Persona = "good"
    routes: list[str] = field(default_factory=lambda: ["vector"])
    structured: Form = "plain"
    broken_share: float = 0.0
    thinking: Literal["none", "inline", "reasoning_content"] = "none"
    supports: list[Feature] = field(default_factory=lambda: list(FEATURES))
    ignores: list[Feature] = field(default_factory=list)
    dialect: Dialect = "openai"
    faults: list[Fault] = field(default_factory=list)
    fault_share: float = 0.0
    seed: int = 0
    context_tokens: int | None = None
    first_token_seconds: float = 0.0
    token_seconds: float = 0.0
    api_key: str | None = None
    models: list[str] = field(default_factory=list)

    def with_values(self, values: dict[str, Any]) -> "Script":
        """A copy with `values` set and the others as they are."""
        return Script(**{**asdict(self), **values})

    def without(self, *features: Feature) -> list[Feature]:
        """The features known, less `features`: for `script.supports = script.without("tools")`."""
        return [feature for feature in self.supports if feature not in features]
