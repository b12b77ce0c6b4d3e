"""An OpenAI-compatible server that does what a script says: over real HTTP, in a thread or in a process of its own."""

import asyncio
import contextlib
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.types import Message

from tests.scripted_model.asked import Asked, read
from tests.scripted_model.completion import completion
from tests.scripted_model.log import Entry, Log
from tests.scripted_model.refusals import failed, malformed, refusal
from tests.scripted_model.script import RANDOM_FAULTS, Fault, Script
from tests.scripted_model.wire import Pace, Reply, garbage, refused, streamed, whole

HOST = "127.0.0.1"
DEFAULT_MODEL = "scripted"
_START_SECONDS = 20.0


class ScriptedModel:
    """The script, the log and the address of a scripted server.

    script: change its values, or replace it, at any time. log: what was asked. url: ends in /v1.
    """

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.requests = Log()
        self.url = ""
        self._seen: Counter[str] = Counter()

    @property
    def log(self) -> list[Entry]:
        return self.requests.entries

    @property
    def open_requests(self) -> int:
        """Requests that run now."""
        return len(self.requests.open)

    def kinds(self) -> list[str]:
        """What was asked, in order: "Routing", "Grading", "generate" …"""
        return [entry.kind for entry in self.log]

    def reset(self, script: Script | None = None) -> None:
        """A new script and an empty log; equal requests begin to be counted anew."""
        self.script = script or Script()
        self.requests = Log()
        self._seen.clear()

    def until_quiet(self, timeout_seconds: float = 5.0) -> bool:
        """Waits until no request runs; False when that does not come about in time."""
        until = time.monotonic() + timeout_seconds
        while self.open_requests and time.monotonic() < until:
            time.sleep(0.01)
        return self.open_requests == 0

    async def reply(self, asked: Asked, understood: Asked, entry: Entry, key: str) -> AsyncIterator[Message]:
        """What is sent for one request. understood: the request as a server sees it that ignores some of its fields."""
        script = self.script
        self._seen[asked.fingerprint] += 1
        dice = random.Random(f"{script.seed}|{self._seen[asked.fingerprint]}|{asked.fingerprint}")
        pace = Pace(script.first_token_seconds, script.token_seconds)
        entry.fault = fault = self._next_fault(dice)
        await asyncio.sleep(fault.get("slow_headers", 0.0))
        if "hang" in fault and not (understood.stream and "after" in fault):
            await asyncio.sleep(fault["hang"])
            messages = refused(failed(504))
        elif "status" in fault:
            messages = refused(failed(fault["status"]), fault.get("retry_after"))
        elif fault.get("garbage"):
            messages = garbage()
        elif reason := refusal(asked, script, key):
            messages = refused(reason)
        else:
            said = completion(understood, script, dice)
            send = streamed if understood.stream else whole
            messages = send(understood, said, entry, pace, fault)
        async for message in messages:
            yield message

    def _next_fault(self, dice: random.Random) -> Fault:
        if self.script.faults:
            return self.script.faults.pop(0)
        return dice.choice(RANDOM_FAULTS) if dice.random() < self.script.fault_share else {}


def make_app(model: ScriptedModel) -> FastAPI:
    """The server's routes. Beside OpenAI's: /script and /log, for whoever runs it as a process."""
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def chat_completions(request: Request) -> Response:
        try:
            body = await request.json()
            asked, understood = read(body), read(_without(body, model.script))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            status, content = malformed(f"We could not parse the JSON body of your request: {type(error).__name__}")
            return JSONResponse(content, status)
        entry = model.requests.begin(asked)
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        return Reply(model.requests, entry, model.reply(asked, understood, entry, key))

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        names = model.script.models or [DEFAULT_MODEL]
        return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "tests"} for name in names]}

    @app.get("/script")
    async def script() -> dict[str, Any]:
        return asdict(model.script)

    @app.post("/script")
    async def set_script(request: Request) -> Response:
        try:
            model.reset(model.script.with_values(await request.json()))
        except (ValidationError, TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse(asdict(model.script))

    @app.get("/log")
    async def log() -> list[dict[str, Any]]:
        return model.requests.as_json()

    @app.delete("/log")
    async def clear_log() -> dict[str, Any]:
        model.requests.clear()
        return {}

    return app


def _without(body: dict[str, Any], script: Script) -> dict[str, Any]:
    """The request's body as a server reads it that does not know the fields of `script.ignores`."""
    fields = {"stream": "stream", "stream_usage": "stream_options", "tools": "tools"}
    ignored = {fields[feature] for feature in script.ignores if feature in fields}
    if (body.get("response_format") or {}).get("type") in script.ignores:
        ignored.add("response_format")
    return {name: value for name, value in body.items() if name not in ignored}


def listening_socket(port: int = 0) -> socket.socket:
    """A socket bound to a port of this machine: any free one for 0."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    return bound


def make_server(model: ScriptedModel, bound: socket.socket) -> uvicorn.Server:
    """The server for `bound`, not yet started; `model.url` is set."""
    model.url = f"http://{HOST}:{bound.getsockname()[1]}/v1"
    config = uvicorn.Config(make_app(model), lifespan="off", log_config=None, log_level="critical", access_log=False)
    return uvicorn.Server(config)


@contextlib.contextmanager
def running(script: Script | None = None) -> Iterator[ScriptedModel]:
    """A scripted server in a thread of this process, stopped at the end whatever still runs."""
    model = ScriptedModel(script)
    with listening_socket() as bound:
        server = make_server(model, bound)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        until = time.monotonic() + _START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.005)
        if not server.started:
            raise RuntimeError("The scripted server did not start.")
        try:
            yield model
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=_START_SECONDS)
