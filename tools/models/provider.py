"""How the clients of models are made, of any provider that LangChain knows."""

from collections.abc import Callable
from typing import Any, TypeVar

from tools.errors import InputError, MissingExtraError

Client = TypeVar("Client")


def made(name: str, make: Callable[[], Client], *, setting: str, example: str) -> Client:
    """The client that `make` gives for the model `name`, which `setting` names.

    Raises InputError when the name or the key is missing or wrong in form, MissingExtraError when a package is.
    """
    try:
        return make()
    except ImportError as error:
        provider = name.partition(":")[0]
        raise MissingExtraError(
            f"The model '{name}' needs a package that is not installed.",
            why=" ".join(str(error).split()),
            next_step=f"pip install langchain-{provider.replace('_', '-')}",
        ) from error
    except Exception as error:  # each provider's package has its own way to say that a name or key is missing
        raise InputError(
            f"The model '{name}' cannot be used.",
            why=" ".join(str(error).split())[:300],
            next_step=f"Set {setting}=provider:model (such as {example}), and the provider's key.",
        ) from error


def openai_access(api_key: str, base_url: str) -> dict[str, Any]:
    """How a client of the provider `openai` reaches its server; what is not given it reads from the environment."""
    values: dict[str, Any] = {}
    if base_url:
        values["base_url"] = base_url
    if api_key or base_url:
        # Local servers want no key, the library wants one.
        values["api_key"] = api_key or "none"
    return values
