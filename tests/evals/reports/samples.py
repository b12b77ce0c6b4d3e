"""A small report of two tasks, made up."""

from collections.abc import Sequence
from typing import Any

from evals.measure import Measure
from evals.metric import RowMetric, SetMetric
from evals.records import NotComputed, Record, RowFault, Score
from evals.reports.gathered import task_report, worst_rows
from evals.reports.report import Header, Report, TaskReport
from evals.task import Task

HOSTILE = "<script>alert('混凝土')</script> \x1b[31m\u202e $x_1$ | & </details>"


def question_record(
    number: int, *, right: float | None, confidence: float = 0.6, question: str = "", **other: Any
) -> Record:
    """A record of a question that was answered after two rounds."""
    question = question or f"第{number}条规定了什么？"
    answer = {
        "question": question,
        "answer": "养护不少于十四天。[1]",
        "language": "zh",
        "status": "answered",
        "confidence": confidence,
        "citations": [{"number": 1, "quote": "十四天", "source": "vector", "document": {"id": "d", "title": "Plan"}}],
        "receipt": {
            "routes": [{"route": "vector", "confidence": 0.7, "why": "documents"}],
            "rounds": [
                {
                    "queries": [{"text": f"first query {number}", "source": "vector"}],
                    "sources": [{"source": "vector", "status": "ok", "hits": 10, "ms": 3.8}],
                    "band": "weak",
                },
                {
                    "queries": [{"text": f"second query {number}", "source": "graph"}],
                    "sources": [{"source": "graph", "status": "timeout", "hits": 0, "ms": 3000.0}],
                    "band": "unclear",
                },
            ],
            "verdict": {"supported": 1, "unsupported": 2},
            "degraded": [{"component": "graph", "reason": "timeout"}],
            "llm_calls": 1,
            "tokens": {"input": 900, "output": 40},
            "ms": {"total": 51.0},
        },
    }
    return Record(
        **{
            "task": "questions",
            "id": f"q{number}",
            "given": {"question": question},
            "gold": {"answers": ["十四天" if right else "fourteen days"], "language": "zh"},
            "observed": {"answer": answer, "right": right},
            "judged": {},
            "ms": 20.0 + number,
            "failure": "",
            **other,
        }
    )


def _right(record: Record) -> Score | None:
    right: float | None = record["observed"]["right"]
    return right


def _calibration_error(_: Sequence[Record]) -> Score:
    return 0.1


METRICS = (
    RowMetric("right", _right, "rows that are right / rows"),
    RowMetric("judged", lambda _: NotComputed("no judge model"), "as a judge has it", unit="score"),
    RowMetric(
        "model_calls",
        lambda record: float(record["observed"]["answer"]["receipt"]["llm_calls"]),
        "calls a question",
        unit="calls",
        better="lower",
    ),
    SetMetric("calibration_error", _calibration_error, "error of the confidence", unit="score", better="lower"),
)


def task(name: str = "questions", metrics: tuple[Any, ...] = METRICS) -> Task:
    """A task that is only measured, never run."""

    def never(*_: Any) -> Any:
        raise AssertionError("reports run nothing")

    return Task(name, name, "Questions over one collection.", never, never, metrics)


def question_records() -> list[Record]:
    """Twelve rows: eight right, three wrong of which one is hostile, and one that failed."""
    wrong = [
        question_record(9, right=0.0, confidence=0.95),
        question_record(10, right=0.0, question=HOSTILE),
        question_record(11, right=0.0, confidence=0.35),
    ]
    return [
        *(question_record(number, right=1.0) for number in range(8)),
        *wrong,
        question_record(12, right=None, observed={}, failure="TimeoutError"),
    ]


def routing_report(
    routes: Sequence[tuple[str, str]] = (("web", "web"), ("web", "vector"), ("图谱", "图谱")),
) -> TaskReport:
    """A task whose rows were routed."""
    measure = Measure("routing", "accuracy", 2 / 3, 0.2, 0.94, 3, "share", "higher", method="Wilson")
    return TaskReport("routing", "Which way?", 3, 0, (measure,), routes=tuple(routes), latencies=(1.0, 2.0, 4.0))


def report() -> Report:
    """What a run of both tasks has shown."""
    records = question_records()
    questions = task_report(task(), records, faults=[RowFault(7, "x7", "has no answer")], seconds=61.5)
    header = Header(
        when="2026-01-02T03:04:05+00:00",
        label="新的切分 <b>",
        versions={"code": "abc", "index": "3"},
        seeds={"bootstrap": 20},
        seconds=3725.0,
        tokens={"input": 12000, "output": 300},
        money=0.25,
    )
    return Report(header, (questions, routing_report()), tuple(worst_rows([(task(), records)])))
