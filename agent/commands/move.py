"""signpost move: copies everything from the home to the servers that are set, or back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from agent.options import AsJson
from agent.output import counted, note, say, say_json

if TYPE_CHECKING:
    from agent.moving import Moved, Progress

IF_STOPPED = "Nothing is lost: what was copied so far is kept, and the same command goes on from there."
_NAMED = 10


def move(
    to_servers: Annotated[
        bool, typer.Option("--to-servers", help="From the home to the servers that the settings name.")
    ] = False,
    to_embedded: Annotated[bool, typer.Option("--to-embedded", help="From those servers back to the home.")] = False,
    delete_old: Annotated[
        bool, typer.Option("--delete-old", help="When all has been found to be equal, delete what was moved.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Copy documents, graph and conversations between the home and servers, and compare both. The old is kept."""
    from agent.moving import Direction, move_stores
    from agent.settings import read_settings
    from tools.errors import InputError

    if to_servers == to_embedded:
        raise InputError(
            "Where to?",
            why="Either --to-servers or --to-embedded must be given." if not to_servers else "Both were given.",
            next_step="signpost move --to-servers",
        )
    direction: Direction = "servers" if to_servers else "embedded"
    try:
        with _shown_progress() as progress:
            moved = move_stores(read_settings(), direction, delete_old=delete_old, progress=progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(IF_STOPPED) from None
    if as_json:
        say_json(asdict(moved))
    else:
        _show(moved)
    return 0 if moved.is_equal else 1


@contextmanager
def _shown_progress() -> "Iterator[Progress]":
    """A bar for a person at the terminal, else a line for each thing that is done."""
    from agent.progress_bar import progress_bar

    begun: set[str] = set()

    def line(what: str, done: int, total: int) -> None:
        if what not in begun:
            begun.add(what)
            note(f"{what} …")

    with progress_bar() as show:
        yield show or line


def _show(moved: "Moved") -> None:
    compared = moved.compared
    if moved.copied is not None:
        documents = counted(moved.copied.copied, "document")
        there = f", {moved.copied.there_already:,} were there already" if moved.copied.there_already else ""
        say(f"Copied: {documents}{there}; {counted(moved.conversations, 'conversation')}.")
        _show_names("Left as they are, since they are newer or older there", moved.copied.differing)
    say(
        f"Compared: {counted(compared.documents, 'document')}, {counted(compared.chunks, 'passage')}, "
        f"{counted(compared.facts, 'fact')}, and what searches for {counted(compared.samples, 'document')} find."
    )
    if compared.differences:
        _show_names("Not equal", compared.differences)
        say("Nothing was deleted. Run the same command again; if it stays, signpost doctor tells what is wrong.")
    elif moved.deleted:
        say("All is equal. The old was deleted.")
    else:
        say("All is equal. The old is kept; with --delete-old the same command deletes it.")


def _show_names(what: str, names: tuple[str, ...]) -> None:
    if names:
        more = f", and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        say(f"{what}: {', '.join(names[:_NAMED])}{more}.")
