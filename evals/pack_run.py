"""A run over the tasks of a pack, in a home of the pack's own."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.output import counted, note
from agent.settings import Settings, read_settings
from evals.evaluating import Choices, Ended, Subject, evaluate, read_tasks
from evals.pack import open_pack
from evals.pack_home import pack_home, pack_version
from evals.product import Product
from evals.records import RowFault
from evals.run_folders import evaluation_folder
from evals.running import TaskRows, named
from evals.task import Task
from evals.tasks.not_measured import NOT_MEASURED
from evals.tasks.registry import TASKS
from tools.errors import InputError

_SHOWN_REASONS = 5


@dataclass(frozen=True, slots=True)
class OpenPack:
    """A pack over whose corpora the product can be asked. folder: where evaluations are kept."""

    product: Product
    rows: Sequence[TaskRows]
    settings: Settings
    folder: Path
    versions: Mapping[str, str]


async def run_pack(pack: Path, names: Sequence[str], label: str, choices: Choices) -> Ended:
    """Runs the tasks that `names` name, all without any. Raises SignpostError."""
    async with opened_pack(pack, names) as opened:
        subject = Subject(opened.product, label, opened.versions)
        (ended,) = await evaluate([subject], opened.rows, opened.folder, opened.settings, choices)
    return ended


@asynccontextmanager
async def opened_pack(folder: Path, names: Sequence[str]) -> AsyncIterator[OpenPack]:
    """The pack in `folder`, its rows read and its corpora loaded. Raises SignpostError."""
    settings = read_settings()
    pack = open_pack(folder)
    rows, not_run = read_tasks(pack, _chosen(names), has_model=bool(settings.chat_models.default))
    for why in not_run:
        note(why)
    for each in rows:
        tell_faults(f"{each.task.file}.jsonl", each.faults)
    kept = evaluation_folder(settings.home_folder)
    async with pack_home(pack, settings, kept, _show_loading) as (resources, faults):
        for file, bad in faults.items():
            tell_faults(f"{file}.jsonl", bad)
        index = (await resources.stores()).vector_store.index_version
        versions = {"corpora": pack_version(pack, settings)[:12], "index": index}
        yield OpenPack(Product(await resources.get()), rows, settings, kept, versions)


def _chosen(names: Sequence[str]) -> list[Task]:
    """Raises InputError for a name that names no task."""
    for name in names:
        if not any(named(TASKS, [name])):
            raise InputError(
                f"No task is called {name}.",
                why=NOT_MEASURED.get(name, ""),
                next_step="All tasks: signpost eval tasks",
            )
    return list(named(TASKS, names))


def _show_loading(corpus: str, done: int, total: int) -> None:
    if not done:
        note(f"loading {corpus} ({counted(total, 'document')})")


def tell_faults(file: str, faults: Sequence[RowFault]) -> None:
    """Notes why rows cannot be used: each reason once, with the first place it was met at."""
    by_reason: dict[str, list[RowFault]] = {}
    for fault in faults:
        by_reason.setdefault(fault.why, []).append(fault)
    for why, alike in list(by_reason.items())[:_SHOWN_REASONS]:
        first = alike[0]
        name = first.id if first.id != str(first.line) else ""
        place = ", ".join(part for part in (file, f"line {first.line}" if first.line else "", name) if part)
        note(f"{place}: {why}{f' (and {len(alike) - 1:,} more such)' if len(alike) > 1 else ''}")
    if len(by_reason) > _SHOWN_REASONS:
        note(f"{file}: {counted(sum(fault.line > 0 for fault in faults), 'row')} cannot be used; the report lists them")
