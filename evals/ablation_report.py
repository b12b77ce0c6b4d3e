"""What an ablation has shown, as a table: what each stage adds in quality and in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.output import counted, say
from evals.ablation_run import Ablated
from evals.pages import ABLATION
from evals.reports.markdown import markdown_rows
from evals.reports.page import rewrite_tables
from evals.reports.wording import shown, shown_interval

_HEADINGS = ("without", "task", "metric", "with it", "without it", "difference", "95 % interval", "n", "verdict")


def show_ablation(done: Sequence[Ablated]) -> None:
    """Writes, for each variant, what differs from the full product, and how many measures do not."""
    for each in done[1:]:
        say(f"{each.variant.name}: {each.variant.about}")
        listed = [one for one in each.comparisons if one.verdict not in ("no difference shown", "not compared")]
        for one in listed:
            change = shown(one.difference, one.unit, signed=True)
            interval = shown_interval(one.low, one.high, one.unit, signed=True)
            say(f"  {one.name}: {shown(one.before, one.unit)} → {shown(one.after, one.unit)} ({change}, {interval})")
        alike = Counter(one.metric for one in each.comparisons if one.verdict == "no difference shown")
        if alike:
            say(f"  no difference shown: {', '.join(f'{name} in {count}' for name, count in alike.items())}")
    say(f"{counted(sum(task.n for task in done[0].ended.report.tasks), 'row')} each. Report: {done[0].ended.folder}")


def ablation_as_json(done: Sequence[Ablated]) -> dict[str, Any]:
    """JSON-able; null for what could not be had."""
    return {
        "variants": [
            {
                "name": each.variant.name,
                "about": each.variant.about,
                "folder": str(each.ended.folder),
                "comparisons": [{**asdict(one), "missing": dict(one.missing)} for one in each.comparisons],
            }
            for each in done
        ]
    }


def write_ablation(path: Path, done: Sequence[Ablated]) -> None:
    """Writes the table between the markers of a Markdown file. Raises InputError and FileError."""
    rows = [
        (
            each.variant.name,
            one.task,
            one.metric,
            shown(one.before, one.unit),
            shown(one.after, one.unit),
            shown(one.difference, one.unit, signed=True),
            shown_interval(one.low, one.high, one.unit, signed=True),
            f"{one.n:,}",
            one.verdict,
        )
        for each in done[1:]
        for one in each.comparisons
        if one.verdict != "not compared"
    ]
    rewrite_tables(path, {ABLATION: markdown_rows(_HEADINGS, rows)})
