"""One question to the graph as a client asks it: what came, when it came, and what it took."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agent.conversation import TURN_MODES, Turn, turn_parts
from evals.open_resources import OpenResources
from graph.build import build_graph
from graph.context import Context
from graph.resources import Resources

Result = TypeVar("Result")

ENDS_SECONDS = 120.0
"""A run that takes longer than this does not end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """answer: as the graph gives it; empty when the run failed. failure: the class of what it raised, or "no end".

    first_seconds: until the client had the first text; seconds: until the end.
    """

    question: str
    seconds: float
    first_seconds: float
    answer: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""

    @property
    def calls(self) -> int:
        """Requests to models, as the receipt counts them."""
        return int(self.answer["receipt"]["llm_calls"]) if self.answer else 0

    @property
    def text(self) -> str:
        """What the reader was given."""
        return str(self.answer.get("answer", ""))

    @property
    def is_answered(self) -> bool:
        """Whether it is an answer, and not a refusal or a question back."""
        return self.answer.get("status") == "answered"

    @property
    def gave_up_a_model(self) -> bool:
        """Whether a model failed, so that a rule or the evidence's own words stood in for it."""
        degraded = self.answer["receipt"]["degraded"] if self.answer else []
        return any(step["reason"].startswith("model_") for step in degraded)


async def ask(
    resources: Resources, question: str, context: Context, *, history: Sequence[Mapping[str, str]] = ()
) -> Outcome:
    """Asks, and reads the stream to its end. history: messages before the question. Never raises for a failing run."""
    started = time.perf_counter()
    first = 0.0
    turn = Turn()
    failure = ""
    messages = [*history, {"role": "user", "content": question}]
    given: Any = {"messages": messages} if history else {"question": question}
    try:
        async with asyncio.timeout(ENDS_SECONDS):
            graph = build_graph(OpenResources(resources))
            async for part in turn_parts(graph.astream(given, context=context, stream_mode=TURN_MODES)):
                if isinstance(part, Turn):
                    turn = part
                elif part and not first:
                    first = time.perf_counter() - started
    except TimeoutError:
        failure = "no end"
    except Exception as error:  # what is measured is that there is none
        failure = type(error).__name__
    seconds = time.perf_counter() - started
    return Outcome(question, seconds, first or seconds, turn.answer or {}, failure)


async def at_once(limit: int, tasks: Sequence[Callable[[], Awaitable[Result]]]) -> list[Result]:
    """The results of the tasks, of which at most `limit` run at a time, begun in their order."""
    gate = asyncio.Semaphore(limit)

    async def run(task: Callable[[], Awaitable[Result]]) -> Result:
        async with gate:
            return await task()

    return list(await asyncio.gather(*(run(task) for task in tasks)))
