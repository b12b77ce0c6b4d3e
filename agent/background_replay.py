"""Brings search index and graph database up to what the ledger says, while questions are answered already."""

import asyncio
import logging
import threading

from agent.failures import as_signpost_error
from tools.stores.stores import Stores

_AGAIN_SECONDS = 30.0
_LOOK_SECONDS = 300.0
"""Another process may have stored what it could not have indexed."""

_log = logging.getLogger(__name__)


class BackgroundReplay:
    """A replay in a thread of its own, again and again: soon after it has failed, for a server may be away for a while,
    and now and then after it has come to its end."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._tried = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._replay())
        self._thread = threading.Thread(target=self._run, name="signpost-replay", daemon=True)
        self._thread.start()

    def wait(self, timeout_seconds: float) -> None:
        """Waits until it has ended or failed for the first time, but no longer than that. Blocks."""
        if not self._tried.wait(timeout_seconds):
            _log.warning("What is stored is still being indexed; not everything is found yet.")

    def stop(self) -> None:
        """Ends it wherever it is; what is not done yet stays due. Blocks."""
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            self._tried.set()

    async def _replay(self) -> None:
        is_told = False
        while True:
            pause = _LOOK_SECONDS
            try:
                await self._stores.replay()
                is_told = False
            except Exception as error:  # a fault of ours too must not end it for as long as a server runs
                pause = _AGAIN_SECONDS
                if not is_told:
                    _log.warning("%s What is new there waits until it is back.", as_signpost_error(error).what)
                is_told = True
            self._tried.set()
            await asyncio.sleep(pause)
