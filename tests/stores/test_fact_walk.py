"""What a walk over facts asks for, and what it makes of the answers: the same for every store."""

from collections.abc import Callable, Sequence

from tools.shapes import Fact
from tools.stores.entity_names import fold_name
from tools.stores.fact_walk import (
    FactRow,
    FactsAround,
    FactsBetween,
    Found,
    Result,
    Step,
    Walk,
    neighbourhood_walk,
    paths_walk,
)


def make_row(head: str, relation: str, tail: str, at_head: bool = True) -> FactRow:
    fact = Fact(f"{head}-{relation}-{tail}", head, relation, tail, "", "chunk", "document")
    return FactRow(fact, fold_name(head), fold_name(tail), at_head)


def walked(walk: Walk[Result], answer: Callable[[Step], Found]) -> tuple[Result, list[Step]]:
    """What a walk comes to, and what it asked for."""
    steps: list[Step] = []
    found: Found | None = None
    while True:
        try:
            step = next(walk) if found is None else walk.send(found)
        except StopIteration as end:
            return end.value, steps
        steps.append(step)
        found = answer(step)


def store_of(*triples: tuple[str, str, str]) -> Callable[[Step], Found]:
    """Answers as a store does that holds these triples, in no order that means anything."""

    def rows(heads: Sequence[str], tails: Sequence[str] | None, at_head: bool) -> list[FactRow]:
        every = [make_row(*triple, at_head) for triple in reversed(triples)]
        return [row for row in every if row.origin in heads and (tails is None or row.other_end in tails)]

    def answer(step: Step) -> Found:
        between = step.between or FactsBetween((), ())
        around = step.around or FactsAround((), 0)
        return Found(
            [*rows(between.near, between.far, False), *rows(between.near, between.far, True)],
            [*rows(around.names, None, False), *rows(around.names, None, True)],
        )

    return answer


def test_a_step_of_a_path_asks_for_both_at_once() -> None:
    triples = [("A", "r", "B"), ("B", "s", "C"), ("C", "t", "D")]
    found, steps = walked(paths_walk("A", "D", 4, 5), store_of(*triples))
    assert [[(fact.head, fact.relation, fact.tail) for fact in chain] for chain in found] == [triples]
    assert len(steps) == 3
    assert steps[0] == Step(FactsBetween(("a",), ("d",)), FactsAround(("a",), 300))
    found, steps = walked(paths_walk("A", "D", 2, 5), store_of(*triples))
    assert found == []
    assert [step.around is None for step in steps] == [False, True]  # nothing could be made of it any more


def test_the_order_does_not_depend_on_the_stores_order() -> None:
    triples = [("A", "r", "B"), ("A", "s", "B"), ("C", "r", "A"), ("A", "r", "A")]
    forwards = walked(neighbourhood_walk(["a"], 1, 9), store_of(*triples))
    backwards = walked(neighbourhood_walk(["a"], 1, 9), store_of(*reversed(triples)))
    assert forwards == backwards
    assert len(forwards[0]) == 4


def test_a_blank_end_joins_nothing() -> None:
    blank = store_of(("A", "r", " "), ("B", "s", ""), ("C", "t", "\t"))
    assert walked(paths_walk("A", "B", 4, 5), blank)[0] == []
    facts, steps = walked(neighbourhood_walk(["A"], 3, 9), blank)
    assert [fact.head for fact in facts] == ["A"]
    assert len(steps) == 1
    assert walked(neighbourhood_walk(["", " "], 1, 9), blank) == ([], [])


def test_names_are_asked_for_in_parts() -> None:
    _, steps = walked(neighbourhood_walk([f"N{n}" for n in range(2000)], 1, 10), store_of())
    asked = [step.around for step in steps if step.around]
    assert [len(around.names) for around in asked] == [900, 900, 200]
    assert {around.each for around in asked} == {10}
