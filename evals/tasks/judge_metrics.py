"""The RAGAS quantities as a judge model saw them, beside those by code (evals/tasks/answer_metrics.py)."""

from collections.abc import Callable

from evals.metric import RowMetric
from evals.records import NotComputed, Record, Score
from evals.task import Task
from evals.tasks.answers import has_answer, is_answered

NO_JUDGE = "no judge model is set"


def _judged(name: str, about: str, applies: Callable[[Record], bool]) -> RowMetric:
    def score(record: Record) -> Score | None:
        if "answer" not in record["observed"] or not applies(record):
            return None
        if not record["judged"]:
            return NotComputed(NO_JUDGE)
        value = record["judged"].get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        return NotComputed(value["missing"]) if isinstance(value, dict) else None

    return RowMetric(f"{name} (judge)", score, f"{about} (RAGAS, by a judge model)", "score")


JUDGED: tuple[RowMetric, ...] = (
    _judged("faithfulness", "statements of the answer that the cited passages bear out", is_answered),
    _judged("answer_relevancy", "a rating of how well the answer takes up the question, 1 to 5 as 0 to 1", is_answered),
    _judged("answer_correctness", "F1 of the statements of the answer and of a right one; refused: 0", has_answer),
    _judged("context_precision", "passages of use stand before others in a plain search", has_answer),
    _judged("context_recall", "statements of a right answer that the found passages bear out", has_answer),
)


def is_judged(task: Task) -> bool:
    """Whether anything of the task is worked out of what a judge says."""
    return any(metric in JUDGED for metric in task.metrics)
