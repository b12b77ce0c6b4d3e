"""A real model, for whoever has one: SIGNPOST_CHAT_MODEL and its provider's key in the environment."""

import os
from pathlib import Path

import pytest

from agent.resources import LiveResources
from agent.settings import read_settings
from graph.build import build_graph
from graph.context import Context
from ingest.add import add

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(600),
    pytest.mark.skipif("SIGNPOST_CHAT_MODEL" not in os.environ, reason="SIGNPOST_CHAT_MODEL is not set"),
]

QUESTIONS = [
    ("二标段施工场界昼间噪声预测值是多少分贝？", "68"),
    ("How many hours in advance must a hot work permit be requested?", "24"),
    ("二标段监理单位的法定代表人是谁？", "孟庭芳"),
]


@pytest.mark.parametrize("judgement", ["unsure", "always"])
async def test_a_real_model_answers_the_samples(
    judgement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNPOST_HOME", str(tmp_path / "home"))
    resources = LiveResources(read_settings(), held_by="tests")
    try:
        stores = await resources.stores()
        await add(
            [SAMPLES],
            stores=stores,
            collection="samples",
            readers=("everyone",),
            progress=lambda _: None,
        )
        graph = build_graph(resources)
        for question, expected in QUESTIONS:
            given: dict[str, str] = {"question": question}
            context = Context(judgement=judgement, interactive=False, web="never")  # type: ignore[arg-type]
            answer = (await graph.ainvoke(given, context=context))["answer"]  # type: ignore[arg-type]
            assert answer["status"] == "answered", answer
            assert expected in answer["answer"]
            assert answer["citations"]
            assert 1 <= answer["receipt"]["llm_calls"] <= 12
    finally:
        await resources.close()
