"""A TCP proxy that lets a server be away: it cuts connections, holds what is said, or refuses."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_PIECE = 65_536


class FaultProxy:
    """Stands before one server. rate: the share, 0 to 1, of pieces and connections that meet a fault."""

    def __init__(self, host: str, port: int, chance: random.Random, hang_seconds: float) -> None:
        self.port = 0
        self.rate = 0.0
        self.faults = 0
        self._connections: set[asyncio.Task[None]] = set()
        self._server = (host, port)
        self._chance = chance
        self._hang_seconds = hang_seconds

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["FaultProxy"]:
        """Listens on a free port of this machine."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._meets_fault() and self._chance.random() < 0.5:
            writer.close()
            return
        try:
            there, back = await asyncio.open_connection(*self._server)
        except OSError:
            writer.close()
            return
        # Tasks of our own: the server's would tell of each that is cancelled.
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass_on(source, target))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            while piece := await source.read(_PIECE):
                if self._meets_fault():
                    if self._chance.random() < 0.5:
                        target.write(piece[: len(piece) // 2])
                        break
                    await asyncio.sleep(self._hang_seconds)
                target.write(piece)
                await target.drain()
        target.close()

    def _meets_fault(self) -> bool:
        is_met = self._chance.random() < self.rate
        self.faults += is_met
        return is_met
