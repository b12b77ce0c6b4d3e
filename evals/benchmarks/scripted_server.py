"""The scripted chat model of tests/, as a process of its own: what it computes is not charged to what is measured."""

import asyncio
import json
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODEL = "openai:scripted"
_SECONDS = 30.0


class ScriptedServer:
    """Drives the process over HTTP. url: ends in /v1."""

    def __init__(self, url: str, start: dict[str, Any]) -> None:
        """start: all values of its script when it began."""
        self.url = url
        self._start = start

    async def play(self, **values: Any) -> None:
        """The script of the beginning with `values` in it; the log is emptied."""
        await asyncio.to_thread(_request, f"{_root(self.url)}/script", "POST", {**self._start, **values})

    async def asked(self) -> list[dict[str, Any]]:
        """The requests since the log was emptied, with `kind`, `messages` and what became of them."""
        listed: list[dict[str, Any]] = await asyncio.to_thread(_request, f"{_root(self.url)}/log")
        return listed

    async def forget(self) -> None:
        """Empties the log."""
        await asyncio.to_thread(_request, f"{_root(self.url)}/log", "DELETE")


@asynccontextmanager
async def scripted_server(
    *, first_token_seconds: float = 0.0, token_seconds: float = 0.0
) -> AsyncIterator[ScriptedServer]:
    """A running server, ended with the block. It answers at this pace."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.scripted_model"),
        *("--first-token", str(first_token_seconds), "--token", str(token_seconds)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _SECONDS)
        url = json.loads(line)["url"]
        yield ScriptedServer(url, await asyncio.to_thread(_request, f"{_root(url)}/script"))
    finally:
        process.kill()  # it keeps nothing, and may be in the middle of an answer without end
        await process.wait()


def _root(url: str) -> str:
    return url.removesuffix("/v1")


def _request(url: str, method: str = "GET", body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=_SECONDS) as response:
        return json.loads(response.read())
