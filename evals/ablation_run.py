"""The same rows with and without each stage of the graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.ablation import FULL, VARIANTS, Variant
from evals.evaluating import Choices, Ended, Subject, evaluate
from evals.pack_run import opened_pack
from evals.run_comparison import by_task
from evals.run_folders import read_records
from evals.statistics import Comparison, compared
from evals.task import Task
from evals.versions import variants_version
from tools.errors import InputError

TASKS = (
    "zh_single_hop_cmrc",
    "zhhant_single_hop_drcd",
    "en_single_hop_squad2",
    "multihop_hotpotqa",
    "multihop_musique",
    "lihua_world",
    "kbqa_zh_kdconv_travel",
)
"""Questions over collections: where every stage has something to do."""

METRICS = ("contains", "gold_cited", "hit@1", "refusal_recall", "false_refusals", "searches", "latency_p50")
"""What a stage may change, of quality and of time."""


@dataclass(frozen=True, slots=True)
class Ablated:
    """One variant: its run, and what differs from the full product, measure by measure. Empty for that itself."""

    variant: Variant
    ended: Ended
    comparisons: tuple[Comparison, ...]


async def run_ablation(pack: Path, names: Sequence[str], choices: Choices) -> list[Ablated]:
    """Every variant over the tasks that `names` name; stopped, it ends with what there is. Raises SignpostError."""
    async with opened_pack(pack, names or TASKS) as opened:
        tasks = [each.task for each in opened.rows]
        if not any(metric.name in METRICS for task in tasks for metric in task.metrics):
            raise InputError(
                "These tasks show nothing of what a stage is worth.",
                why=f"They have none of the measures {', '.join(METRICS)}.",
                next_step=f"Leave out --tasks, or take some of these: {', '.join(TASKS)}",
            )
        subjects = [
            Subject(
                variant.of(opened.product),
                variant.name if variant.name == FULL else f"without-{variant.name}",
                {**opened.versions, "variant": f"{variant.name} {variants_version()}"},
            )
            for variant in VARIANTS
        ]
        runs = await evaluate(subjects, opened.rows, opened.folder, opened.settings, choices)
        return [
            Ablated(variant, ended, _compared(tasks, runs[0], ended) if number else ())
            for number, (variant, ended) in enumerate(zip(VARIANTS, runs, strict=True))
        ]


def _compared(tasks: Sequence[Task], full: Ended, without: Ended) -> tuple[Comparison, ...]:
    before, after = by_task(read_records(full.folder)), by_task(read_records(without.folder))
    return tuple(
        compared(metric, task.name, before[task.name], after[task.name])
        for task in tasks
        for metric in task.metrics
        if metric.name in METRICS
    )
