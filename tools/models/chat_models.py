"""The chat models of the product: one for each role, most of them falling back to one for all."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import ROLES, ChatModelSettings, Role
from tools.models.provider import made, openai_access
from tools.models.traits import TraitMemory, Traits

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class ChatModels:
    """Made on first use; nothing is imported or connected before."""

    def __init__(self, settings: ChatModelSettings, memory_file: Path | None = None) -> None:
        self.prices = settings.prices
        self._settings = settings
        self._memory = TraitMemory(memory_file)
        names = dict.fromkeys(name for role in ROLES if (name := settings.name_for(role)))
        self._models = {name: self._made(name) for name in names}

    @property
    def names(self) -> list[str]:
        """The configured models, each once."""
        return list(self._models)

    def get(self, role: Role, name: str = "") -> ChatModel | None:
        """The model of `role`, or the configured one called `name`; None when there is none."""
        return self._models.get(name or self._settings.name_for(role))

    def check(self, name: str) -> None:
        """Makes the client of the model `name`, which connects nothing. Blocks.

        Raises SignpostError when the name, the package or the key is missing or wrong in form.
        """
        make_client(name, self._settings, Traits())

    async def close(self) -> None:
        """Closes the connections of the running event loop; a later call opens others."""
        for model in self._models.values():
            await model.close()

    def _made(self, name: str) -> ChatModel:
        settings = self._settings
        return ChatModel(
            name,
            lambda traits: make_client(name, settings, traits),
            self._memory,
            address=settings.openai_base_url if name.startswith("openai:") else "",
            timeout_seconds=settings.timeout_seconds,
            idle_seconds=settings.idle_seconds,
        )


NO_CHAT_MODELS = ChatModels(ChatModelSettings())
"""The product without a model."""


def make_client(name: str, settings: ChatModelSettings, traits: Traits) -> "BaseChatModel":
    """Connects nothing. Raises InputError and MissingExtraError."""
    from langchain.chat_models import init_chat_model

    # What a provider does not support is found out here, and told in answers and by doctor.
    warnings.filterwarnings("ignore", message="This model does not support OpenAI's structured output")
    provider = name.partition(":")[0]
    # Retries are ours: each is a request of the budget.
    values: dict[str, Any] = {"max_retries": 0}
    if traits.temperature:
        values["temperature"] = 0
    if provider == "openai":
        values |= _openai_values(settings, traits)
    client: BaseChatModel = made(
        name,
        lambda: init_chat_model(name, **values),
        setting="SIGNPOST_CHAT_MODEL",
        example="openai:gpt-4.1-mini",
    )
    return client


def _openai_values(settings: ChatModelSettings, traits: Traits) -> dict[str, Any]:
    from openai import DefaultAsyncHttpxClient

    values: dict[str, Any] = {
        "stream_usage": traits.stream_usage,
        # Connections belong to one event loop; the library would share them among all.
        "http_async_client": DefaultAsyncHttpxClient(),
        # The wait for each piece is bounded by ChatModel.
        "stream_chunk_timeout": None,
        "timeout": None,
    }
    return values | openai_access(settings.openai_api_key, settings.openai_base_url)
