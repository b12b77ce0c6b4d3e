"""A judge model over real HTTP: whatever it does, a figure or a reason comes out of it, and never NaN."""

import json
import math
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from evals.judge import NONSENSE, QUANTITIES, Judged, judge_of, judged, judged_parts, preferred, verdicts
from evals.judgements import Usefulness, as_choice, as_rating, as_statements, as_useful
from evals.records import NotComputed, Record
from evals.tasks.judge_metrics import JUDGED, NO_JUDGE
from tests.scripted_model.script import BROKEN_FORMS, Fault, Form, Script
from tests.scripted_model.server import ScriptedModel
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import ChatModelSettings
from tools.models.chat_models import ChatModels
from tools.models.decision import read_decision

PARTS = Judged(
    question="二标段的合同工期是多少？",
    answer_text="合同工期为780日历天。食堂由月球公司承包。",
    cited=("第九条 合同工期为780日历天，自2024年5月6日开工。",),
    contexts=("二标段由北辰隧道施工。", "第九条 合同工期为780日历天。自2024年5月6日开工。"),
    reference="合同工期为780日历天。",
    language="zh",
)
Make = Callable[..., ChatModel]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.models.chat_model.random.random", lambda: -0.5)


@pytest.fixture
async def make(scripted_model: ScriptedModel, tmp_path: Path) -> AsyncIterator[Make]:
    made: list[ChatModels] = []

    def make_one(**values: Any) -> ChatModel:
        given = {"openai_base_url": scripted_model.url, "openai_api_key": "sk-tests-0001", "timeout_seconds": 20.0}
        settings = ChatModelSettings(by_role={"judge": "openai:scripted"}, **{**given, **values})
        made.append(ChatModels(settings, tmp_path / "models.json"))
        chat = made[-1].get("judge")
        assert chat is not None
        return chat

    yield make_one
    for models in made:
        await models.close()


def record(answer: str = PARTS.answer_text, status: str = "answered", **gold: Any) -> Record:
    return Record(
        task="t",
        id="1",
        given={"question": PARTS.question},
        gold={"answers": [PARTS.reference], "language": "zh", **gold},
        observed={
            "answer": {"status": status, "answer": f"{answer}[1]", "citations": []},
            "passages": {"c": PARTS.cited[0]},
            "contexts": list(PARTS.contexts),
        },
        judged={},
        ms=1.0,
        failure="",
    )


def scores(rows: Record) -> dict[str, Any]:
    return {metric.name.removesuffix(" (judge)"): metric.score(rows) for metric in JUDGED}


async def test_each_quantity_by_its_formula(make: Make, scripted_model: ScriptedModel) -> None:
    outcome = await judged(PARTS, make())
    spent = outcome.pop("spent")
    assert outcome == {
        "faithfulness": 0.5,  # one of two statements
        "answer_relevancy": 0.75,  # 4 of 1 to 5
        "context_precision": 0.5,  # the second of two passages
        "context_recall": 1.0,
        "answer_correctness": 1 / (1 + (1 + 0) / 2),
    }
    assert spent["calls"] == len(QUANTITIES) == len(scripted_model.log)
    assert spent["input"] > 100


async def test_texts_are_fenced_and_never_in_the_instructions(make: Make, scripted_model: ScriptedModel) -> None:
    told: list[tuple[str, str]] = []
    original = ScriptedModel.reply

    def reply(self: ScriptedModel, asked: Any, *rest: Any) -> Any:
        told.append((asked.system, asked.user))
        return original(self, asked, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptedModel, "reply", reply)
        await judged(PARTS, make())
    assert len(told) == len(QUANTITIES)
    for system, user in told:
        assert PARTS.question not in system
        assert "月球公司" not in system
        assert user.startswith("<question-")


async def test_a_record_is_judged_and_measured(make: Make) -> None:
    row = record()
    row["judged"] = await judge_of(make())(row)
    assert scores(row)["faithfulness"] == 0.5
    assert scores(row)["answer_correctness"] == pytest.approx(2 / 3)
    assert judged_parts(row) == PARTS


async def test_a_refusal_is_not_judged_for_what_it_does_not_say(make: Make) -> None:
    row = record("没有找到。", status="refused")
    row["judged"] = await judge_of(make())(row)
    found = scores(row)
    assert found["faithfulness"] is None
    assert found["answer_relevancy"] is None
    assert found["answer_correctness"] == 0.0
    assert found["context_recall"] == 1.0
    twin = record("没有找到。", status="refused", must_refuse=True)
    twin["judged"] = await judge_of(make())(twin)
    assert set(scores(twin).values()) == {None}


async def test_what_was_not_searched_has_no_contexts_to_judge(make: Make) -> None:
    row = record()
    row["observed"] = {name: value for name, value in row["observed"].items() if name != "contexts"}
    row["judged"] = await judge_of(make())(row)
    assert set(row["judged"]) == {"faithfulness", "answer_relevancy", "answer_correctness", "spent"}
    assert scores(row)["context_recall"] is None


def test_without_a_judge_the_figures_say_so() -> None:
    assert set(scores(record()).values()) == {NotComputed(NO_JUDGE)}


@pytest.mark.parametrize("form", BROKEN_FORMS)
async def test_a_judge_that_writes_badly_gives_figures_or_reasons(
    make: Make, scripted_model: ScriptedModel, form: Form
) -> None:
    scripted_model.script = Script(structured=form)
    outcome = await judged(PARTS, make())
    del outcome["spent"]
    assert set(outcome) == set(QUANTITIES)
    for value in outcome.values():
        assert value == {"missing": NONSENSE} or (isinstance(value, float) and 0 <= value <= 1)
        assert value == {"missing": NONSENSE} or not math.isnan(value)
    if form in ("not_json", "empty"):
        assert all(value == {"missing": NONSENSE} for value in outcome.values())
    if form == "wrong_types":
        assert outcome["faithfulness"] == {"missing": NONSENSE}, "yes is no statement"
        assert outcome["answer_relevancy"] == 0.75, "4 as a text"


@pytest.mark.parametrize(
    ("fault", "why"),
    [({"hang": 30.0}, "judge took too long"), ({"status": 401}, "judge is away"), ({"status": 500}, "judge is away")],
)
async def test_a_judge_that_is_away_is_not_waited_for_again(
    make: Make, scripted_model: ScriptedModel, fault: Fault, why: str
) -> None:
    scripted_model.script = Script(faults=[fault] * 20)
    outcome = await judged(PARTS, make(timeout_seconds=0.2))
    assert {name: outcome[name] for name in QUANTITIES} == {name: {"missing": why} for name in QUANTITIES}
    assert len(scripted_model.log) <= 3, "tries of the first quantity alone"


async def test_no_more_calls_than_are_allowed(make: Make, scripted_model: ScriptedModel) -> None:
    outcome = await judged(PARTS, make(), calls=2)
    assert outcome["answer_relevancy"] == 0.75
    assert outcome["context_recall"] == {"missing": "no calls to the judge left"}
    assert len(scripted_model.log) == 2


async def test_the_better_answer_whatever_its_place(make: Make) -> None:
    chat = make()
    assert await preferred("q?", "a long answer", "short", chat) == "a"
    assert await preferred("q?", "short", "a long answer", chat) == "b"
    assert await preferred("q?", "same", "also", chat) == "tie"


async def test_a_judge_with_a_favourite_place_makes_a_tie(make: Make, scripted_model: ScriptedModel) -> None:
    scripted_model.script = Script(persona="echo")
    chat = make()
    assert await verdicts("q?", "short", "a long answer", chat) == ("a", "b")
    assert await preferred("q?", "short", "a long answer", chat) == "tie"
    scripted_model.script = Script(structured="not_json")
    assert await preferred("q?", "short", "a long answer", chat) == NotComputed(NONSENSE)


@pytest.mark.parametrize(
    ("value", "rating"),
    [(4, 4), ("4/5", 4), ("5.0", 5), ("3分", 3), (True, 0), ("yes", 0), (9, 0), (None, 0), ([4], 4)],
)
def test_ratings_as_models_write_them(value: Any, rating: int) -> None:
    assert as_rating(value) == rating


@pytest.mark.parametrize(
    ("value", "choice"),
    [
        ("first", "first"),
        ("The second answer.", "second"),
        ("第一个", "first"),
        ("TIE", "tie"),
        ("a tie", "tie"),
        ("A", "first"),
        ("**2**", "second"),
        ("Answer 1 is better.", "first"),
        ("A is not better than B", ""),
        ("1 or 2", ""),
        ("banana", ""),
        (None, ""),
    ],
)
def test_choices_as_models_write_them(value: Any, choice: str) -> None:
    assert as_choice(value) == choice


@pytest.mark.parametrize(
    ("value", "useful"),
    [
        ([2, "3"], [2, 3]),
        ("1, 2", [1, 2]),
        ({"1": True, "2": False}, [1]),
        ([], []),
        ("none of them", []),
        ("没有", []),
        (False, []),
        ({"1": False}, []),
    ],
)
def test_passages_of_use_as_models_write_them(value: Any, useful: list[int]) -> None:
    assert as_useful(value) == useful
    assert Usefulness.model_validate({"useful": value}).useful == useful


@pytest.mark.parametrize("value", ["hello", ["hello"], None, {"which": "hello"}])
def test_what_names_no_passage_is_no_judgement_that_none_is_of_use(value: Any) -> None:
    with pytest.raises(ValueError, match="names no passages"):
        as_useful(value)
    assert read_decision(AIMessage(json.dumps({"useful": value})), Usefulness) is None


def test_statements_as_models_write_them() -> None:
    assert as_statements([{"statement": "one  thing", "reason": "x"}, "two", 3, None, ""]) == ["one thing", "two"]
    assert as_statements("alone") == ["alone"]
