"""signpost plan: what an add would do, take and cost."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.add import check_loader, checked_collection, checked_splitter, parsed_readers, show_skipped
from agent.options import AddedTo, AsJson, Exclude, Include, Loader, Readers, Split
from agent.output import counted, say, say_json
from agent.pace import clock
from agent.problems import note_problems
from tools.shapes import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from ingest.estimate import Estimate
    from ingest.plan import Plan


def plan(
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders with files in them.")],
    collection: AddedTo = DEFAULT_COLLECTION,
    readers: Readers = None,
    include: Include = None,
    exclude: Exclude = None,
    sync: Annotated[bool, typer.Option("--sync", help="Name the documents that add --sync would remove.")] = False,
    split: Split = None,
    loader: Loader = "",
    as_json: AsJson = False,
) -> int:
    """Say what add would do with the same options, how long it takes and what it costs; nothing is stored."""
    from agent.session import open_session
    from ingest.discover import Patterns
    from ingest.plan import plan as plan_paths

    name = checked_collection(collection)
    allowed = parsed_readers(readers)
    splitter = checked_splitter(split)
    patterns = Patterns(tuple(include or ()), tuple(exclude or ()))
    with open_session("plan", if_stopped="Nothing was changed.") as session:
        check_loader(loader)
        resources = session.resources
        stores = session.run(resources.stores())
        planned = session.run(
            plan_paths(
                paths,
                ledger=stores.ledger,
                collection=name,
                readers=allowed,
                patterns=patterns,
                syncs=sync,
                reading=replace(resources.reading, splitter=splitter, loader=loader),
                workers=resources.workers,
                prices=resources.ingest_prices,
            )
        )
    if as_json:
        say_json(asdict(planned))
    else:
        _show(planned, resources.ingest_models_without_price)
    return 0 if planned.formats or planned.unchanged or planned.gone else 2


def _show(planned: "Plan", without_price: Sequence[str]) -> None:
    note_problems("Cannot be read", planned.unread)
    note_problems("Warning", planned.warnings)
    show_skipped(planned.skipped, planned.skipped_names, planned.skipped_reasons, planned.to_convert)
    files = sum(planned.formats.values())
    formats = ", ".join(f"{count:,} {name or 'without an extension'}" for name, count in planned.formats.items())
    say(f"To be read: {counted(files, 'file')}{f' ({formats})' if files else ''}")
    if planned.unchanged:
        say(f"Nothing to do: {counted(planned.unchanged, 'file')} kept as they are")
    if planned.uncompared:
        say(f"Of these {planned.uncompared:,} were added before; there was no time to compare them")
    for gone in planned.gone:
        say(f"To be removed, for its file is gone: {gone.title} ({gone.uri})")
    if not files:
        return
    if planned.pages.high or planned.ocr_pages.high:
        say(f"Pages: {_shown(planned.pages)}, of which without text, perhaps scanned: {_shown(planned.ocr_pages)}")
    say(f"Passages: {_shown(planned.chunks)}")
    say(f"Tokens: {_shown(planned.tokens)}")
    low, high = clock(planned.seconds.low), clock(planned.seconds.high)
    say(f"Time: about {clock(planned.seconds.expected)} ({low} to {high})")
    money, unnamed = planned.money, " and ".join(without_price)
    if money is not None:
        more = f", and what {unnamed} costs, which SIGNPOST_PRICES does not name" if unnamed else ""
        say(f"Money: about {money.expected:.4g} ({money.low:.4g} to {money.high:.4g}) for the models{more}")
    elif unnamed:
        say(f"Money: not known, for SIGNPOST_PRICES does not name {unnamed}")
    say(f"Estimated from {counted(planned.looked_into, 'file')}; a changed file costs only what is new in it.")


def _shown(figure: "Estimate") -> str:
    if figure.low == figure.high:
        return f"{figure.expected:,.0f}"
    return f"about {figure.expected:,.0f} ({figure.low:,.0f} to {figure.high:,.0f})"
