"""How a command ends when it cannot do its work: one message, the right exit code, never a traceback."""

import functools
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from agent.installation import check_folders
from agent.output import note, say_json
from agent.terminal import terminal
from tools.errors import SignpostError

Parameters = ParamSpec("Parameters")

_MESSAGE_CHARACTERS = 300


def explained(command: Callable[Parameters, int]) -> Callable[Parameters, None]:
    """`command`, which returns its exit code, as the command line calls it: it ends with this code."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        raise typer.Exit(exit_code(command, *args, **kwargs))

    # typer reads the signature of the command itself, and its annotations.
    return run


def exit_code(command: Callable[Parameters, int], *args: Parameters.args, **kwargs: Parameters.kwargs) -> int:
    """The code that `command` ends with, every failure told to the user.

    With `as_json` among its arguments, errors are told as {"error": {"what", "why", "next_step"}} on stdout.
    """
    as_json = bool(kwargs.get("as_json"))
    try:
        check_folders()
        code = command(*args, **kwargs)
        sys.stdout.flush()
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except SignpostError as error:
        _tell(error, as_json)
        return error.exit_code
    except KeyboardInterrupt as stop:
        note(" ".join(["Stopped.", *(str(part) for part in stop.args)]))
        return 1
    except Exception as error:
        _tell(_unexpected(error), as_json)
        return 1
    return code


def error_values(error: SignpostError) -> dict[str, str]:
    """An error as JSON shows it."""
    return {"what": error.what, "why": error.why, "next_step": error.next_step}


def as_signpost_error(error: Exception) -> SignpostError:
    """`error` itself when it was raised on purpose, else a description of it."""
    return error if isinstance(error, SignpostError) else _unexpected(error)


def _unexpected(error: Exception) -> SignpostError:
    message = " ".join(str(error).split())[:_MESSAGE_CHARACTERS]
    return SignpostError(
        f"Signpost failed: {type(error).__name__}{': ' if message else ''}{message}",
        why="This is a fault in Signpost or in a library that it uses.",
        next_step="Run the command again with SIGNPOST_DEBUG=1 in the environment to see where it happened.",
    )


def _tell(error: SignpostError, as_json: bool) -> None:
    if terminal().surroundings.wants_trace:
        note(traceback.format_exc().rstrip())
    if as_json:
        say_json({"error": error_values(error)})
    else:
        note(str(error))
