"""A question and its twin count together, and are one draw of the interval."""

from evals.measure import Measure
from evals.records import Record
from evals.statistics import measured, wilson
from evals.tasks.pair_metrics import PAIRS
from tests.evals.tasks.made_records import answered, record, refused


def pair(number: int, *, is_right: bool, is_refused: bool) -> list[Record]:
    question = record(answered("Ines keeps it." if is_right else "Nobody keeps it."), {"twin_of": ""})
    asked_again = refused() if is_refused else answered("Ines keeps it.")
    twin = record(asked_again, {"answers": [], "must_refuse": True, "twin_of": str(number)})
    question["id"], twin["id"] = str(number), f"{number}:twin"
    return [question, twin]


def figure(name: str, records: list[Record]) -> Measure:
    return measured(next(metric for metric in PAIRS if metric.name == name), "own", records)


def test_only_both_together_are_right() -> None:
    outcomes = [(True, True), (True, False), (False, True), (False, False)]
    records = [
        each
        for number, (is_right, is_refused) in enumerate(outcomes)
        for each in pair(number, is_right=is_right, is_refused=is_refused)
    ]
    assert figure("pairs_right", records).value == 0.25
    assert figure("pairs_told_apart", records).value == 0.5
    assert figure("pairs_both_answered", records).value == 0.5


def test_pairs_are_counted_and_drawn_whole() -> None:
    records = [each for number in range(60) for each in pair(number, is_right=number % 2 == 0, is_refused=True)]
    alone = pair(99, is_right=True, is_refused=True)[:1]
    right = figure("pairs_right", [*records, *alone])
    assert (right.value, right.n, right.method) == (0.5, 60, "Wilson")
    assert (right.low, right.high) == wilson(30, 60)


def test_what_is_asked_back_is_neither_answered_nor_refused() -> None:
    question, twin = pair(1, is_right=True, is_refused=True)
    twin["observed"] = record(refused(status="needs_input"), {})["observed"]
    for name in ("pairs_right", "pairs_told_apart", "pairs_both_answered"):
        assert figure(name, [question, twin]).value == 0, name


def test_pairs_that_are_all_alike_do_not_make_a_figure_certain() -> None:
    records = [each for number in range(10) for each in pair(number, is_right=True, is_refused=True)]
    right = figure("pairs_right", records)
    assert (right.low, right.high) == wilson(10, 10)
