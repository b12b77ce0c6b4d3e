"""The command line: `signpost`, also `python -m agent`."""

import os
import signal
import sys
import threading
from typing import Annotated

import typer

from agent.command_group import CommandGroup
from agent.command_list import COMMANDS, IN_THE_STORES
from agent.failures import explained
from agent.installation import installed_version
from agent.output import make_encodable
from agent.through_server import through_server

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _command in COMMANDS.items():
    app.command(_name)(explained(through_server(_name, _command) if _name in IN_THE_STORES else _command))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"signpost {installed_version() or '(not installed; pip install -e . installs it)'}")
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
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # it ends as by Ctrl-C
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
