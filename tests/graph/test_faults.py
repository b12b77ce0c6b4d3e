"""Whatever sources and stores do, a run ends in an answer or an honest refusal."""

import asyncio
import random
import time

import pytest

from evals.faults import with_faults
from graph.resources import Resources
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeSource, make_resources
from tests.graph.test_answers import FACTS, PASSAGES
from tools.access import Access
from tools.sources.breaker import Breaker

QUESTIONS = [
    "东站项目的总投资是多少？",
    "二标段监理单位的总监是谁？",
    "二标段的合同金额是多少，监理单位的总监是谁？",
    "东站项目食堂的承包商是谁？",
    "今天上海的天气怎么样？",
    "When does night work at the East Station end?",
]


@pytest.mark.parametrize("seed", range(60))
async def test_every_run_ends(seed: int) -> None:
    chance = random.Random(seed)
    talk = Conversation(with_faults(make_resources(PASSAGES, FACTS), chance, rate=0.4))
    answer = await talk.ask(chance.choice(QUESTIONS), deadline_seconds=3.0)
    assert answer["status"] in ("answered", "refused")
    assert answer["answer"]
    assert answer["status"] == "refused" or answer["citations"] or not passages_readable(answer)


def passages_readable(answer: dict[str, object]) -> bool:
    degraded = answer["receipt"]["degraded"]  # type: ignore[index]
    return {"component": "ledger"} not in [{"component": each["component"]} for each in degraded]


async def test_one_failing_branch_does_not_lose_its_sibling() -> None:
    vector = FakeSource("vector", PASSAGES, results=[RuntimeError("no")] * 20)
    resources = make_resources(PASSAGES, FACTS, vector=vector)
    answer = await Conversation(resources).ask("二标段的合同金额是多少，监理单位的总监是谁？")
    assert "周明远" in answer["answer"]
    assert {"component": "vector", "reason": "down"} in answer["receipt"]["degraded"]


async def test_a_hanging_source_is_left_at_the_deadline() -> None:
    vector = FakeSource("vector", PASSAGES, results=[30.0] * 9)
    resources = make_resources(PASSAGES, FACTS, vector=vector)
    started = time.monotonic()
    answer = await asyncio.wait_for(
        Conversation(resources).ask("二标段的合同金额是多少？", route="vector", deadline_seconds=1.0), 20
    )
    assert answer["status"] == "refused"
    assert time.monotonic() - started < 15
    assert {"component": "vector", "reason": "timeout"} in answer["receipt"]["degraded"]


async def test_a_source_that_keeps_failing_is_left_alone() -> None:
    vector = FakeSource("vector", PASSAGES, results=[RuntimeError("no")] * 50)
    made = make_resources(PASSAGES, FACTS, vector=vector)
    resources = Resources(made.ledger, made.knowledge_graph, made.sources, made.door, {"vector": Breaker(failures=2)})
    talk = Conversation(resources)
    for _ in range(5):
        await talk.ask("二标段的合同金额是多少？", route="vector", rounds=0)
    assert len(vector.searches) == 2


async def test_the_wrong_user_gets_no_evidence() -> None:
    resources = make_resources(PASSAGES, FACTS)
    for each in PASSAGES:
        resources.ledger.readers[each.id] = ("user:lin",)  # type: ignore[attr-defined]
    stranger = await Conversation(resources, user={"identity": "wang"}).ask("东站项目的总投资是多少？", web="never")
    reader = await Conversation(resources, user={"identity": "lin"}).ask("东站项目的总投资是多少？", web="never")
    assert stranger["status"] == "refused"
    assert "38.6" not in str(stranger)
    assert reader["status"] == "answered"
    assert Access("lin").allows(("user:lin",))
