"""The command line: `signpost`, also `python -m agent`."""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from agent.command_group import CommandGroup
from agent.commands.add import add
from agent.commands.ask import ask
from agent.commands.chat import chat
from agent.commands.demo import demo
from agent.commands.doctor import doctor
from agent.commands.parse import parse
from agent.commands.remove import remove
from agent.commands.route import route
from agent.commands.search import search
from agent.commands.serve import serve
from agent.commands.status import status
from agent.failures import explained
from agent.output import make_encodable

# What a command needs beyond this is imported when it is called: `--help` stays fast.
COMMANDS: Mapping[str, Callable[..., int]] = {
    "demo": demo,
    "add": add,
    "remove": remove,
    "status": status,
    "parse": parse,
    "search": search,
    "ask": ask,
    "chat": chat,
    "route": route,
    "doctor": doctor,
    "serve": serve,
}

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _command in COMMANDS.items():
    app.command(_name)(explained(_command))


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"signpost {version('signpost')}")
        except PackageNotFoundError:
            typer.echo("signpost (not installed; pip install -e . installs it)")
        raise typer.Exit


@app.callback()
def signpost(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Signpost answers questions from your documents, a knowledge graph and the web, with citations."""


def main() -> None:
    """Runs one command and ends the process with its exit code: 0 done, 1 failed, 2 wrong input."""
    make_encodable()
    try:
        app(prog_name="signpost")
    except SystemExit as end:
        _end(end.code if isinstance(end.code, int) else int(bool(end.code)))


def _end(code: int) -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 1
    if threading.active_count() > 1:
        # Everything is closed; a web request that hangs in its thread must not keep the command from ending.
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
