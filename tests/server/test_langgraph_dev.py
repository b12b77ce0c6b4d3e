"""A server without a model, asked through langgraph-sdk."""

import asyncio
import json
import re
import urllib.request
from pathlib import Path

import pytest
from langgraph_sdk import get_client

from tests.graph.test_build import EDGES

ROOT = Path(__file__).parent.parent.parent
pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]


async def test_answers_with_citations_through_the_sdk(server: str) -> None:
    client = get_client(url=server)
    thread = await client.threads.create()
    streamed = ""
    answer = None
    events = []
    async for part in client.runs.stream(
        thread["thread_id"],
        "signpost",
        input={"messages": [{"role": "user", "content": "一标段施工场界昼间噪声预测值是多少分贝？"}]},
        stream_mode=["values", "messages-tuple", "custom"],
        durability="exit",
    ):
        assert part.event != "error", part.data
        if part.event == "messages":
            streamed += part.data[0]["content"]
        elif part.event == "custom":
            events.append(part.data["type"])
        elif part.event == "values":
            answer = part.data.get("answer") or answer
    assert answer is not None
    assert answer["status"] == "answered"
    assert "66" in answer["answer"]
    assert streamed == answer["answer"]
    assert answer["citations"][0]["page"] == 3
    assert events[0] == "run.start"
    assert events[-1] == "final"


async def test_a_second_turn_knows_the_first(server: str) -> None:
    client = get_client(url=server)
    thread = await client.threads.create()
    for question in ("一标段施工场界昼间噪声预测值是多少分贝？", "那二标段呢？"):
        result = await client.runs.wait(
            thread["thread_id"], "signpost", input={"question": question}, durability="exit"
        )
    assert "68" in result["answer"]["answer"]


async def test_permission_is_asked_and_resumed(server: str) -> None:
    client = get_client(url=server)
    thread = await client.threads.create()
    await client.runs.wait(
        thread["thread_id"], "signpost", input={"question": "东站项目屋顶光伏的年发电量是多少？"}, durability="exit"
    )
    state = await client.threads.get_state(thread["thread_id"])
    (waiting,) = state["interrupts"]
    assert waiting["value"]["kind"] == "permission"
    result = await client.runs.wait(
        thread["thread_id"], "signpost", command={"resume": {"allow": False}}, durability="exit"
    )
    assert result["answer"]["status"] == "refused"


async def test_runs_at_once_do_not_disturb_each_other(server: str) -> None:
    client = get_client(url=server)
    questions = {"什么是纳统？": "统计", "How far in advance must a hot work permit be requested?": "24 hours"}

    async def ask(question: str) -> str:
        result = await client.runs.wait(None, "signpost", input={"question": question}, context={"interactive": False})
        return str(result["answer"]["answer"])

    answers = await asyncio.gather(*(ask(question) for question in list(questions) * 3))
    for answer, expected in zip(answers, list(questions.values()) * 3, strict=True):
        assert expected in answer


async def test_what_the_server_draws_is_the_graph(server: str) -> None:
    client = get_client(url=server)
    (assistant,) = await client.assistants.search()
    drawn = await client.assistants.get_graph(assistant["assistant_id"])
    names = {node["id"]: node["id"] for node in drawn["nodes"]}
    edges: dict[str, set[str]] = {}
    for edge in drawn["edges"]:
        edges.setdefault(names[edge["source"]], set()).add(names[edge["target"]])
    assert edges == EDGES
    schemas = await client.assistants.get_schemas(assistant["assistant_id"])
    assert schemas["context_schema"]["properties"]["language"]["enum"] == ["auto", "zh", "en"]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_s_requests_are_answered(server: str, name: str) -> None:
    """The curl commands of the README, sent by Python: their addresses, headers and bodies."""
    requests = re.findall(r"curl -s http://127.0.0.1:2024(\S+) .* -d '(.*)'", (ROOT / name).read_text("utf-8"))
    assert [path for path, _ in requests] == ["/runs/wait", "/v1/chat/completions"]
    headers = {"Content-Type": "application/json"}
    for path, body in requests:
        with urllib.request.urlopen(urllib.request.Request(server + path, body.encode(), headers), timeout=30) as reply:
            values = json.loads(reply.read())
        answer = values.get("answer") or {**values, **values["signpost"]}
        assert answer["status"] == "answered"
        assert answer["citations"]


def test_health_and_the_holder(server: str) -> None:
    with urllib.request.urlopen(f"{server}/health", timeout=10) as response:
        assert json.loads(response.read())["status"] == "ok"
