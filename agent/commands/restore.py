"""signpost restore: a home from a backup."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.add import note_index_problem
from agent.options import AsJson
from agent.output import absolute_path, counted, note, say, say_json

if TYPE_CHECKING:
    from agent.restoring import Restored

IF_STOPPED = "The home is either as it was or wholly restored; what is not yet indexed follows: see signpost status."


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that signpost backup has written.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the home that is there; it is kept beside the new one.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Put the content of a backup into an empty home, and index it. All of it is checked before anything is changed.

    With an embedding model the passages are embedded again.
    """
    from agent.restoring import restore as restore_home
    from agent.settings import read_settings
    from agent.steps_progress import shown_steps

    try:
        with shown_steps() as progress:
            done = restore_home(read_settings(), Path(absolute_path(str(file))), replace=replace, progress=progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(IF_STOPPED) from None
    if as_json:
        say_json(asdict(done))
    else:
        _show(done)
    return 1 if done.index_problem else 0


def _show(done: "Restored") -> None:
    held = f"{counted(done.documents, 'document')}, {counted(done.conversations, 'conversation')}"
    say(f"Restored: {held}, as of {done.created} ({done.seconds:.1f} s), in {done.home}")
    if done.kept:
        say(f"The home that was there is kept: {done.kept}")
    if done.to_be_moved:
        note(
            "SIGNPOST_DATABASE_URL names a server, which was not changed. To bring it there: signpost move --to-servers"
        )
    note_index_problem("all of this is restored", done.index_problem)
