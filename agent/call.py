"""One command of a client, run by the server: in a thread of its own, on the server's loop."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeVar

from agent.failures import exit_code
from agent.resources import LiveResources
from agent.session import hosted_by
from agent.terminal import Surroundings, typed_at

Result = TypeVar("Result")
Message = dict[str, Any]


class Call:
    """The command's terminal and its session's host. Made on the server's loop.

    `messages` gives what the client is to show and asked, and None after the last: {"out"} and {"error"} are texts,
    {"ask": prompt, "number"} wants a reply to this number, {"exit"} is the exit code.
    """

    def __init__(self, surroundings: Surroundings, resources: LiveResources) -> None:
        self.id = secrets.token_urlsafe()
        self.surroundings = surroundings
        self.resources = resources
        self.messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self.has_ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        # Guards all below: it is changed from the loop and from the command's thread.
        self._changed = threading.Condition()
        self._task: asyncio.Task[Any] | None = None
        self._is_stopped = False
        self._is_left = False
        self._asked = 0
        self._reply: str | None = None
        self._has_reply = True

    def start(self, command: Callable[..., int], arguments: dict[str, Any]) -> None:
        """Begins the work. A daemon: a thread that hangs must not keep the server from ending."""
        threading.Thread(
            target=self._work, args=(command, arguments), name=f"signpost-{command.__name__}", daemon=True
        ).start()

    def _work(self, command: Callable[..., int], arguments: dict[str, Any]) -> None:
        code = 1
        try:
            with typed_at(self), hosted_by(self):
                code = exit_code(command, **arguments)
        finally:
            self._send({"exit": code})
            self._send(None)
            self._on_loop(self.has_ended.set)

    # From the loop, for the client.

    def stop(self) -> None:
        """Does what Ctrl-C does: cancels what runs, or ends the waiting for a line, or the next that begins."""
        with self._changed:
            if self._task is None:
                self._is_stopped = True
                self._changed.notify_all()
            else:
                self._task.cancel()

    def leave(self) -> None:
        """Stops, and there are no more lines: the client is gone, or the server ends."""
        with self._changed:
            self._is_left = True
            self.stop()

    def reply(self, number: int, line: str | None) -> bool:
        """Answers what was asked under this number; None is the end of the input. False when nobody waits for it."""
        with self._changed:
            if number != self._asked or self._has_reply:
                return False
            self._reply, self._has_reply = line, True
            self._changed.notify_all()
            return True

    # From the command's thread: its terminal. Text also comes from the loop.

    def write(self, text: str) -> None:
        self._send({"out": text})

    def write_aside(self, text: str) -> None:
        self._send({"error": text})

    def read_line(self, prompt: str) -> str:
        with self._changed:
            self._raise_if_stopped()
            self._asked += 1
            self._has_reply = False
            self._send({"ask": prompt, "number": self._asked})
            self._changed.wait_for(lambda: self._has_reply or self._is_stopped or self._is_left)
            self._raise_if_stopped()
            if self._reply is None:
                raise EOFError
            return self._reply

    def _raise_if_stopped(self) -> None:
        if self._is_stopped:
            self._is_stopped = False
            raise KeyboardInterrupt
        if self._is_left:
            raise EOFError

    # From the command's thread: its session's host.

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, which has ended when this returns or raises."""
        try:
            return asyncio.run_coroutine_threadsafe(self._until_stopped(work), self._loop).result()
        except CancelledError:
            raise KeyboardInterrupt from None

    def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, whether or not the client stops anything."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _until_stopped(self, work: Coroutine[Any, Any, Result]) -> Result:
        with self._changed:
            if self._is_stopped:
                self._is_stopped = False
                work.close()
                raise asyncio.CancelledError
            self._task = asyncio.current_task()
        try:
            return await work
        finally:
            with self._changed:
                self._task = None

    def _send(self, message: Message | None) -> None:
        self._on_loop(self.messages.put_nowait, message)

    def _on_loop(self, act: Callable[..., None], *values: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is there any more
            self._loop.call_soon_threadsafe(act, *values)
