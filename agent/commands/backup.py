"""signpost backup: the whole home in one file, while it is in use."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from agent.options import AsJson
from agent.output import absolute_path, counted, say, say_json

IF_STOPPED = "No backup was written."


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, for example signpost.zip; not in the home.")],
    as_json: AsJson = False,
) -> int:
    """Write documents, facts, conversations and evaluations into one file, also while others work with them.

    The search index is left out: `signpost restore` makes it again. Keys and other settings are not in it.
    """
    from agent.backing_up import back_up
    from agent.settings import read_settings
    from agent.steps_progress import shown_steps

    try:
        with shown_steps() as progress:
            done = back_up(read_settings(), Path(absolute_path(str(file))), progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(IF_STOPPED) from None
    if as_json:
        say_json(asdict(done))
    else:
        held = f"{counted(done.documents, 'document')}, {counted(done.conversations, 'conversation')}"
        say(f"Backed up: {held} ({done.bytes / 2**20:,.1f} MB, {done.seconds:.1f} s) in {done.file}")
    return 0
