"""signpost eval: how good the product is, on public sets and on the user's own questions."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.options import AsJson, Collections
from agent.output import absolute_path, counted, note, say, say_json

if TYPE_CHECKING:
    from evals.running import Progress

app = typer.Typer(
    help="Measure retrieval, routing, refusals, citations and cost, and compare two runs.",
    no_args_is_help=True,
    add_completion=False,
)

IF_STOPPED = "What was run is kept: the same command goes on from there."

Pack = Annotated[Path | None, typer.Option("--pack", help="Folder of an evaluation pack: one .jsonl file a task.")]
Tasks = Annotated[str, typer.Option("--tasks", help="Only these tasks, separated by commas: names, or how they begin.")]
Label = Annotated[str, typer.Option("--label", help="What to call the run, beside its time; else by its file or pack.")]
Concurrency = Annotated[int, typer.Option("--concurrency", min=1, max=64, help="Rows worked on at a time.")]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget",
        min=0,
        help="The most that models may cost, in SIGNPOST_PRICES' currency; rows are then run one at a time.",
    ),
]
Gate = Annotated[Path | None, typer.Option("--gate", help="File of floors (.toml or .json); a broken one ends with 1.")]


@app.command("run")
def run(
    file: Annotated[Path | None, typer.Argument(help="Your own questions: a .jsonl file, one a line.")] = None,
    pack: Pack = None,
    tasks: Tasks = "",
    label: Label = "",
    concurrency: Concurrency = 1,
    budget: Budget = None,
    gate: Gate = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Write the tables between the markers of this Markdown file.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Show every measure, not only the first of each task.")] = False,
    as_json: AsJson = False,
) -> int:
    """Measure the product on a pack's tasks, or on your own questions over your own documents."""
    from evals.evaluating import Choices
    from evals.reports.gate import broken_floors, read_floors, uncounted_rows
    from evals.reports.terminal import show_report
    from tools.errors import InputError

    if (file is None) == (pack is None):
        raise InputError(
            "Questions or a pack are needed." if file is None else "Questions and a pack are two runs.",
            why="Give FILE.jsonl with your own questions, or --pack DIR.",
            next_step="signpost eval generate 50 makes questions from your documents." if file is None else "",
        )
    if file is not None and tasks:
        raise InputError("--tasks is for packs: your own questions are one task.")
    if page is not None:
        _check_page(page, file is None and not tasks)
    floors = read_floors(gate) if gate else ()
    with _shown_progress() as report, _told_how_to_go_on():
        choices = Choices(report, concurrency, budget)
        if pack is not None:
            from evals.pack_run import run_pack

            ended = asyncio.run(run_pack(pack, _names(tasks), label or pack.resolve().name, choices))
        else:
            assert file is not None
            from evals.own_run import run_own

            ended = run_own(file, label or file.stem, choices, if_stopped=IF_STOPPED)
    broken = [*broken_floors(floors, ended.report.measures), *uncounted_rows(floors, ended.report.tasks)]
    if page and not ended.stopped:
        from evals.pages import write_page

        write_page(page, ended.report)
    if as_json:
        from evals.reports.as_json import as_json as report_as_json

        say_json({**report_as_json(ended.report), "folder": absolute_path(str(ended.folder)), "broken_floors": broken})
    else:
        show_report(ended.report, whole=whole)
        say(f"Report: {ended.folder / 'report.html'}")
        for floor in broken:
            note(f"Broken floor: {floor}")
    if ended.stopped:
        note(f"Stopped. {IF_STOPPED}")
    return 1 if broken or ended.stopped else 0


@app.command("generate")
def generate(
    count: Annotated[int, typer.Argument(min=1, max=10_000, help="How many questions; each gets a twin.")],
    out: Annotated[Path, typer.Option("--out", help="The .jsonl file to write, for editing.")] = Path(
        "questions.jsonl"
    ),
    collection: Collections = None,
    rules: Annotated[bool, typer.Option("--rules", help="Make them by rules, though a model for it is set.")] = False,
    as_json: AsJson = False,
) -> int:
    """Make questions from your documents, each with a twin whose documents are hidden and that must be refused."""
    from agent.session import open_session
    from evals.generated_questions import generate_questions, write_questions
    from tools.access import Access
    from tools.errors import FileError, InputError

    if out.exists():
        raise FileError(f"{out} is there already.", next_step="Choose another name: --out FILE, or remove it.")
    with open_session("eval", if_stopped="Nothing was written.") as session:
        session.check_collections(collection or [])
        ledger = session.run(session.resources.stores()).ledger
        chat = None if rules else session.run(session.resources.get()).models.get("teach")
        made = generate_questions(ledger, count, access=Access(), collections=collection or [], chat=chat)
        generated = session.run(made)
    if not generated.rows:
        raise InputError(
            "The documents give no question.",
            why=f"Nothing in {counted(generated.of_documents, 'document')} is a heading, definition, cell, date or"
            " figure that names what it is about.",
            next_step="Set SIGNPOST_TEACH_MODEL: a model finds more; or write questions by hand.",
        )
    write_questions(out, generated)
    if as_json:
        say_json({**asdict(generated), "rows": len(generated.rows), "out": absolute_path(str(out))})
        return 0
    documents = f"{generated.documents:,} of {counted(generated.of_documents, 'document')}"
    say(f"{counted(generated.questions, 'question')} about {documents}, each with a twin: {out}")
    say("  " + ", ".join(f"{number} {kind}" for kind, number in generated.by.items()))
    if generated.not_possible:
        note(
            f"{generated.not_possible:,} more were asked for: the documents give no more that name what they ask about."
        )
    note(f"Read and correct them, then: signpost eval run {out}")
    return 0


@app.command("compare")
def compare(
    before: Annotated[str, typer.Argument(help="A run: its name, how it begins or ends, its folder, or latest.")],
    after: Annotated[str, typer.Argument(help="The run to compare it with.")],
    whole: Annotated[bool, typer.Option("--all", help="Show also what does not differ.")] = False,
    as_json: AsJson = False,
) -> int:
    """Show what differs between two runs, over the rows that both have, and whether it may be chance."""
    from evals.reports.compare import comparison_as_json
    from evals.reports.terminal import show_comparisons
    from evals.run_comparison import compare_folders

    compared = compare_folders(before, after)
    if as_json:
        say_json(comparison_as_json(compared))
        return 0
    for name, (was, is_) in compared.versions.items():
        say(f"{name}: {was or '-'} → {is_ or '-'}")
    show_comparisons(compared.comparisons, whole=whole)
    for names, which in ((compared.only_before, before), (compared.only_after, after)):
        if names:
            note(f"Only in {which}: {', '.join(names)}")
    return 0


@app.command("ablate")
def ablate(
    pack: Pack = None,
    tasks: Tasks = "",
    concurrency: Concurrency = 1,
    budget: Budget = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Write the table between the markers of this Markdown file.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Show what each stage of the graph adds, in quality and in time: the same questions without it."""
    from evals.ablation_report import ablation_as_json, show_ablation, write_ablation
    from evals.ablation_run import run_ablation
    from evals.evaluating import Choices
    from evals.pages import ABLATION
    from tools.errors import InputError

    if pack is None:
        raise InputError("A pack is needed.", next_step="signpost eval ablate --pack DIR")
    if page is not None:
        _check_page(page, not tasks, ABLATION)
    with _shown_progress() as report, _told_how_to_go_on():
        done = asyncio.run(run_ablation(pack, _names(tasks), Choices(report, concurrency, budget)))
    stopped = any(each.ended.stopped for each in done)
    if page and not stopped:
        write_ablation(page, done)
    if as_json:
        say_json(ablation_as_json(done))
    else:
        show_ablation(done)
    if stopped:
        note(f"Stopped. {IF_STOPPED}")
    return 1 if stopped else 0


@app.command("tasks")
def list_tasks(as_json: AsJson = False) -> int:
    """List the tasks of a pack that can be measured."""
    from evals.tasks.not_measured import NOT_MEASURED
    from evals.tasks.registry import TASKS

    if as_json:
        say_json(
            {"tasks": [{"name": task.name, "about": task.about} for task in TASKS], "not_measured": dict(NOT_MEASURED)}
        )
        return 0
    for task in TASKS:
        say(f"{task.name}\n    {task.about}")
    for name, why in NOT_MEASURED.items():
        say(f"{name} (not measured)\n    {why}")
    return 0


def _check_page(page: Path, is_whole: bool, table: str = "tasks") -> None:
    """Before the work is done whose figures it is to hold."""
    from evals.reports.page import check_places
    from tools.errors import InputError

    if not is_whole:
        raise InputError(
            "A page is written by a whole run of a pack.",
            why="Its table would lose what this run leaves out.",
            next_step="Leave out --page, or --tasks and FILE.",
        )
    check_places(page, [table])


@contextmanager
def _told_how_to_go_on() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(IF_STOPPED) from None


def _names(tasks: str) -> list[str]:
    return [name.strip() for name in tasks.split(",") if name.strip()]


@contextmanager
def _shown_progress() -> "Iterator[Callable[[Progress], None]]":
    """A bar for a person at the terminal, else a line when a task begins."""
    from agent.progress_bar import progress_bars
    from evals.reports.wording import shown_money, shown_seconds

    begun: set[str] = set()

    def line(progress: "Progress") -> None:
        if progress.task not in begun:
            begun.add(progress.task)
            note(f"{progress.done:,}/{progress.total:,} {progress.task}")

    def text(progress: "Progress") -> str:
        left = "" if progress.seconds_left is None else f"{shown_seconds(progress.seconds_left)} left"
        money = f"{shown_money(progress.money)} spent" if progress.money != 0 else ""
        more = "" if progress.money_left is None else f"{shown_money(progress.money_left)} of the budget left"
        return " · ".join(part for part in (progress.task, left, money, more) if part)

    with progress_bars() as show:
        yield (
            line if show is None else lambda progress: show("rows", progress.done, progress.total, text=text(progress))
        )
