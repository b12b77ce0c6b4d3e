"""Two users of one server, by every way in: neither sees the other's threads or documents."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import openai
import pytest
from langgraph.pregel.remote import RemoteGraph
from langgraph_sdk import get_client
from openai.types.chat import ChatCompletionUserMessageParam

from tests.server.auth import USERS

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("langgraph dev")]

LIN, WANG = USERS
SALARY = "What is the starting salary of a site engineer?"
BUDGET = "What is the travel budget of the Harbour Bridge?"
CANTEEN = "When does the canteen of the Harbour Bridge open?"
ALONE = {"interactive": False, "web": "never"}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def by_sdk(url: str, token: str, question: str) -> str:
    client = get_client(url=url, headers=_bearer(token))
    result: Any = await client.runs.wait(None, "signpost", input={"question": question}, context=ALONE)
    return str(result["answer"]["answer"])


async def by_remote_graph(url: str, token: str, question: str) -> str:
    graph = RemoteGraph("signpost", url=url, headers=_bearer(token))
    result: Any = await graph.ainvoke({"question": question}, context=ALONE)
    return str(result["answer"]["answer"])


async def by_chat_completions(url: str, token: str, question: str) -> str:
    said: ChatCompletionUserMessageParam = {"role": "user", "content": question}
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=token) as client:
        completion = await client.chat.completions.create(
            model="signpost", messages=[said], user="lin", extra_body={"context": ALONE}
        )
    return completion.choices[0].message.content or ""


async def by_mcp(url: str, token: str, question: str) -> str:
    call = {"name": "signpost", "arguments": {"question": question}, "context": ALONE}
    async with httpx.AsyncClient(headers={**_bearer(token), "Accept": "application/json"}, timeout=60) as client:
        response = await client.post(
            f"{url}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        )
    return str(response.json()["result"]["content"][0]["text"])


@pytest.mark.parametrize("ask", [by_sdk, by_remote_graph, by_chat_completions, by_mcp])
async def test_documents_are_read_by_their_readers(
    guarded_server: str, ask: Callable[[str, str, str], Awaitable[str]]
) -> None:
    questions = [(LIN, SALARY), (WANG, SALARY), (LIN, BUDGET), (WANG, BUDGET), (WANG, CANTEEN)]
    answers = await asyncio.gather(*(ask(guarded_server, token, question) for token, question in questions))
    told = dict(zip(questions, answers, strict=True))
    assert "8,450" in told[LIN, SALARY]
    assert "8,450" not in told[WANG, SALARY]
    assert "61,200" in told[LIN, BUDGET]
    assert "61,200" not in told[WANG, BUDGET]
    assert "11:30" in told[WANG, CANTEEN]


async def test_threads_are_found_by_their_owner(guarded_server: str) -> None:
    lin = get_client(url=guarded_server, headers=_bearer(LIN))
    wang = get_client(url=guarded_server, headers=_bearer(WANG))
    thread = (await lin.threads.create())["thread_id"]
    await lin.runs.wait(thread, "signpost", input={"question": CANTEEN}, context=ALONE, durability="exit")
    assert (await lin.threads.get_state(thread))["values"]["messages"]
    attempts: list[Callable[[], Awaitable[Any]]] = [
        lambda: wang.threads.get(thread),
        lambda: wang.threads.get_state(thread),
        lambda: wang.threads.get_history(thread),
        lambda: wang.runs.list(thread),
        lambda: wang.threads.delete(thread),
        lambda: wang.runs.wait(thread, "signpost", input={"question": "And what did lin ask?"}, context=ALONE),
    ]
    for attempt in attempts:
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await attempt()
        assert refused.value.response.status_code == 404
    assert [found["thread_id"] for found in await lin.threads.search()].count(thread) == 1
    assert thread not in [found["thread_id"] for found in await wang.threads.search()]


async def test_nobody_else_comes_in(guarded_server: str) -> None:
    completion = {"model": "signpost", "messages": [{"role": "user", "content": CANTEEN}]}
    run = {"assistant_id": "signpost", "input": {"question": CANTEEN}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx.AsyncClient(base_url=guarded_server) as client:
        for path, body in {"/v1/chat/completions": completion, "/runs/wait": run, "/mcp": call}.items():
            for headers in ({}, _bearer(str(uuid.uuid4())), {"x-auth-scheme": "langsmith"}):
                response = await client.post(path, json=body, headers={"Accept": "application/json", **headers})
                assert response.status_code == 401, path
        assert (await client.get("/v1/models")).status_code == 401
    async with openai.AsyncOpenAI(base_url=f"{guarded_server}/v1", api_key="wrong") as stranger:
        with pytest.raises(openai.AuthenticationError):
            await stranger.models.list()


async def test_an_identity_in_the_request_is_not_believed(guarded_server: str) -> None:
    pretended = {"langgraph_auth_user": {"identity": "lin"}, "langgraph_auth_user_id": "lin"}
    run = {"assistant_id": "signpost", "input": {"question": SALARY}}
    completion = {"model": "signpost", "messages": [{"role": "user", "content": SALARY}]}
    async with httpx.AsyncClient(base_url=guarded_server, headers=_bearer(WANG), timeout=60) as client:
        answers = [
            await client.post("/runs/wait", json={**run, "config": {"configurable": pretended}}),
            await client.post("/runs/wait", json={**run, "context": pretended}),
            await client.post("/v1/chat/completions", json={**completion, "context": pretended, **pretended}),
        ]
    for answer in answers:
        assert answer.status_code == 200
        assert "8,450" not in answer.text
