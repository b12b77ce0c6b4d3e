"""A report as a table in the terminal, or as plain lines of columns where there is none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import get_args

from agent.output import counted, note, say, say_dim
from agent.terminal import terminal
from evals.measure import Measure
from evals.reports.report import Report, TaskReport, headline_rank, main_measure
from evals.reports.wording import shown, shown_interval, shown_missing, shown_money, shown_seconds
from evals.statistics import CONFIDENCE, Comparison, Verdict
from tools.text.clean import one_line

SHORT = 5
"""Measures of a task that are shown where not all are asked for."""

_WIDEST = 10_000
"""Columns where no terminal breaks lines."""
_FEWEST_BY_CHANCE = 20
"""Of so many intervals at 95 %, one is expected to mislead."""

_MEASURED = ("metric", "value", "95 %", "n", "not counted")
_COMPARED = ("measure", "before", "after", "difference", "95 %", "n", "verdict", "not counted")
_TEXTS = ("metric", "measure", "verdict", "not counted")


def show_report(report: Report, *, whole: bool = False) -> None:
    """Writes a task after the other, and what could not be counted aside. whole: every measure and each fault."""
    for task in report.tasks:
        _show_task(task, whole=whole)
    header = report.header
    spent = " + ".join(f"{count:,} {kind}" for kind, count in header.tokens.items())
    parts = [
        header.label,
        header.when,
        counted(sum(task.n for task in report.tasks), "row"),
        shown_seconds(header.seconds),
        f"{spent} tokens" if any(header.tokens.values()) else "",
        f"money {shown_money(header.money)}" if header.money != 0 else "",
    ]
    say(one_line(" · ".join(part for part in parts if part)))
    _note_faults(report.tasks, whole=whole)


def show_comparisons(comparisons: Sequence[Comparison], *, whole: bool = False) -> None:
    """Writes what differs between two runs. whole: also the measures of which no difference is shown."""
    silent = () if whole else ("no difference shown", "not compared")
    listed = [each for each in comparisons if each.verdict not in silent]
    if listed:
        _say_table(_COMPARED, [_compared_cells(each) for each in listed])
        say()
    counts = Counter(each.verdict for each in comparisons)
    told = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in get_args(Verdict) if counts[verdict])
    say(f"{counted(len(comparisons), 'measure')} in both runs{f': {told}' if told else ''}")
    compared = len(comparisons) - counts["not compared"]
    if compared >= _FEWEST_BY_CHANCE:
        say_dim(f"Of {compared:,} intervals, {round(compared * (1 - CONFIDENCE)):,} or so leave out 0 by chance alone.")
    _note_alone(comparisons)


def _compared_cells(one: Comparison) -> tuple[str, ...]:
    return (
        one.name,
        shown(one.before, one.unit),
        shown(one.after, one.unit),
        shown(one.difference, one.unit, signed=True),
        shown_interval(one.low, one.high, one.unit, signed=True),
        f"{one.n:,}",
        one.verdict,
        shown_missing(one.missing),
    )


def _note_alone(comparisons: Iterable[Comparison]) -> None:
    """Rows that could not be compared, since one run lacks them: the same for every measure of a task."""
    tasks = {each.task: each for each in comparisons if each.only_before or each.only_after}
    for each in tasks.values():
        first, second = counted(each.only_before, "row"), f"{each.only_after:,}"
        note(one_line(f"{each.task}: {first} only in the first run, {second} only in the second"))


def _show_task(task: TaskReport, *, whole: bool) -> None:
    failed = f", {task.failed:,} failed" if task.failed else ""
    say(f"{task.name} ({counted(task.n, 'row')}{failed})")
    listed = task.measures if whole else _short(task)
    rows = [
        (
            measure.metric,
            shown(measure.value, measure.unit),
            shown_interval(measure.low, measure.high, measure.unit),
            f"{measure.n:,}",
            shown_missing(measure.missing),
        )
        for measure in listed
    ]
    _say_table(_MEASURED, rows)
    if len(listed) < len(task.measures):
        say_dim(f"… and {counted(len(task.measures) - len(listed), 'measure')} more: --all, or the report")
    say()


def _short(task: TaskReport) -> list[Measure]:
    """The main measure, those that tell most of a task of questions, and the first others."""
    main = main_measure(task)
    others = [measure for measure in task.measures if measure is not main]
    others.sort(key=lambda measure: headline_rank(measure.metric))
    return [*([main] if main else []), *others][:SHORT]


def _note_faults(tasks: Iterable[TaskReport], *, whole: bool) -> None:
    for task in tasks:
        if task.unusable:
            note(f"{task.name}: {counted(task.unusable, 'row')} could not be used")
        for fault in task.faults if whole else ():
            place = f"line {fault.line}{f' ({fault.id})' if fault.id else ''}" if fault.line else "the file"
            note(one_line(f"  {place}: {fault.why}"))


def _say_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns that are empty in every row are left out. Texts are aligned to the left, figures to the right."""
    kept = [column for column in range(len(headings)) if any(row[column] for row in rows)]
    cells = [[one_line(row[column]) for column in kept] for row in rows]
    for line in _laid_out([headings[column] for column in kept], cells).splitlines():
        say(line.rstrip())


def _laid_out(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    around = terminal().surroundings
    is_terminal = around.output_is_terminal
    line = box.SIMPLE_HEAD if around.output_is_unicode else box.ASCII2
    table = Table(box=line if is_terminal else None, pad_edge=False, show_edge=False)
    for heading in headings:
        is_text = heading in _TEXTS
        table.add_column(Text(heading), justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text)
    for row in rows:
        table.add_row(*map(Text, row))
    # Drawn without colours: `say` takes out whatever acts on a terminal.
    drawn = StringIO()
    console = Console(file=drawn, width=around.columns if is_terminal else _WIDEST, color_system=None)
    console.print(table)
    return drawn.getvalue()
