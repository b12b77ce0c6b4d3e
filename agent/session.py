"""One command's hold on the stores: opened, used and closed on one event loop. The only place that starts one."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from agent.inputs import check_collections
from agent.output import note
from agent.resources import LiveResources
from agent.settings import Settings, read_settings
from tools.access import Access

Result = TypeVar("Result")


class Host(Protocol):
    """The event loop that commands run on, and the stores that they share: a server's."""

    @property
    def resources(self) -> LiveResources: ...

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`. Raises KeyboardInterrupt when the user has stopped it."""
        ...

    def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, whether or not the user stops anything."""
        ...


_server: ContextVar[Host | None] = ContextVar("signpost_server", default=None)


class Session:
    """Runs coroutines one after the other on the command's loop; between them the terminal can be read.

    Ctrl-C cancels the running coroutine and raises KeyboardInterrupt; the session stays usable.
    """

    def __init__(self, host: Host) -> None:
        self.resources = host.resources
        self._host = host
        self._opened = AsyncExitStack()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`."""
        return self._host.run(work)

    def enter(self, opened: AbstractAsyncContextManager[Result]) -> Result:
        """Opens something that is closed with the session, before the stores."""
        return self.run(self._opened.enter_async_context(opened))

    def check_collections(self, names: Sequence[str]) -> None:
        """Raises NotFoundError when one of the collections holds nothing that may be read."""
        self.run(check_collections(names, self.run(self.resources.get()).ledger, Access()))

    def close(self) -> None:
        """Closes what was entered, last opened first."""
        self._host.finish(self._opened.aclose())


@contextmanager
def open_session(command: str, *, if_stopped: str, settings: Settings | None = None) -> Iterator[Session]:
    """The stores, held for `command`. `if_stopped` tells what Ctrl-C leaves behind. Raises SignpostError.

    Where a server runs the command, they are the server's, which holds them already and goes on holding them.
    """
    host = _server.get()
    with _own_host(command, settings) if host is None else nullcontext(host) as used:
        session = Session(used)
        try:
            session.run(used.resources.get())
            yield session
        except KeyboardInterrupt:
            raise KeyboardInterrupt(if_stopped) from None
        finally:
            session.close()


def tell_what_is_away(resources: LiveResources) -> None:
    """Notes that the ledger cannot be used, why and what to do, for what is answered without it."""
    if resources.away:
        note(f"{resources.away.what} Nothing is answered from documents. {resources.away.next_step}")


@contextmanager
def hosted_by(server: Host) -> Iterator[None]:
    """Sessions that are opened within work on the server's loop, in its stores."""
    token = _server.set(server)
    try:
        yield
    finally:
        _server.reset(token)


class _OwnHost:
    """A loop and stores for this command alone."""

    def __init__(self, runner: asyncio.Runner, resources: LiveResources) -> None:
        self.resources = resources
        self._runner = runner

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)

    def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)


@contextmanager
def _own_host(command: str, settings: Settings | None) -> Iterator[Host]:
    resources = LiveResources(settings or read_settings(), held_by=f"signpost {command}")
    with asyncio.Runner() as runner:
        try:
            yield _OwnHost(runner, resources)
        finally:
            runner.run(resources.close())
