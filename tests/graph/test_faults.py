"""Whatever sources and stores do, a run ends in an answer or an honest refusal."""

import asyncio
import random
import re

import pytest

from evals.benchmarks.faults import with_faults
from graph.resources import Resources
from tests.graph.conversation import Conversation
from tests.graph.fakes import FakeSource, make_resources
from tests.graph.test_answers import FACTS, PASSAGES
from tools.access import Access
from tools.breaker import Breaker
from tools.shapes import SearchResult
from tools.text.citations import marks_in

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
    resources = with_faults(make_resources(PASSAGES, FACTS), chance, rate=0.4, hang_seconds=0.05)
    answer = await Conversation(resources).ask(chance.choice(QUESTIONS), deadline_seconds=3.0)
    assert answer["status"] in ("answered", "refused")
    assert answer["answer"]
    marks = set(marks_in(answer["answer"]))
    assert marks == {citation["number"] for citation in answer["citations"]}
    assert answer["status"] == "refused" or marks


async def test_a_ledger_that_hangs_does_not_hold_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.run._STORE_SECONDS", 0.1)
    monkeypatch.setattr("graph.run._LEAST_STORE_SECONDS", 0.1)
    resources = with_faults(make_resources(PASSAGES, FACTS), random.Random(1), rate=1.0, hang_seconds=60)
    answer = await asyncio.wait_for(Conversation(resources).ask(QUESTIONS[2], deadline_seconds=1.0), 15)
    assert answer["status"] == "refused"


async def test_a_citation_whose_passage_is_lost_keeps_its_number_and_costs_confidence() -> None:
    resources = make_resources(PASSAGES, FACTS)

    async def lost(*_: object) -> dict[str, object]:
        return {}

    talk = Conversation(resources)
    answer = {}
    async for update in talk.graph.astream({"question": QUESTIONS[0]}, talk.config, stream_mode="updates"):
        if "verify" in update:
            resources.ledger.passages = lost  # type: ignore[method-assign, assignment]
        if "finalize" in update:
            answer = update["finalize"]["answer"]
    assert [citation["number"] for citation in answer["citations"]] == [1]
    assert answer["citations"][0]["quote"] == ""
    assert answer["confidence"] < 0.5


async def test_one_failing_branch_does_not_lose_its_sibling() -> None:
    vector = FakeSource("vector", PASSAGES, results=[RuntimeError("no")] * 20)
    resources = make_resources(PASSAGES, FACTS, vector=vector)
    answer = await Conversation(resources).ask("二标段的合同金额是多少，监理单位的总监是谁？")
    assert "周明远" in answer["answer"]
    assert {"component": "vector", "reason": "down"} in answer["receipt"]["degraded"]


@pytest.mark.parametrize("question", [QUESTIONS[0], "二标段的合同金额是多少？监理单位是谁？纳统是什么意思？"])
async def test_a_hanging_source_is_left_at_the_deadline(question: str) -> None:
    vector = FakeSource("vector", PASSAGES, results=[60.0] * 20)
    talk = Conversation(make_resources(PASSAGES, FACTS, vector=vector))
    # Without the deadline each of the searches would hang for its source's five seconds.
    answer = await asyncio.wait_for(talk.ask(question, deadline_seconds=1.0), 4)
    assert {"component": "vector", "reason": "timeout"} in answer["receipt"]["degraded"]


async def test_a_source_that_keeps_failing_is_left_alone() -> None:
    vector = FakeSource("vector", PASSAGES, results=[RuntimeError("no")] * 50)
    made = make_resources(PASSAGES, FACTS, vector=vector)
    resources = Resources(made.ledger, made.knowledge_graph, made.sources, made.models, {"vector": Breaker(failures=2)})
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


async def test_a_breaker_is_told_how_long_a_failure_took() -> None:
    told: list[tuple[bool, float]] = []

    class Told(Breaker):
        def record(self, succeeded: bool, seconds: float = 0.0) -> None:
            told.append((succeeded, seconds))

    class Slow(FakeSource):
        async def search(self, query: str, **_: object) -> SearchResult:
            await asyncio.sleep(0.05)
            raise RuntimeError("no")

    made = make_resources(PASSAGES, FACTS, vector=Slow("vector"))
    resources = Resources(made.ledger, made.knowledge_graph, made.sources, made.models, {"vector": Told()})
    await Conversation(resources).ask(QUESTIONS[0])
    assert told
    assert all(not succeeded and seconds >= 0.05 for succeeded, seconds in told)


@pytest.mark.parametrize("question", [QUESTIONS[0], QUESTIONS[5]])
async def test_documents_that_were_found_and_could_not_be_read_are_not_called_silent(question: str) -> None:
    resources = make_resources(PASSAGES, FACTS)

    async def away(*_: object) -> dict[str, object]:
        raise RuntimeError("away")

    resources.ledger.passages = away  # type: ignore[method-assign, assignment]
    answer = await Conversation(resources).ask(question, web="never")
    assert answer["status"] == "refused"
    assert "signpost doctor" in answer["answer"]
    assert not re.search("没有找到|did not find", answer["answer"])
