"""The server that holds the stores, as the command line talks to it."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from agent.installation import installed_version
from agent.terminal import OwnTerminal
from tools.errors import SignpostError

VERSION_HEADER = "Signpost-Version"

_CONNECT_SECONDS = 5.0
_OK, _UNAUTHORIZED, _GONE = 200, 401, 404
_SHOW_CURSOR = "\x1b[?25h"


class NotReachedError(Exception):
    """Where the server should be, nothing answers, or something that does not know the token. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where it answers, and the token that it wrote into the home."""

    address: str
    token: str = field(repr=False)

    def run(self, name: str, asked: dict[str, Any]) -> int:
        """The exit code of a command, which reads and writes at this process's terminal.

        Raises NotReachedError before anything was done, SignpostError when the server refuses it or drops it.
        """
        with self.post(f"/commands/{name}", asked) as response:
            if response.status != _OK:
                raise _error_of(response)
            return _Talk(self, response).run()

    def post(self, path: str, body: dict[str, Any]) -> HTTPResponse:
        """The response, to be closed. Raises NotReachedError before anything was done, SignpostError later."""
        place = urlsplit(self.address)
        # No proxy is asked: what is said stays on this machine.
        connection = HTTPConnection(place.hostname or "", place.port, timeout=_CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise NotReachedError(error.strerror or str(error)) from error
        connection.sock.settimeout(None)  # a command may be silent for long
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Connection": "close",
            VERSION_HEADER: installed_version() or "",
        }
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            connection.close()
            raise self.dropped() from error
        if response.status == _UNAUTHORIZED:
            response.close()
            raise NotReachedError("It does not accept the token that is written in the home")
        return response

    def lines(self, response: HTTPResponse) -> Iterator[dict[str, Any]]:
        """The JSON values that come, each as it comes. Raises SignpostError when they end too early."""
        try:
            for line in response:
                yield json.loads(line)
        except (OSError, HTTPException, ValueError) as error:
            raise self.dropped() from error
        raise self.dropped()

    def dropped(self) -> SignpostError:
        """What the user is told when it ends before the command."""
        return SignpostError(
            f"The server at {self.address} ended before the command did.",
            why="It was stopped or killed; it worked for this command, because it held the stores.",
            next_step="What was stored is kept. Run the command again.",
        )


class _Talk:
    """What a running command writes is shown as it comes; replies and Ctrl-C are sent back."""

    def __init__(self, server: Server, response: HTTPResponse) -> None:
        self._server = server
        self._lines = server.lines(response)
        self._id = str(next(self._lines)["id"])
        self._terminal = OwnTerminal()
        self._is_asking = False
        self._is_stopping = False

    def run(self) -> int:
        """The exit code. Raises KeyboardInterrupt for a second Ctrl-C, which waits for nothing more."""
        try:
            with self._interrupts():
                return self._exit_code()
        except BaseException:
            if self._terminal.surroundings.errors_have_bars:
                self._terminal.write_aside(_SHOW_CURSOR)  # the bar that hides it will not be taken down
            raise

    def _exit_code(self) -> int:
        while True:
            match next(self._lines):
                case {"out": text}:
                    self._terminal.write(text)
                case {"error": text}:
                    self._terminal.write_aside(text)
                case {"ask": prompt, "number": number}:
                    self._send({"number": number, **self._reply(prompt)})
                case {"exit": code}:
                    return int(code)

    def _reply(self, prompt: str) -> dict[str, Any]:
        self._is_asking, self._is_stopping = True, False
        try:
            return {"line": self._terminal.read_line(prompt)}
        except EOFError:
            return {"line": None}
        except KeyboardInterrupt:
            return {"stop": True}
        finally:
            self._is_asking = False

    def _send(self, reply: dict[str, Any]) -> None:
        try:
            response = self._server.post(f"/commands/replies/{self._id}", reply)
        except (NotReachedError, SignpostError):
            return  # the server has ended, or is ending: its last lines say so
        with response:
            if response.status not in (_OK, _GONE):  # gone: so has the command
                raise _error_of(response)

    @contextmanager
    def _interrupts(self) -> Iterator[None]:
        before = signal.getsignal(signal.SIGINT)
        if before is not signal.default_int_handler:
            yield  # ignored, or another's
            return
        signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_asking or self._is_stopping:
            raise KeyboardInterrupt
        self._is_stopping = True
        self._send({"stop": True})


def _error_of(response: HTTPResponse) -> SignpostError:
    try:
        return SignpostError(**json.loads(response.read())["error"])
    except (OSError, ValueError, TypeError, LookupError):
        return SignpostError(f"The server refused the command (HTTP {response.status}).")
