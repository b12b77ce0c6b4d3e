"""The tables of docs/benchmarks.md that `signpost eval` writes."""

from pathlib import Path

from evals.reports.markdown import markdown_table
from evals.reports.page import rewrite_tables
from evals.reports.report import Report

TABLE = "tasks"
ABLATION = "ablation"
"""Names of the markers: `<!-- eval:tasks -->`."""

PAGE_METRICS = (
    *("recall@5", "all_gold@5", "all_gold@8"),
    *("contains", "hit@1", "gold_cited", "refusal_recall", "false_refusals", "calibration_error", "latency_p50"),
    *("accuracy", "macro_f1", "rejection_rate", "sub_answers_said", "echo_rate", "attack_success", "task_done"),
    *("balanced_accuracy", "pair_f1", "triple_f1", "entity_recall"),
    *("all_strings_found", "words_found[no ocr]", "words_found[ocr]"),
    "refused",
)
"""What of each task stands on the page; the run's own page has every measure."""


def write_page(path: Path, report: Report) -> None:
    """Writes the run's table between the markers of a Markdown file. Raises InputError and FileError."""
    header = report.header
    versions = ", ".join(f"{name} {value}" for name, value in header.versions.items())
    made_with = f"{header.when[:10]}; {versions}."
    rewrite_tables(path, {TABLE: f"{made_with}\n\n{markdown_table(report.tasks, metrics=PAGE_METRICS)}"})
