"""Generated questions: spread over the documents, each with a twin whose documents are hidden; written to be edited."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evals.generated_questions import Generated, generate_questions, spread, write_questions
from evals.own_questions import read_own_questions, with_documents
from evals.question_writer import written_questions
from tests.evals.sample_products import SAMPLES, SampleProduct, fill, opened
from tests.scripted_model.script import Script
from tests.scripted_model.server import ScriptedModel
from tools.access import Access
from tools.errors import FileError, InputError
from tools.models.chat_model import ChatModel
from tools.models.chat_model_settings import ChatModelSettings
from tools.models.chat_models import ChatModels
from tools.shapes import Passage
from tools.text.question_subject import MadeQuestion

FILES = ("术语表.md", "project-overview.md", "二标段施工合同.pdf", "施工组织设计.docx", "人员与职责.csv")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("some") / "home"
    fill(home, *(SAMPLES / name for name in FILES))
    return home


@pytest.fixture
async def samples(home: Path) -> AsyncIterator[SampleProduct]:
    async with opened(home) as product:
        yield product


@pytest.fixture
async def chat(scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ChatModel]:
    monkeypatch.setattr("tools.models.chat_model.random.random", lambda: -0.5)
    models = ChatModels(
        ChatModelSettings("openai:scripted", openai_base_url=scripted_model.url, openai_api_key="sk-tests-0001")
    )
    found = models.get("teach")
    assert found is not None
    yield found
    await models.close()


async def generated(samples: SampleProduct, count: int, chat: ChatModel | None = None) -> Generated:
    return await generate_questions(samples.ledger, count, access=Access(), chat=chat)


async def test_questions_with_their_twins_are_read_and_can_be_asked(samples: SampleProduct, tmp_path: Path) -> None:
    made = await generated(samples, 30)
    path = tmp_path / "questions.jsonl"
    write_questions(path, made)
    rows, faults = await with_documents(read_own_questions(path), samples.ledger, Access())
    assert faults == []
    assert len(rows) == 60
    assert made.questions == 30
    assert made.not_possible == 0
    assert sum(made.by.values()) == 30
    for question, twin in zip(rows[::2], rows[1::2], strict=True):
        assert twin.gold["twin_of"] == question.id
        assert twin.given["question"] == question.given["question"]
        assert twin.gold["must_refuse"]
        assert question.gold["answers"]
        assert set(question.gold["documents"]) <= set(twin.given["hidden"])
        assert question.given["hidden"] == []
    with pytest.raises(FileError):
        write_questions(path, made)


async def test_the_same_each_time_and_spread(samples: SampleProduct) -> None:
    made = await generated(samples, 20)
    assert made == await generated(samples, 20)
    assert made.documents == made.of_documents == len(FILES)
    kinds = Counter(row["kind"] for row in made.rows[::2])
    assert len(kinds) >= 5
    assert max(kinds.values()) <= 5


async def test_more_than_can_be_made(samples: SampleProduct) -> None:
    made = await generated(samples, 5_000)
    assert 100 < made.questions < 5_000
    assert made.not_possible == 5_000 - made.questions
    assert len({row["question"] for row in made.rows[::2]}) == made.questions


async def test_all_documents_that_hold_the_answer_are_hidden(samples: SampleProduct) -> None:
    made = await generated(samples, 5_000)
    plan, list_ = await samples.id_of("施工组织设计.docx"), await samples.id_of("人员与职责.csv")
    twin = next(row for row in made.rows if row.get("hidden") and row["question"].endswith("承包人的项目经理是谁？"))
    assert {plan, list_, await samples.id_of("二标段施工合同.pdf")} == set(twin["hidden"])


async def test_what_may_not_be_read_is_not_asked_about(samples: SampleProduct, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        await generate_questions(samples.ledger, 5, access=Access(), collections=["empty"])


def test_kinds_and_documents_take_turns() -> None:
    questions = [
        MadeQuestion(f"{kind}{number}{document}?", "a", kind, "en", f"{document}{number}", document)
        for kind, many in (("cell", 30), ("date", 2))
        for number in range(many)
        for document in ("one", "two")
    ]
    chosen = spread(questions, 8)
    assert Counter(each.kind for each in chosen) == {"cell": 4, "date": 4}
    assert {3, 4, 5} >= set(Counter(each.document_id for each in chosen).values())
    assert spread(questions, 8) == chosen != spread(questions, 8, seed=1)


# Written by a model


async def test_a_model_writes_them(samples: SampleProduct, chat: ChatModel, scripted_model: ScriptedModel) -> None:
    made = await generated(samples, 6, chat)
    assert made.questions == 6
    by_model = [row for row in made.rows[::2] if row["kind"] == "model"]
    assert by_model
    assert scripted_model.kinds() == ["Questions"] * len(scripted_model.log)


async def test_an_answer_that_does_not_stand_in_the_passage_is_none(
    samples: SampleProduct, chat: ChatModel, scripted_model: ScriptedModel
) -> None:
    scripted_model.script = Script(persona="inventor")
    made = await generated(samples, 4, chat)
    assert made.questions == 4, "made by rules instead"
    assert "model" not in {row["kind"] for row in made.rows}


async def test_a_model_that_is_away_is_asked_once(chat: ChatModel, scripted_model: ScriptedModel) -> None:
    scripted_model.script = Script(faults=[{"status": 401}] * 9)
    text = "The Harbour Bridge opened in 1987 and carries four lanes over the mouth of the river Wend."
    passages = [Passage(str(number), "d", "Harbour Bridge", "", text) for number in range(3)]
    assert [each async for each in written_questions(passages, chat)] == []
    assert len(scripted_model.log) == 1
    scripted_model.reset()
    found = [each async for each in written_questions(passages[:1], chat)]
    assert [(each.question, each.answer) for each in found] == [("What does Harbour Bridge say first?", text)]
