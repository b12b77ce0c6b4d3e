"""signpost add: reads files and makes them searchable."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.options import AsJson
from agent.output import counted, note, say, say_json
from tools.shapes import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from agent.session import Session
    from ingest.add import AddSummary

IF_STOPPED = "What was added so far is kept; run the same command again to go on."
_MAX_NAME_CHARACTERS = 100


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders with files in them.")],
    collection: Annotated[str, typer.Option(help="The collection that the documents belong to.")] = DEFAULT_COLLECTION,
    readers: Annotated[
        str | None,
        typer.Option(
            help="Who may read them: everyone, user:ID or group:ID, separated by commas. "
            "Without it new files are for everyone, and files added before keep their readers."
        ),
    ] = None,
    loader: Annotated[
        str,
        typer.Option(
            help="The dotted name of a LangChain document loader that reads each PATH, a file, folder or address, in "
            "place of Signpost's own."
        ),
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Read files and make them searchable. What is there already and unchanged is left alone."""
    from agent.session import open_session
    from tools.access import parse_readers

    name = _checked_collection(collection)
    allowed = None if readers is None else parse_readers(part.strip() for part in readers.split(",") if part.strip())
    with open_session("add", if_stopped=IF_STOPPED) as session:
        summary = add_files(session, paths, collection=name, readers=allowed, loader=loader)
    if as_json:
        say_json(asdict(summary))
    else:
        show_summary(summary)
    if summary.interrupted:
        raise KeyboardInterrupt(IF_STOPPED)
    if not summary.failed:
        return 1 if summary.index_problem else 0
    did_something = summary.added or summary.updated or summary.unchanged
    return 1 if did_something else 2


def add_files(
    session: "Session", paths: Sequence[Path], *, collection: str, readers: tuple[str, ...] | None, loader: str = ""
) -> "AddSummary":
    """Adds with progress shown. Stopped by Ctrl-C, the summary says so."""
    from agent.add_progress import shown_progress
    from ingest.add import add as add_paths

    if loader:
        from ingest.loaders.community import loader_class

        loader_class(loader)  # a wrong name is told once, not for each path
    stores = session.run(session.resources.stores())
    with shown_progress() as progress:
        return session.run(
            add_paths(
                paths,
                stores=stores,
                collection=collection,
                readers=readers,
                reading=replace(session.resources.reading, loader=loader),
                describe=session.resources.describing(stores.ledger),
                progress=progress,
            )
        )


def show_summary(summary: "AddSummary") -> None:
    """What was done, and what was not with the reason."""
    for problem in summary.warnings:
        note(f"Warning: {problem.name}: {problem.message}")
    for problem in summary.failed:
        note(f"Not added: {problem.name}: {problem.message}")
    if 0 < summary.skipped == len(summary.skipped_names):
        note(f"Skipped (hidden or of a format that is not read): {', '.join(summary.skipped_names)}")
    counts = {
        "added": summary.added,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "failed": len(summary.failed),
        "skipped": summary.skipped,
    }
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "no file that Signpost reads"
    say(f"Documents: {told} ({counted(summary.chunks, 'passage')}, {summary.seconds:.1f} s)")
    note_index_problem("all of this is stored", summary.index_problem)


def note_index_problem(done: str, problem: str) -> None:
    """Warns that what is `done` in the ledger is still to be written to the search index or the graph database."""
    if problem:
        note(f"Warning: {done}; search index and knowledge graph follow once this is over.\n{problem}")


def _checked_collection(name: str) -> str:
    from tools.errors import InputError
    from tools.text.clean import one_line

    if not name.strip() or name != one_line(name) or len(name) > _MAX_NAME_CHARACTERS:
        raise InputError(
            "The collection cannot have this name.",
            why=f"A name is one line of 1 to {_MAX_NAME_CHARACTERS} characters.",
            next_step="For example: signpost add PATH --collection contracts",
        )
    return name
