"""One event loop in a thread of its own, for a client that is bound to a loop: every loop of the process may use it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

_LAST_WORDS_SECONDS = 1.0

Result = TypeVar("Result")


class LoopClosedError(RuntimeError):
    """The loop has been closed, before the work or while it ran."""


class LoopThread:
    """Runs work on its loop. The thread starts with the first work and ends with `close`.

    `last_work` is run when all other work has ended; it is not run when there was none.
    """

    def __init__(self, name: str, last_work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._last_work = last_work
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    async def run(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """What `work` returns or raises. Cancelling this cancels the work. Raises LoopClosedError."""
        with self._lock:
            loop = self._started()
            # Under the lock: what is scheduled before the loop is told to stop has begun by then.
            future = asyncio.run_coroutine_threadsafe(self._done(work), loop)
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Cancels what still runs, and ends the thread. May be called twice."""
        with self._lock:
            self._is_closed = True
            loop, thread, self._loop = self._loop, self._thread, None
            if loop is not None:
                loop.call_soon_threadsafe(loop.stop)
        if thread is not None:
            await asyncio.to_thread(thread.join)

    async def _done(self, work: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await work()
        except asyncio.CancelledError:
            if self._is_closed:  # nobody has cancelled whoever waits for it
                raise LoopClosedError(f"{self._name} is closed.") from None
            raise

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._is_closed:
            raise LoopClosedError(f"{self._name} is closed.")
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            # A daemon: a process that forgets to close it ends all the same.
            self._thread = threading.Thread(target=self._serve, args=(self._loop,), name=self._name, daemon=True)
            self._thread.start()
        return self._loop

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
            loop.run_until_complete(self._end())
        finally:
            loop.close()

    async def _end(self) -> None:
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=_LAST_WORDS_SECONDS)
        await self._last_work()
        await asyncio.sleep(0)  # what has ended by now is told to whoever waits for it
