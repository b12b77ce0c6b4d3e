"""The connection to a Qdrant server: made on first use, asked in threads of its own, never waited for without end."""

import asyncio
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

import httpx
from qdrant_client import QdrantClient

from tools.errors import StoreError
from tools.stores.qdrant.address import parse_address, parse_key
from tools.stores.qdrant.failures import failure_of, not_qdrant, timed_out
from tools.stores.store_settings import QdrantSettings

_SEARCHES = 8
# The first that knows the IDF over the readable chunks alone. Older ones ignore it without a word: their scores would
# tell about what may not be read.
_OLDEST = (1, 19)
_VERSION = re.compile(r"(\d+)\.(\d+)")
# The client bounds each wait within a request. This is for what has no bound there, such as finding the host's address.
_GRACE_SECONDS = 1.0

Result = TypeVar("Result")
Work = Callable[[QdrantClient], Result]


class QdrantServer:
    """Runs blocking calls of the client, from any event loop. What goes wrong is a StoreError.

    client: one to use instead of one that is made from the settings; it stays open.
    """

    def __init__(self, settings: QdrantSettings, timeout_seconds: float, client: QdrantClient | None = None) -> None:
        self._address = parse_address(settings.url)
        self._key = parse_key(settings.api_key)
        self._timeout = timeout_seconds
        self._client = client
        self._is_ours = client is None
        self._is_known = False
        self._opening = threading.Lock()
        self._searches = ThreadPoolExecutor(_SEARCHES, thread_name_prefix="signpost-qdrant-search")
        # One thread: changes take effect in the order of the calls, cancelled ones too.
        self._changes = ThreadPoolExecutor(1, thread_name_prefix="signpost-qdrant-index")

    @property
    def url(self) -> str:
        """The address, without secrets."""
        return self._address.url

    @property
    def place(self) -> str:
        return self._address.place

    async def ask(self, work: Work[Result]) -> Result:
        """The answer to one request. Several are asked side by side."""
        if not self._is_known:
            await self._in_time(self._greet)
        return await self._in_time(work)

    async def change(self, work: Work[Result]) -> Result:
        """The outcome of several requests, after those of all earlier calls."""

        def greeted(client: QdrantClient) -> Result:
            if not self._is_known:
                self._greet(client)
            return work(client)

        return await self._submit(self._changes, greeted)

    async def version(self) -> str:
        """The server's version, which Signpost can work with. Raises StoreError."""
        return await self._in_time(self._greet)

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._changes.shutdown()
        self._searches.shutdown()
        with self._opening:
            if self._client is not None and self._is_ours:
                self._client.close()

    def _greet(self, client: QdrantClient) -> str:
        answer = client.info()
        version = _VERSION.match(answer.version)
        if version is None or "qdrant" not in answer.title.lower():
            raise not_qdrant(self.url, "It calls itself something else.")
        if (int(version[1]), int(version[2])) < _OLDEST:
            oldest = ".".join(map(str, _OLDEST))
            raise StoreError(
                f"Qdrant at {self.url} is too old.",
                why=f"It is version {version[0]}. Since {oldest} it can weigh words by what a user may read.",
                next_step=f"Upgrade the server to {oldest} or newer.",
            )
        self._is_known = True
        return answer.version

    async def _in_time(self, work: Work[Result]) -> Result:
        try:
            return await asyncio.wait_for(self._submit(self._searches, work), math.ceil(self._timeout) + _GRACE_SECONDS)
        except TimeoutError as error:
            raise timed_out(self.url, self._timeout) from error

    async def _submit(self, executor: Executor, work: Work[Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(executor, self._explained, work)
        except RuntimeError as error:
            raise StoreError(f"The connection to Qdrant at {self.url} is closed.") from error
        return await future

    def _explained(self, work: Work[Result]) -> Result:
        try:
            return work(self._connected())
        except Exception as error:
            raise failure_of(error, self.url, self._timeout) from error

    def _connected(self) -> QdrantClient:
        with self._opening:
            if self._client is None:
                self._client = QdrantClient(
                    url=self.url,
                    # Not as api_key: with http the client would warn, and a server on this machine has no other.
                    headers={"api-key": self._key} if self._key else None,
                    timeout=math.ceil(self._timeout),
                    check_compatibility=False,
                    auth=self._address.credentials,
                    event_hooks={"response": [self._bound]},
                )
            return self._client

    def _bound(self, response: httpx.Response) -> None:
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _BoundedStream(response.stream, time.monotonic() + self._timeout)


class _BoundedStream(httpx.SyncByteStream):
    """An answer that must be whole at `until`: httpx bounds the wait for each piece alone."""

    def __init__(self, stream: httpx.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("The answer does not end.")
            yield piece

    def close(self) -> None:
        self._stream.close()
