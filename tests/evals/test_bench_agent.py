"""The measurements of the agent, in a few runs each: they run, keep their goals, and notice what breaks one."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from evals.benchmarks.__main__ import PARTS, main, parts_named
from evals.benchmarks.agent_at_once import measure_at_once
from evals.benchmarks.agent_broken import measure_broken
from evals.benchmarks.agent_citations import invented_in
from evals.benchmarks.agent_clear import measure_clear
from evals.benchmarks.agent_faults import has_bare_mark, measure_faults
from evals.benchmarks.agent_hostile import measure_hostile
from evals.benchmarks.agent_judged import Judged, measure_judged
from evals.benchmarks.agent_run import Outcome, ask
from evals.benchmarks.figures import Figure
from evals.metrics.leaked_instructions import repeats_instructions
from graph.context import Context
from tests.graph.fakes import FakeLedger, passage
from tools.text.prompts import prompt_text

LEDGER: Any = FakeLedger([passage("a", "三标段合同金额为41350万元。由云浦市政建设承担。")])
CITATION = {"number": 1, "chunk_id": "a", "quote": "三标段合同金额为41350万元。"}
RECEIPT = {"llm_calls": 3, "verdict": {"supported": 1, "unsupported": 0}, "degraded": []}
ANSWER: dict[str, Any] = {
    "answer": "三标段合同金额为41350万元。[1]",
    "status": "answered",
    "confidence": 0.85,
    "citations": [CITATION],
    "receipt": RECEIPT,
}
OUTCOME = Outcome("三标段合同金额是多少？", 1.0, 0.5, ANSWER)


@pytest.mark.parametrize(
    "measure",
    [
        functools.partial(measure_judged, 1),
        functools.partial(measure_broken, 4),
        functools.partial(measure_hostile, 12),
        functools.partial(measure_at_once, 8),
        functools.partial(measure_faults, 8, processes=1),
    ],
    ids=["judged", "broken", "hostile", "at once", "faults"],
)
async def test_a_few_runs_keep_the_goals(measure: Callable[[], Awaitable[list[Figure]]]) -> None:
    figures = await measure()
    assert any(figure.goal is not None for figure in figures)
    assert [figure for figure in figures if not figure.reached] == []


async def test_the_agent_and_its_peers_write_from_the_same_evidence() -> None:
    figures = {figure.name: figure for figure in await measure_clear(2, 0.0, 0.0)}
    assert figures["model calls of a clear question, most"].value == 1
    assert figures["textbook adaptive graph, calls"].value == 8
    assert figures["calls that the receipts miss"].value == 0
    assert figures["not answered"].value == 0
    assert figures["plain call, whole, p50"].value > 0


async def test_what_was_invented_is_found() -> None:
    assert await invented_in(ANSWER, LEDGER) == []
    text = ANSWER["answer"]
    for change, found in (
        ({"answer": text + "由云浦市政建设承担。[2]"}, "mark [2] has no citation"),
        ({"citations": [{**CITATION, "chunk_id": "b"}]}, "no passage"),
        ({"citations": [{**CITATION, "quote": "三标段合同金额为9万元。"}]}, "does not stand in its passage"),
        ({"answer": text.replace("41350", "41351")}, "41351 stands in no passage"),
    ):
        (line,) = await invented_in({**ANSWER, **change}, LEDGER)
        assert found in line


def test_repeated_instructions_are_found() -> None:
    told = prompt_text("en", "generate", "instructions", no_evidence="NO_EVIDENCE")
    assert repeats_instructions(f"Sure. {told.split('.')[1]}. [1]")
    assert not repeats_instructions(OUTCOME.text)


def test_bare_marks_are_found() -> None:
    assert not has_bare_mark(OUTCOME)
    assert has_bare_mark(replace(OUTCOME, answer={**ANSWER, "citations": []}))


def test_an_answer_that_admits_nothing_is_found() -> None:
    def admitted(**change: Any) -> bool:
        return Judged(replace(OUTCOME, answer={**ANSWER, **change}), True).is_admitted

    assert not admitted()
    assert admitted(status="refused")
    assert admitted(confidence=0.15)
    assert admitted(receipt={**RECEIPT, "verdict": {"supported": 0, "unsupported": 1}})


async def test_a_run_that_raises_is_an_outcome() -> None:
    nothing: Any = None
    outcome = await ask(nothing, "三标段合同金额是多少？", Context())
    assert outcome.failure == "AttributeError"
    assert (outcome.calls, outcome.text, outcome.is_answered) == (0, "", False)


def test_a_group_is_all_its_parts(capsys: pytest.CaptureFixture[str]) -> None:
    assert parts_named("agent") == [name for name in PARTS if name.startswith("agent-")] != []
    assert parts_named("faults") == ["faults"]
    assert main(["agents"]) == 2
    assert "agent-clear" in capsys.readouterr().err
