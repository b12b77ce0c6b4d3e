"""The command line's list of commands: its own, and those that folders above add under an entry point."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperGroup

from agent.failures import explained
from agent.output import note

ENTRY_POINT_GROUP = "signpost.commands"


class CommandGroup(TyperGroup):
    """Loads an added command when it is called, and not before: `--help` only names it."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command itself, or the one that an entry point of this name gives; None when there is none."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        return next((_load(entry) for entry in added_commands() if entry.name == cmd_name), None)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The usual help, with the names of the added commands below."""
        names = ", ".join(sorted(entry.name for entry in added_commands()))
        self.epilog = f"More commands: {names}" if names else None
        super().format_help(ctx, formatter)


def added_commands() -> list[EntryPoint]:
    """The entry points that give commands; reading them imports none of them."""
    return list(entry_points(group=ENTRY_POINT_GROUP))


def _load(entry: EntryPoint) -> Any:
    try:
        loaded = entry.load()
    except (ImportError, AttributeError) as error:
        note(f"The command '{entry.name}' cannot be loaded.\nWhy: {error}\nNext: install again: pip install -e .")
        raise typer.Exit(1) from error
    if not isinstance(loaded, typer.Typer):
        single, loaded = loaded, typer.Typer(add_completion=False)
        loaded.command(entry.name)(single)
    for info in loaded.registered_commands:
        if info.callback is not None:
            info.callback = explained(info.callback)
    command = typer.main.get_command(loaded)
    command.name = entry.name
    return command
