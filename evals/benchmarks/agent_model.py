"""The scripted model for one run among thousands: connections are shared, all else is the run's own."""

import functools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from evals.benchmarks.scripted_server import MODEL, ScriptedServer
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import ChatModelSettings, Role
from tools.models.chat_models import make_client
from tools.models.traits import TraitMemory, Traits
from tools.models.usage import Price

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class OwnModel:
    """The chat models of one run, as `graph.resources.Models` has them.

    Its breaker and what it has learned of the server are its own: another run's failures would keep it from trying.
    """

    prices: Mapping[str, Price] = {}
    names = [MODEL]

    def __init__(self, make: "Callable[[Traits], BaseChatModel]", timeout_seconds: float) -> None:
        self._chat = ChatModel(
            MODEL, make, TraitMemory(), timeout_seconds=timeout_seconds, idle_seconds=timeout_seconds
        )

    def get(self, role: Role, name: str = "") -> ChatModel:
        """The one model, whatever its role."""
        return self._chat


@asynccontextmanager
async def own_models(server: ScriptedServer, timeout_seconds: float) -> AsyncIterator[Callable[[], OwnModel]]:
    """Gives a model for each run; a request that takes longer than `timeout_seconds` is given up."""
    settings = ChatModelSettings(MODEL, openai_base_url=server.url)
    make = functools.cache(functools.partial(make_client, MODEL, settings))
    client: Any = make(Traits())
    try:
        yield lambda: OwnModel(make, timeout_seconds)
    finally:
        await client.http_async_client.aclose()
