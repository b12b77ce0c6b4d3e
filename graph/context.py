"""The choices of one run: what Studio's form shows and API callers may set. Never identity, never secrets."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.dataclasses import dataclass

MAX_ROUNDS = 2
MAX_WORKERS = 9
MAX_QUESTION_CHARACTERS = 8_000
DEFAULT_DEADLINE_SECONDS = 45.0

# A form shows a default only if it stands in the schema.
_NONE: JsonDict = {"default": []}


@dataclass(kw_only=True, config=ConfigDict(extra="ignore"))
class Context:
    """Choices of one run. Unset ones keep their defaults; unknown ones are ignored, wrong ones refused."""

    language: Annotated[
        Literal["auto", "zh", "en"], Field(description="Language of the answer; auto follows the question.")
    ] = "auto"
    route: Annotated[
        Literal["auto", "vector", "graph", "web", "direct"],
        Field(description="Where to look; auto lets the router decide."),
    ] = "auto"
    collections: Annotated[
        list[str],
        Field(description="Search only these collections; empty means all that you may read.", json_schema_extra=_NONE),
    ] = field(default_factory=list)
    sources: Annotated[
        list[str], Field(description="Sources that may be searched; empty means all.", json_schema_extra=_NONE)
    ] = field(default_factory=list)
    web: Annotated[
        Literal["auto", "ask", "never"],
        Field(
            description="auto: questions about the outside go to the web, after private documents you are asked; "
            "ask: always asked first; never: no web."
        ),
    ] = "auto"
    judgement: Annotated[
        Literal["unsure", "always"],
        Field(
            description="When a language model judges (route, relevance, support), if one is set. unsure: where the "
            "rules are not sure; always: every time, as in the Self-RAG paper, at the price of more model calls."
        ),
    ] = "unsure"
    model: Annotated[
        str, Field(description="One of the configured models, for all roles; empty: the one of each role.")
    ] = ""
    interactive: Annotated[
        bool, Field(description="Someone is there to answer a question back (permission, clarification).")
    ] = True
    rounds: Annotated[int, Field(ge=0, le=MAX_ROUNDS, description="Further attempts when the evidence is weak.")] = (
        MAX_ROUNDS
    )
    deadline_seconds: Annotated[
        float, Field(ge=1, le=600, description="Searching ends after this time; then the answer is written.")
    ] = DEFAULT_DEADLINE_SECONDS
