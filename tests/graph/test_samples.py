"""The samples through the real stores: the same files give the same answers, wherever they lie."""

import shutil
from pathlib import Path

from agent.resources import LiveResources
from agent.settings import Settings
from ingest.add import add
from tests.graph.conversation import Conversation

SAMPLES = Path(__file__).parent.parent.parent / "samples"
QUESTIONS = [
    "二标段监理单位的法定代表人是谁？",
    "二标段的监理单位是谁？逾期违约金每日多少万元？",
    "什么是纳统？",
    "How many hours in advance must a hot work permit be requested?",
]


async def answers(home: Path, samples: Path, collection: str) -> list[tuple[str, list[str]]]:
    resources = LiveResources(Settings(home=home, web="off"), held_by="test")
    stores = await resources.stores()
    await add(
        [samples],
        stores=stores,
        collection=collection,
        readers=None,
        progress=lambda _: None,
    )
    talk = Conversation(await resources.get())
    found = []
    for question in QUESTIONS:
        answer = await talk.ask(question)
        found.append((answer["answer"], [citation["quote"] for citation in answer["citations"]]))
    await resources.close()
    return found


async def test_an_answer_does_not_hang_on_where_the_files_lie(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "papers"
    shutil.copytree(SAMPLES, elsewhere)
    here = await answers(tmp_path / "one", SAMPLES, "default")
    assert await answers(tmp_path / "two", elsewhere, "other") == here
    assert "孟庭芳" in here[0][0]
    assert "19.296万元" in here[1][0]
