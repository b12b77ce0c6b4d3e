"""The commands that a server runs for clients: found by their id, and ended with the server."""

import asyncio
import signal
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from agent.call import Call, Message

_MOST = 32
_END_SECONDS = 5.0


class Calls:
    """Those that run now. Used from the server's loop."""

    def __init__(self) -> None:
        self._running: dict[str, Call] = {}
        self._is_ending = False

    @property
    def refusal(self) -> str:
        """Why no further command is begun; empty when one may be."""
        if self._is_ending:
            return "It is stopping."
        return f"It runs {_MOST} commands already." if len(self._running) >= _MOST else ""

    def get(self, call_id: str) -> Call | None:
        """The call, while it runs."""
        return self._running.get(call_id)

    async def run(
        self, call: Call, command: Callable[..., int], arguments: dict[str, Any]
    ) -> AsyncGenerator[Message, None]:
        """What the client is told while the command runs: first its id. Closed before its end, it ends the command."""
        self._running[call.id] = call
        call.start(command, arguments)
        try:
            yield {"id": call.id}
            while (message := await call.messages.get()) is not None:
                yield message
        finally:
            call.leave()
            try:
                await call.has_ended.wait()
            finally:
                del self._running[call.id]

    def end(self) -> None:
        """Ends those that run, and lets no more begin."""
        self._is_ending = True
        for call in self._running.values():
            call.write_aside("The server is stopping.\n")
            call.leave()

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """What ends the server ends them first: it waits until their connections are closed."""
        loop = asyncio.get_running_loop()
        self._is_ending = False
        before: dict[int, Callable[[int, FrameType | None], Any]] = {}

        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.end)
            before[number](number, frame)

        if threading.current_thread() is threading.main_thread():
            for number in (int(signal.SIGINT), int(signal.SIGTERM)):
                handler = signal.getsignal(number)
                if callable(handler):
                    before[number] = handler
                    signal.signal(number, handle)
        try:
            yield
        finally:
            for number in before:
                signal.signal(number, before[number])

    async def ended(self) -> None:
        """Waits until they have given back what they used, but not for ever."""
        self.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                for call in list(self._running.values()):
                    await call.has_ended.wait()
