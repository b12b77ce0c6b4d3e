"""What every node gets beside the state: the run's resources, choices, identity and event stream."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig

from graph.context import Context
from graph.events import Emit, EventType, event
from graph.resources import Resources
from graph.state import Degraded, EvidenceItem
from tools.access import Access
from tools.errors import InputError
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import Role
from tools.shapes import Fact, Filters, Passage

Result = TypeVar("Result")
# One store call may take this long, and this long even when the turn's deadline is over: what was found is still read.
_STORE_SECONDS = 2.0
_LEAST_STORE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the graph. `can_ask`: an interrupt would reach someone who can answer it."""

    resources: Resources
    context: Context
    access: Access
    can_ask: bool
    config: RunnableConfig
    send: Emit

    def emit(self, kind: EventType, **values: Any) -> None:
        """Sends one event to whoever streams `custom`."""
        self.send(event(kind, **values))

    def step_down(self, component: str, reason: str) -> Degraded:
        """A component did less than it should: told to whoever streams, and to be kept for the receipt."""
        self.emit("degraded", component=component, reason=reason)
        return Degraded(component=component, reason=reason)

    def chat(self, role: Role) -> ChatModel | None:
        """The model that this run uses for `role`, or None."""
        return self.resources.models.get(role, self.context.model)

    @property
    def always_judges(self) -> bool:
        """Whether a model judges even where the rules are sure."""
        return self.context.judgement == "always"

    @property
    def filters(self) -> Filters:
        """What the run's searches are limited to."""
        return Filters(collections=tuple(self.context.collections))

    def allowed_sources(self) -> list[str]:
        """Names of the sources that this run's choices admit, whether or not permission must be asked."""
        chosen = self.context.sources or list(self.resources.sources)
        return [
            name
            for name, source in self.resources.sources.items()
            if name in chosen and not (source.leaves_machine and self.context.web == "never")
        ]

    async def attempt(
        self, component: str, work: Awaitable[Result], otherwise: Result, deadline: float | None = None
    ) -> tuple[Result, list[Degraded]]:
        """The outcome of a store call, or `otherwise` with what went wrong: a store that fails ends no run.

        deadline: of the turn, in seconds since the epoch, while it bounds what is done; None when the answer is due.
        """
        left = _STORE_SECONDS if deadline is None else min(_STORE_SECONDS, seconds_left(deadline))
        try:
            return await asyncio.wait_for(work, max(_LEAST_STORE_SECONDS, left)), []
        except TimeoutError:
            reason = "timeout"
        except Exception:  # whatever a store raises, the run goes on without it
            reason = "down"
        return otherwise, [self.step_down(component, reason)]

    async def read_evidence(
        self, items: Iterable[EvidenceItem], deadline: float | None = None
    ) -> tuple[dict[str, Passage], dict[str, Fact], list[Degraded]]:
        """Passages and facts by id, as this identity may read them now."""
        listed = list(items)
        fact_ids = [fact for item in listed for fact in item["facts"]]
        ledger = self.resources.ledger
        no_passages: dict[str, Passage] = {}
        no_facts: dict[str, Fact] = {}
        reading = ledger.passages([item["id"] for item in listed], self.access)
        (passages, failed), (facts, failed_too) = await asyncio.gather(
            self.attempt("ledger", reading, no_passages, deadline),
            self.attempt("ledger", ledger.facts(fact_ids, self.access), no_facts, deadline),
        )
        return passages, facts, failed + failed_too


Node = Callable[[Any, Run], Awaitable[dict[str, Any]]]


def identity(config: RunnableConfig) -> Access:
    """Who is asking: the server's authenticated user, or the local user. Nothing else is believed.

    Raises InputError for an authenticated user without an identity: nobody else's documents are shown instead.
    """
    user = (config.get("configurable") or {}).get("langgraph_auth_user")
    if user is None:
        return Access()
    read: Callable[[str], Any] = user.get if isinstance(user, Mapping) else lambda key: getattr(user, key, None)
    name = read("identity")
    if not name:
        raise InputError(
            "The authenticated user has no identity.",
            why="What may be read is decided by it.",
            next_step="Let the server's authentication return a non-empty identity.",
        )
    groups = read("groups") or ()
    listed = (groups,) if isinstance(groups, str) else groups
    return Access(user=str(name), groups=tuple(str(group) for group in listed))


def has_checkpointer(config: RunnableConfig) -> bool:
    """Whether an interrupt could be resumed: without a checkpointer it would end the run without an answer."""
    return (config.get("configurable") or {}).get("__pregel_checkpointer") is not None


def seconds_left(deadline: float) -> float:
    """Seconds until `deadline` (seconds since the epoch), never below zero."""
    return max(0.0, deadline - time.time())
