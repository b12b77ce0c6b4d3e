"""What flows through the graph. Strings, numbers, dicts and messages only: it is all written to checkpoints.

Passage text is not in it: evidence is kept by id and read again from the ledger, under the reader's own access.
"""

import operator
from typing import Annotated, Any, Literal, NotRequired

from langchain_core.messages import AnyMessage
from langgraph.graph import add_messages

# The server describes the state by its types, which on Python 3.11 needs this TypedDict.
from typing_extensions import TypedDict

from tools.models.usage import Usage, merge_usage
from tools.shapes import Language, SourceStatus

Band = Literal["strong", "unclear", "weak"]
AnswerStatus = Literal["answered", "refused", "needs_input"]


class RouteChoice(TypedDict):
    """One way to answer. `route`: a source's name or `direct`; `confidence`: 0 to 1; `why`: a short code."""

    route: str
    confidence: float
    why: str


class SearchTask(TypedDict):
    """One search of one source. `round` counts from 0, as do the question's parts."""

    source: str
    query: str
    part: int
    round: int


class DispatchedSearch(SearchTask):
    """A search on its way to a worker, with the turn's deadline in seconds since the epoch."""

    deadline: float


class FoundHit(TypedDict):
    """A hit by id, with the facts that led to it."""

    id: str
    facts: list[str]


class Found(TypedDict):
    """What one worker brought back."""

    source: str
    query: str
    part: int
    round: int
    status: SourceStatus
    ms: float
    hits: list[FoundHit]


class EvidenceItem(TypedDict):
    """A passage that the answer may use; its place in the list, from 1, is its mark.

    whole: a search for passages found it, so all of it is read; else only the sentences of its facts.
    parts: the parts of the question that it was found for. details: what is known of its document itself is read too,
    for a question that asks who wrote it, or when. copies: the passages of other documents with the same text.
    """

    id: str
    source: str
    score: float
    facts: list[str]
    whole: bool
    parts: list[int]
    details: NotRequired[bool]
    copies: NotRequired[list[str]]


class Part(TypedDict):
    """How well one part of the question is covered.

    window: share (0 to 1) of its terms in two neighbouring sentences. names: share of its names, codes and numbers in
    the sentences that would answer it. answers: one of those holds something of the kind that is asked for.
    absent: its words that the evidence does not hold. enough: it may be answered. judged_by: what has said so
    beside its band, if anything has. for_model: its band is
    raised for a model to read the evidence; a rule would not find it enough.
    """

    number: int
    query: str
    window: float
    names: float
    answers: bool
    absent: list[str]
    band: Band
    enough: bool
    judged_by: Literal["", "rule", "model"]
    for_model: bool


class Rephrasing(TypedDict):
    """A part of the question in other words, as a model put it: evidence may cover these better."""

    part: int
    query: str


class Degraded(TypedDict):
    """A step down: which component did less than it should, and why, as short codes."""

    component: str
    reason: str


class Waiting(TypedDict):
    """What the user is asked: the value of the interrupt."""

    kind: Literal["clarify", "permission"]
    question: str
    source: NotRequired[str]
    options: NotRequired[list[str]]


class Reply(TypedDict):
    """What has left through the door so far. `cited`: evidence numbers in order of their citation numbers.

    withheld: sentences that failed their check. dropped_marks: marks of evidence that was not offered. by_model: a
    model has written it. unsure: released sentences of which only numbers and names could be compared. flagged:
    released sentences that a model does not find supported. failure: why the writing ended early, or empty.
    """

    status: AnswerStatus
    text: str
    cited: list[int]
    supported: int
    withheld: list[str]
    dropped_marks: int
    by_model: bool
    unsure: int
    flagged: list[str]
    failure: str


def no_reply() -> Reply:
    """Nothing has been said yet."""
    return Reply(
        status="refused",
        text="",
        cited=[],
        supported=0,
        withheld=[],
        dropped_marks=0,
        by_model=False,
        unsure=0,
        flagged=[],
        failure="",
    )


class Input(TypedDict, total=False):
    """`messages` as usual, or a plain `question`."""

    messages: list[AnyMessage]
    question: str


class Output(TypedDict):
    """The conversation and the answer of this turn."""

    messages: list[AnyMessage]
    answer: dict[str, Any]


def merge_timings(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    """Sums milliseconds by name."""
    return {name: round(left.get(name, 0.0) + right.get(name, 0.0), 2) for name in left | right}


class State(TypedDict, total=False):
    """One thread. All but `messages` belongs to the current turn and is reset by intake."""

    messages: Annotated[list[AnyMessage], add_messages]
    question: str
    answer: dict[str, Any]

    asked: str
    standalone: str
    language: Language
    answer_id: str
    started: float
    deadline: float
    routes: list[RouteChoice]
    has_documents: bool
    parts: list[str]
    names: list[str]
    tasks: list[SearchTask]
    found: Annotated[list[Found], operator.add]
    bands: Annotated[list[Band], operator.add]
    round: int
    evidence: list[EvidenceItem]
    coverage: list[Part]
    band: Band
    waiting: Waiting | None
    permission: Literal["unasked", "granted", "refused", "nobody"]
    clarified: int
    direct: str
    reply: Reply
    repaired: bool
    degraded: Annotated[list[Degraded], operator.add]
    usage: Annotated[dict[str, Usage], merge_usage]
    rephrased: list[Rephrasing]
    ideas: list[str]
    timings: Annotated[dict[str, float], merge_timings]
