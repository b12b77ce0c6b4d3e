"""Measures as a Markdown table, for pages that are kept beside the code."""

from collections.abc import Iterable, Sequence

from evals.reports.report import TaskReport, is_quality
from evals.reports.wording import shown, shown_interval, shown_missing
from tools.text.clean import one_line

_HEADINGS = ("task", "metric", "value", "95 % interval", "n", "not counted")


def markdown_table(tasks: Iterable[TaskReport], *, metrics: Sequence[str] = ()) -> str:
    """The measures of the tasks. metrics: the names of those that are listed; all qualities without any."""
    rows = [
        (
            task.name,
            measure.metric,
            shown(measure.value, measure.unit),
            shown_interval(measure.low, measure.high, measure.unit),
            f"{measure.n:,}",
            shown_missing(measure.missing),
        )
        for task in tasks
        for measure in task.measures
        if (measure.metric in metrics if metrics else is_quality(measure))
    ]
    return markdown_rows(_HEADINGS, rows)


def markdown_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, without a line end after its last row."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    """A text that stays within its cell and is no markup."""
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
