"""signpost move: copies everything from the home to the servers that are set, or back."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from agent.options import AsJson
from agent.output import counted, say, say_json

if TYPE_CHECKING:
    from agent.moving import Direction, Moved
    from tools.stores.comparing import Compared
    from tools.stores.store_settings import StoreSettings

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
    """Copy documents, graph and conversations between the home and servers, and compare both. The old is kept.

    Web pages that were found for a conversation are not moved: they live for a day.
    """
    from agent.moving import move_stores
    from agent.settings import read_settings
    from agent.steps_progress import shown_steps
    from tools.errors import InputError

    if to_servers == to_embedded:
        raise InputError(
            "Say where to move.",
            why="Either --to-servers or --to-embedded must be given." if not to_servers else "Both were given.",
            next_step="signpost move --to-servers, or signpost move --to-embedded",
        )
    direction: Direction = "servers" if to_servers else "embedded"
    try:
        with shown_steps() as progress:
            settings = read_settings()
            moved = move_stores(settings, direction, delete_old=delete_old, progress=progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(IF_STOPPED) from None
    if as_json:
        say_json(asdict(moved))
    else:
        _show(moved, direction, settings.stores)
    return 0 if moved.compared.is_equal else 1


def _show(moved: "Moved", direction: "Direction", servers: "StoreSettings") -> None:
    if moved.is_nothing:
        say("There is nothing to move.")
        return
    _show_copied(moved)
    _show_compared(moved.compared)
    if not moved.compared.is_equal:
        _show_what_to_do(moved.compared, direction, servers)
    elif moved.deleted:
        say("All is equal. The old was deleted.")
        _show_names("Kept, since somebody has changed them meanwhile", moved.kept)
        if moved.conversations_kept:
            say(f"Kept, since they were continued meanwhile: {counted(moved.conversations_kept, 'conversation')}.")
    else:
        say("All is equal. The old is kept; with --delete-old the same command deletes it.")
    if moved.compared.is_equal and direction == "embedded":
        say(f"Take {_joined(_set_in(servers))} out of the settings, or set them to off: else the servers are used.")


def _show_copied(moved: "Moved") -> None:
    if moved.copied is None:
        return
    copied = moved.copied
    there = f", {copied.there_already:,} were there already" if copied.there_already else ""
    since = f", {copied.changed_there:,} were changed or removed there since" if copied.changed_there else ""
    say(f"Copied: {counted(copied.copied, 'document')}{there}{since}; {counted(moved.conversations, 'conversation')}.")


def _show_compared(compared: "Compared") -> None:
    order = "" if compared.is_ranked else " (in any order: several shards score a little differently)"
    say(
        f"Compared: {counted(compared.documents, 'document')}, {counted(compared.chunks, 'passage')}, "
        f"{counted(compared.facts, 'fact')}, and what searches for {counted(compared.samples, 'document')} find{order}."
    )


def _show_what_to_do(compared: "Compared", direction: "Direction", servers: "StoreSettings") -> None:
    """Nothing here is settled by running the same command again but what was changed meanwhile."""
    say("Nothing was deleted.")
    _show_names("Not equal", compared.differences)
    if compared.differences:
        say("signpost doctor tells what is wrong. If somebody is working there, let them finish first.")
    if not compared.conflicts:
        return
    _show_names("Left as they are, since both sides hold them in different states", compared.conflicts)
    off = " ".join(f"{name}=off" for name in _set_in(servers))
    remove = f"signpost remove {compared.conflicts[0].id}"
    say("Remove the one that is not to stay, then move again. Of the first:")
    say(f"  to keep what the servers hold: {off} {remove}")
    say(f"  to keep what the home holds: {remove}")


def _set_in(servers: "StoreSettings") -> list[str]:
    """The settings that name servers."""
    named = {
        "SIGNPOST_DATABASE_URL": servers.database_url,
        "QDRANT_URL": servers.qdrant,
        "NEO4J_URI": servers.neo4j,
    }
    return [name for name, is_set in named.items() if is_set]


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _show_names(what: str, names: Sequence[object]) -> None:
    if names:
        more = f", and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        say(f"{what}: {', '.join(str(name) for name in names[:_NAMED])}{more}.")
