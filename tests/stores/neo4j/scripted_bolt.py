"""A Bolt server that says what a test tells it to, for what a real one cannot be brought to do."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HANG = "hang"
"""Instead of an answer: nothing ever comes."""
CUT = "cut"
"""Instead of an answer: the connection ends."""

_NAMES = {
    0x01: "HELLO",
    0x6A: "LOGON",
    0x11: "BEGIN",
    0x10: "RUN",
    0x3F: "PULL",
    0x12: "COMMIT",
    0x13: "ROLLBACK",
    0x0F: "RESET",
}
_SUCCESS, _FAILURE, _IGNORED = 0x70, 0x7F, 0x7E

Answer = str
"""HANG, CUT, or the code of an error: "Neo.TransientError.Transaction.DeadlockDetected"."""


@dataclass
class ScriptedBolt:
    """`script` is asked for every message, by its name and number ("RUN", 0 for the first); None lets it succeed."""

    script: Callable[[str, int], Answer | None] = lambda name, number: None
    agent: str = "Neo4j/5.26.0"
    protocol: tuple[int, int] = (5, 4)
    port: int = 0
    received: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(4 + 16)
            writer.write(bytes((0, 0, self.protocol[1], self.protocol[0])))
            has_failed = False
            while True:
                name = _NAMES.get(await _signature(reader), "other")
                number = self.received.count(name)
                self.received.append(name)
                answer = self.script(name, number)
                if answer == HANG:
                    await asyncio.Event().wait()
                if answer == CUT:
                    return
                if has_failed and name != "RESET":
                    writer.write(_message(_IGNORED))
                elif answer:
                    writer.write(_message(_FAILURE, {"code": answer, "message": "as scripted"}))
                else:
                    says = {"server": self.agent, "connection_id": "bolt-1"} if name == "HELLO" else {}
                    writer.write(_message(_SUCCESS, says))
                has_failed = (has_failed or bool(answer)) and name != "RESET"
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def scripted_bolt(server: ScriptedBolt) -> AsyncIterator[ScriptedBolt]:
    """The server on a free port of this machine."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())  # type: ignore[arg-type]
        await server.serve(reader, writer)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _signature(reader: asyncio.StreamReader) -> int:
    """Reads one message, which comes in chunks and ends with an empty one; returns what kind it is."""
    message = b""
    while True:
        (size,) = struct.unpack(">H", await reader.readexactly(2))
        if size:
            message += await reader.readexactly(size)
        elif message:
            return message[1]


def _message(signature: int, values: Mapping[str, str] | None = None) -> bytes:
    packed = bytes((0xB0 + (values is not None), signature))
    if values is not None:
        packed += bytes((0xA0 + len(values),)) + b"".join(_string(text) for pair in values.items() for text in pair)
    return struct.pack(">H", len(packed)) + packed + b"\x00\x00"


def _string(text: str) -> bytes:
    encoded = text.encode()
    return bytes((0xD0, len(encoded))) + encoded
