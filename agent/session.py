"""One command's hold on the stores: opened, used and closed on one event loop. The only place that starts one."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from typing import Any, TypeVar

from agent.inputs import check_collections
from agent.resources import EmbeddedResources
from agent.settings import Settings, read_settings
from tools.access import Access

Result = TypeVar("Result")


class Session:
    """Runs coroutines one after the other on the command's loop; between them the terminal can be read.

    Ctrl-C cancels the running coroutine and raises KeyboardInterrupt; the session stays usable.
    """

    def __init__(self, runner: asyncio.Runner, resources: EmbeddedResources) -> None:
        self.resources = resources
        self._runner = runner
        self._opened = AsyncExitStack()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`."""
        return self._runner.run(work)

    def enter(self, opened: AbstractAsyncContextManager[Result]) -> Result:
        """Opens something that is closed with the session, before the stores."""
        return self.run(self._opened.enter_async_context(opened))

    def check_collections(self, names: Sequence[str]) -> None:
        """Raises NotFoundError when one of the collections holds nothing that may be read."""
        self.run(check_collections(names, self.run(self.resources.get()).ledger, Access()))

    async def close(self) -> None:
        """Closes what was entered, last opened first, and then the stores."""
        try:
            await self._opened.aclose()
        finally:
            await self.resources.close()


@contextmanager
def open_session(command: str, *, if_stopped: str, settings: Settings | None = None) -> Iterator[Session]:
    """The stores, held for `command`. `if_stopped` tells what Ctrl-C leaves behind. Raises SignpostError."""
    resources = EmbeddedResources(settings or read_settings(), held_by=f"signpost {command}")
    with asyncio.Runner() as runner:
        session = Session(runner, resources)
        try:
            runner.run(resources.get())
            yield session
        except KeyboardInterrupt:
            raise KeyboardInterrupt(if_stopped) from None
        finally:
            runner.run(session.close())
