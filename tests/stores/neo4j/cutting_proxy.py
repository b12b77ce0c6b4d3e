"""A TCP proxy before a server that cuts a connection in the middle of what is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_PIECE = 1024


class CuttingProxy:
    """`cuts`: after how many bytes to the server each of the next connections is cut; the others are let through."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.cuts: list[int] = []
        self._server_port = port

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["CuttingProxy"]:
        """Listens on a free port of this machine."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        cut = self.cuts.pop(0) if self.cuts else None
        back_again = asyncio.create_task(_pass_on(there, writer, None))
        await _pass_on(reader, back, cut)
        writer.close()
        await back_again


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, most: int | None) -> None:
    with suppress(OSError):
        while (most is None or most > 0) and (piece := await source.read(_PIECE)):
            if most is not None:
                most -= len(piece)
            target.write(piece)
            await target.drain()
    target.close()
