"""How a reply goes over the wire: at the script's pace, with its faults, and no longer than somebody listens."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from tests.scripted_model.asked import Asked
from tests.scripted_model.completion import MOST_PIECES, Completion, error_event, usage
from tests.scripted_model.log import Entry, Log
from tests.scripted_model.refusals import Refusal, failed
from tests.scripted_model.script import Fault

GARBAGE = b"<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>"


class Pace:
    """Says when a token is due, so that delays do not add up."""

    def __init__(self, first_token_seconds: float, token_seconds: float) -> None:
        self._began = time.monotonic()
        self._first = first_token_seconds
        self._each = token_seconds

    async def until(self, token: int) -> None:
        """Waits until the token with this number, from 0, is due."""
        due = self._began + self._first + token * self._each
        # At least once around the loop: a stream without pauses must leave room to notice that nobody listens.
        await asyncio.sleep(max(0.0, due - time.monotonic()))


class Reply(Response):
    """Sends ASGI messages until they end or the client hangs up, and notes in the log which it was.

    Messages that end before the last part of the body close the connection.
    """

    def __init__(self, log: Log, entry: Entry, messages: AsyncIterator[Message]) -> None:
        super().__init__()
        self._log = log
        self._entry = entry
        self._messages = messages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.ensure_future(self._send_all(send))
        leaving = asyncio.ensure_future(_hung_up(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
            self._entry.hung_up = self._entry.ended is None and not sending.done()
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)
            self._log.end(self._entry)
        if not sending.cancelled():
            sending.result()

    async def _send_all(self, send: Send) -> None:
        async for message in self._messages:
            self._entry.status = message.get("status", self._entry.status)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._log.end(self._entry)  # before the client can know
            await send(message)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def streamed(asked: Asked, said: Completion, entry: Entry, pace: Pace, fault: Fault) -> AsyncIterator[Message]:
    """A stream of chunks, one a token, as server-sent events."""
    yield _start(200, b"text/event-stream")
    await pace.until(0)
    yield _body(said.chunk(said.first_delta()))
    for number, (delta, text) in enumerate(said.deltas()):
        await pace.until(number)
        if fault.get("cut_after") == number:
            return
        if fault.get("error_after") == number:
            yield _body(error_event(failed(500)), is_last=True)
            return
        if fault.get("after") == number:
            await asyncio.sleep(fault["hang"])
        entry.reply += text
        yield _body(said.chunk(delta))
    if "cut_after" in fault:
        return
    yield _body(said.chunk({}, said.finish_reason))
    if asked.wants_usage:
        yield _body(said.usage_chunk(usage(asked, entry.reply, len(said.thoughts))))
    yield _body(b"data: [DONE]\n\n", is_last=True)


async def whole(asked: Asked, said: Completion, entry: Entry, pace: Pace, fault: Fault) -> AsyncIterator[Message]:
    """One JSON object, when the time for all its tokens has passed."""
    pieces = list(itertools.islice(said.pieces, MOST_PIECES))
    await pace.until(len(said.thoughts) + len(pieces))
    entry.reply = "".join(pieces)
    body = json.dumps(said.whole(entry.reply, usage(asked, entry.reply, len(said.thoughts))), ensure_ascii=False)
    yield _start(200, b"application/json")
    if "cut_after" in fault:
        yield _body(body.encode()[: len(body) // 2])
        return
    yield _body(body.encode(), is_last=True)


async def refused(refusal: Refusal, retry_after: float | None = None) -> AsyncIterator[Message]:
    """An error in JSON."""
    status, body = refusal
    headers = [] if retry_after is None else [(b"retry-after", str(retry_after).encode())]
    yield _start(status, b"application/json", headers)
    yield _body(json.dumps(body, ensure_ascii=False).encode(), is_last=True)


async def garbage() -> AsyncIterator[Message]:
    yield _start(200, b"text/html")
    yield _body(GARBAGE, is_last=True)


def _start(status: int, content_type: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> Message:
    all_headers = [(b"content-type", content_type), *(headers or [])]
    return {"type": "http.response.start", "status": status, "headers": all_headers}


def _body(content: bytes, *, is_last: bool = False) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": not is_last}
