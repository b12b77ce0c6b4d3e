"""Errors in the form of OpenAI's API, which its clients turn into their own exceptions."""

import logging
import os
from typing import Any

from tools.errors import InputError, SignpostError

_log = logging.getLogger(__name__)


class OpenAIError(Exception):
    """A request that is not answered. `param`: the field that is wrong; `code`: a word that programs can compare."""

    def __init__(self, message: str, *, status: int = 400, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.param = param
        self.code = code

    def body(self) -> dict[str, Any]:
        """The error as JSON: {"error": {"message", "type", "param", "code"}}."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}


def as_openai_error(error: Exception) -> OpenAIError:
    """What the client is told of `error`. Of an unexpected one it is told nothing but that there was one."""
    if isinstance(error, OpenAIError):
        return error
    if isinstance(error, SignpostError):
        message = " ".join(part for part in (error.what, error.next_step) if part)
        return OpenAIError(message, status=400) if isinstance(error, InputError) else _unavailable(message)
    # An exception's message may hold what was asked or read.
    debug = os.environ.get("SIGNPOST_DEBUG") == "1"
    _log.error("A chat completion failed: %s", type(error).__name__, exc_info=error if debug else None)
    return OpenAIError("Signpost failed. Its log says more.", status=500, code="internal_error")


def _unavailable(message: str) -> OpenAIError:
    return OpenAIError(message, status=503, code="unavailable")
