"""The command line while a server holds the stores: the server runs the command, at this process's terminal."""

import functools
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, ParamSpec

from agent.output import absolute_path
from agent.server_client import NotReachedError, Server
from agent.terminal import OwnTerminal
from ingest.file_uri import address_of
from tools.errors import InputError, SignpostError, StoreHeldError

Parameters = ParamSpec("Parameters")

# Commands that choose their home when they run.
_HOME_OF_THEIR_OWN = frozenset({"demo"})
_RETRY_SECONDS = 0.2


def through_server(name: str, command: Callable[Parameters, int]) -> Callable[Parameters, int]:
    """`command`, run by the server that holds its stores where there is one, and by this process otherwise."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> int:
        # Asked before the command, which would import much to learn it.
        server = None if name in _HOME_OF_THEIR_OWN else _announced_server()
        not_reached: NotReachedError | None = None
        until: float | None = None
        while True:
            try:
                return command(*args, **kwargs) if server is None else server.run(name, _asked(kwargs))
            except NotReachedError as error:  # killed, about to begin, or about to end
                server, not_reached = None, error
            except StoreHeldError as held:
                if held.address is None or held.token is None:
                    raise
                server = Server(held.address, held.token)
                if not_reached is not None:
                    until = until or time.monotonic() + _wait_seconds()
                    if time.monotonic() >= until:
                        raise _unanswered(held, not_reached) from None
                    time.sleep(_RETRY_SECONDS)

    return run


def _announced_server() -> Server | None:
    """The server that holds the home."""
    from agent.settings import read_settings
    from tools.stores.home import Home

    try:
        holder = Home(read_settings().home_folder).holder()
    except SignpostError:  # the command will tell it
        return None
    return Server(holder.address, holder.token) if holder and holder.address and holder.token else None


def _wait_seconds() -> float:
    from agent.settings import read_settings

    return read_settings().lock_wait_seconds


def _unanswered(held: StoreHeldError, reason: Exception) -> StoreHeldError:
    return StoreHeldError(held.what, why=f"{held.why} It does not answer: {reason}.", next_step=held.next_step)


def _asked(arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        "terminal": asdict(OwnTerminal().surroundings),
        "arguments": {key: _as_json(value) for key, value in _without_the_web(arguments).items()},
    }


def _without_the_web(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as this process's own settings allow them: what is switched off here is not searched there."""
    from agent.settings import read_settings

    if read_settings().web == "on":
        return arguments
    if arguments.get("source") == "web" or arguments.get("route") == "web":
        raise InputError("The web is switched off.", next_step="Set SIGNPOST_WEB=on.")
    return {**arguments, "web": "never"} if "web" in arguments else arguments


def _as_json(value: object) -> object:
    """An argument as JSON; paths are absolute, for the server stands in another folder."""
    if isinstance(value, Path):
        return address_of(value) or absolute_path(str(value))
    return [_as_json(each) for each in value] if isinstance(value, list | tuple) else value
