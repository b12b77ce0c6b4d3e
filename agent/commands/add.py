"""signpost add: reads files and makes them searchable."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.options import AddedTo, AsJson, Exclude, Include, Loader, Readers, Split
from agent.output import counted, note, say, say_json
from agent.problems import note_problems
from tools.shapes import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from agent.resources import LiveResources
    from agent.session import Session
    from ingest.add_summary import AddSummary, ToConvert
    from ingest.budget import Budget
    from ingest.discover import Patterns

IF_STOPPED = "What was added so far is kept; run the same command again to go on."
_MAX_NAME_CHARACTERS = 100
_NAMED_SKIPPED = 5
_SKIPPED = {
    "hidden": "hidden",
    "unread format": "of a format that is not read",
    "ignored": "left out by .gitignore",
    "excluded": "left out by a pattern",
    "link": "links that lead elsewhere",
    "same file": "other names of the same file",
    "home": "where Signpost keeps its own files",
}


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders with files in them.")],
    collection: AddedTo = DEFAULT_COLLECTION,
    readers: Readers = None,
    include: Include = None,
    exclude: Exclude = None,
    sync: Annotated[bool, typer.Option("--sync", help="Remove documents of these folders whose file is gone.")] = False,
    budget: Annotated[
        float | None,
        typer.Option(min=0.0, help="Stop before models cost more than this, in the money of SIGNPOST_PRICES."),
    ] = None,
    split: Split = None,
    loader: Loader = "",
    as_json: AsJson = False,
) -> int:
    """Read files and make them searchable. What is there already and unchanged is left alone."""
    from agent.session import open_session
    from ingest.discover import Patterns

    name = checked_collection(collection)
    allowed = parsed_readers(readers)
    splitter = checked_splitter(split)
    patterns = Patterns(tuple(include or ()), tuple(exclude or ()))
    with open_session("add", if_stopped=IF_STOPPED) as session:
        summary = add_files(
            session,
            paths,
            collection=name,
            readers=allowed,
            patterns=patterns,
            syncs=sync,
            splitter=splitter,
            loader=loader,
            budget=_budget(session.resources, budget),
        )
    if as_json:
        say_json(asdict(summary))
    else:
        show_summary(summary)
    if summary.interrupted:
        raise KeyboardInterrupt(IF_STOPPED)
    if summary.stopped:
        note(f"To go on: {_same_command(paths, name, readers, patterns, sync, split, loader, budget)}")
        return 1
    if not (summary.added or summary.updated or summary.unchanged or summary.removed):
        return 2  # nothing that could be used
    return 1 if summary.failed or summary.index_problem else 0


def add_files(
    session: "Session",
    paths: Sequence[Path],
    *,
    collection: str,
    readers: tuple[str, ...] | None,
    patterns: "Patterns | None" = None,
    syncs: bool = False,
    splitter: str = "",
    loader: str = "",
    budget: "Budget | None" = None,
) -> "AddSummary":
    """Adds with progress shown. Stopped by Ctrl-C, the summary says so. splitter: as in `Reading`."""
    from agent.add_progress import shown_progress
    from agent.forgetting import forget_elsewhere
    from ingest.add import add as add_paths
    from ingest.budget import Budget
    from ingest.discover import Patterns

    check_loader(loader)
    stores = session.run(session.resources.stores())
    money = budget or Budget()
    with shown_progress() as progress:
        return session.run(
            add_paths(
                paths,
                stores=stores,
                collection=collection,
                readers=readers,
                patterns=patterns or Patterns(),
                syncs=syncs,
                reading=replace(session.resources.reading, splitter=splitter, loader=loader),
                describe=session.resources.describing(stores.ledger, money),
                forget=partial(forget_elsewhere, session.resources.home.folder),
                embedder=session.resources.embedder,
                workers=session.resources.workers,
                budget=money,
                progress=progress,
            )
        )


def show_summary(summary: "AddSummary") -> None:
    """What was done, and what was not with the reason."""
    note_problems("Warning", summary.warnings)
    note_problems("Not added", summary.failed)
    show_skipped(summary.skipped, summary.skipped_names, summary.skipped_reasons, summary.to_convert)
    for gone in summary.gone:
        note(f"Removed, for its file is gone: {gone.title} ({gone.uri})")
    counts = {
        "added": summary.added,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "failed": len(summary.failed),
        "skipped": summary.skipped,
    }
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "no file that Signpost reads"
    cost = f", about {summary.cost:.4g} for the embedding model" if summary.cost else ""
    say(f"Documents: {told} ({counted(summary.chunks, 'passage')}, {summary.seconds:.1f} s{cost})")
    note_index_problem("all of this is stored", summary.index_problem)
    if summary.interrupted and not summary.stopped:
        note(f"Interrupted with {counted(summary.files_left, 'file')} left.")
    if summary.stopped:
        note(f"Stopped with {counted(summary.files_left, 'file')} left. What was added so far is kept.")
        note(summary.stopped)


def show_skipped(count: int, names: Sequence[str], reasons: dict[str, int], to_convert: Sequence["ToConvert"]) -> None:
    """Files that are not read: a few by name, all by reason, and what can be done about some."""
    if not count:
        return
    told = ", ".join(f"{number:,} {_SKIPPED[reason]}" for reason, number in reasons.items())
    note(f"Skipped: {', '.join(names)} ({told})" if count <= _NAMED_SKIPPED else f"Skipped: {told}")
    for each in to_convert:
        which = each.name if each.count == 1 else f"{each.count:,} {each.extension} files, {each.name} for one"
        note(f"Not read: {which}\nNext: {each.next_step}")


def note_index_problem(done: str, problem: str) -> None:
    """Warns that what is `done` in the ledger is still to be written to the search index or the graph database."""
    if problem:
        note(f"Warning: {done}; search index and knowledge graph follow once this is over.\n{problem}")


def checked_splitter(name: str | None) -> str:
    """What --split says; empty where it was not given. Raises InputError."""
    from ingest.splitting import SPLITTERS
    from ingest.splitting.choose import BY_CONTENT
    from tools.errors import InputError

    known = (BY_CONTENT, *SPLITTERS)
    if name is not None and name not in known:
        raise InputError(
            f"There is no way of splitting called '{name}'.",
            why=f"It is one of {', '.join(known)}.",
            next_step=f"For example: signpost add PATH --split {known[1]}",
        )
    return name or ""


def check_loader(name: str) -> None:
    """Raises SignpostError for a name that is no loader's: it is told once, not for each path."""
    from ingest.loaders.community import loader_class

    if name:
        loader_class(name)


def parsed_readers(readers: str | None) -> tuple[str, ...] | None:
    """What --readers says; None where it was not given. Raises InputError."""
    from tools.access import parse_readers

    if readers is None:
        return None
    return parse_readers(part.strip() for part in readers.split(",") if part.strip())


def checked_collection(name: str) -> str:
    """A name that a collection can have. Raises InputError for others."""
    from tools.errors import InputError
    from tools.text.clean import one_line

    if not name.strip() or name != one_line(name) or len(name) > _MAX_NAME_CHARACTERS:
        raise InputError(
            "The collection cannot have this name.",
            why=f"A name is one line of 1 to {_MAX_NAME_CHARACTERS} characters.",
            next_step="For example: signpost add PATH --collection contracts",
        )
    return name


def _budget(resources: "LiveResources", limit: float | None) -> "Budget":
    from ingest.budget import Budget, Prices
    from tools.errors import InputError

    prices = resources.ingest_prices
    if limit is not None and prices == Prices():
        raise InputError(
            "There is nothing that a budget could be kept for.",
            why="No embedding or vision model is set, or SIGNPOST_PRICES does not say what it costs.",
            next_step='Leave out --budget, or set both, for example SIGNPOST_PRICES={"provider:model": {"input": 0.02, '
            '"output": 0}}',
        )
    if limit is not None and (unnamed := resources.ingest_models_without_price):
        raise InputError(
            f"A budget cannot be kept while nobody knows what {' and '.join(unnamed)} costs.",
            why="SIGNPOST_PRICES does not name it.",
            next_step=f'Leave out --budget, or add to SIGNPOST_PRICES: "{unnamed[0]}": {{"input": 0.02, "output": 0}}',
        )
    return Budget(prices, limit)


def _same_command(
    paths: Sequence[Path],
    collection: str,
    readers: str | None,
    patterns: "Patterns",
    syncs: bool,
    splitter: str | None,
    loader: str,
    budget: float | None,
) -> str:
    words = ["signpost", "add", *map(str, paths)]
    words += ["--collection", collection] if collection != DEFAULT_COLLECTION else []
    words += ["--readers", readers] if readers is not None else []
    words += [word for pattern in patterns.include for word in ("--include", pattern)]
    words += [word for pattern in patterns.exclude for word in ("--exclude", pattern)]
    words += ["--sync"] if syncs else []
    words += ["--split", splitter] if splitter is not None else []
    words += ["--loader", loader] if loader else []
    words += ["--budget", f"{budget:g}"] if budget is not None else []
    return shlex.join(words)
