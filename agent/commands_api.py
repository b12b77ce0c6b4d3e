"""/commands/{name}: the command line's commands, run by the server that holds the stores.

For the user of this machine alone: whoever calls knows the token in the home, which only the user can read.
"""

import hmac
import inspect
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, TypeVar, get_type_hints

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect

from agent.call import Call
from agent.calls import Calls
from agent.command_list import COMMANDS, IN_THE_STORES
from agent.disconnects import ConnectedStream
from agent.failures import error_values
from agent.installation import installed_version
from agent.request_body import request_body
from agent.resources import shared_resources
from agent.server_client import VERSION_HEADER
from agent.terminal import Surroundings
from tools.errors import SignpostError

router = APIRouter(prefix="/commands", include_in_schema=False)
calls = Calls()

Form = TypeVar("Form", bound=BaseModel)

_MAX_BODY_BYTES = 8_000_000
_VERSION = installed_version()  # as it was when the server began: what is installed may change below it


class _Asked(BaseModel):
    """A command's arguments, and the `terminal` where it was typed."""

    model_config = ConfigDict(extra="forbid")
    terminal: Surroundings
    arguments: dict[str, Any]


class _Reply(BaseModel):
    """A line to what was asked under `number` (None: there are no more), or `stop` for Ctrl-C."""

    model_config = ConfigDict(extra="forbid")
    stop: bool = False
    number: int = 0
    line: str | None = None


class _RefusedError(Exception):
    def __init__(self, status: int, what: str, *, why: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.status = status
        self.error = SignpostError(what, why=why, next_step=next_step)


class _Lines(ConnectedStream):
    media_type = "application/x-ndjson"


@router.post("/{name}")
async def run_command(name: str, request: Request) -> Response:
    """One JSON object a line: {"id"}, and then what the command writes and asks, and its exit code."""
    try:
        _check_client(request)
        if name not in IN_THE_STORES:
            raise _RefusedError(404, f"The server runs no command '{name}'.")
        command = COMMANDS[name]
        asked = _read(_Asked, await _body(request))
        arguments = _arguments(command, asked.arguments)
        if calls.refusal:
            raise _RefusedError(503, "The server runs no further command.", why=calls.refusal, next_step="Try again.")
    except ClientDisconnect:
        return Response(status_code=499)
    except _RefusedError as refused:
        return _refusal(refused)
    call = Call(asked.terminal, shared_resources())
    return _Lines(_lines(call, command, arguments))


@router.post("/replies/{call_id}")
async def reply(call_id: str, request: Request) -> Response:
    """A line that the user has typed, or Ctrl-C, for a running command."""
    try:
        _check_client(request)
        given = _read(_Reply, await _body(request))
        call = calls.get(call_id)
        if call is None:
            raise _RefusedError(404, "This command has ended.")
    except ClientDisconnect:
        return Response(status_code=499)
    except _RefusedError as refused:
        return _refusal(refused)
    if given.stop:
        call.stop()
    else:
        call.reply(given.number, given.line)
    return JSONResponse({})


async def _lines(call: Call, command: Callable[..., int], arguments: dict[str, Any]) -> AsyncGenerator[str, None]:
    async with aclosing(calls.run(call, command, arguments)) as messages:
        async for message in messages:
            yield json.dumps(message) + "\n"


def _refusal(refused: _RefusedError) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else None
    return JSONResponse({"error": error_values(refused.error)}, status_code=refused.status, headers=headers)


def _check_client(request: Request) -> None:
    token = shared_resources().home.token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise _RefusedError(401, "The token is wrong.", next_step="The command line reads it from the home.")
    version = request.headers.get(VERSION_HEADER) or None
    if version != _VERSION:
        raise _RefusedError(
            409,
            f"The server runs Signpost {_VERSION or '(not installed)'}, this is {version or '(not installed)'}.",
            why="They may not understand each other.",
            next_step="Stop the server and start it again: signpost serve",
        )


async def _body(request: Request) -> bytes:
    body = await request_body(request, _MAX_BODY_BYTES)
    if body is None:
        raise _RefusedError(413, "The command is too long.", why=f"It has more than {_MAX_BODY_BYTES:,} bytes.")
    return body


def _read(form: type[Form], body: bytes) -> Form:
    try:
        return form.model_validate(json.loads(body))
    except (ValueError, RecursionError) as error:  # a ValidationError is a ValueError
        raise _malformed(error) from error


def _malformed(error: Exception) -> _RefusedError:
    """Names what is wrong and repeats none of it."""
    places = [each["loc"] for each in error.errors()] if isinstance(error, ValidationError) else []
    wrong = ", ".join(".".join(str(step) for step in place) for place in places)
    return _RefusedError(422, "This is not what the command line sends.", why=f"Wrong: {wrong}." if wrong else "")


def _arguments(command: Callable[..., int], given: dict[str, Any]) -> dict[str, Any]:
    """What was JSON, as the command's own annotations say: paths are paths again."""
    kinds = get_type_hints(command)
    try:
        inspect.signature(command).bind(**given)
        return {name: TypeAdapter(kinds[name]).validate_python(value) for name, value in given.items()}
    except (TypeError, ValidationError) as error:
        raise _malformed(error) from error
