"""/v1 in this process, over stores in memory. The official client talks to a real server in tests/server."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.authentication import SimpleUser, UnauthenticatedUser
from starlette.types import Message, Receive, Scope, Send

from agent import openai_api
from agent.chat_request import read_chat_request
from graph.context import MAX_QUESTION_CHARACTERS
from graph.resources import ResourceProvider, Resources
from tests.graph.fakes import FakeSource, Provider, make_resources, passage
from tools.errors import StoreHeldError
from tools.shapes import SearchResult

PASSAGES = [
    passage("a", "二标段的工期为24个月。", page=3),
    passage("b", "一标段的工期为30个月。", title="Plan", page=None),
]
QUESTION = {"role": "user", "content": "二标段的工期是多久？"}
REQUEST: dict[str, Any] = {"model": "signpost", "messages": [QUESTION]}


@pytest.fixture
def resources() -> Resources:
    return make_resources(PASSAGES)


@pytest.fixture
def provider(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> ResourceProvider:
    return _serve(Provider(resources), monkeypatch)


@pytest.fixture
def app(provider: ResourceProvider) -> FastAPI:
    return _app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app) as client:
        yield client


def _app() -> FastAPI:
    app = FastAPI()
    app.router.routes.extend(openai_api.router.routes)
    return app


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://signpost")


def _serve(provider: ResourceProvider, monkeypatch: pytest.MonkeyPatch) -> ResourceProvider:
    monkeypatch.setattr(openai_api, "shared_resources", lambda: provider)
    return provider


async def _post(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await client.post("/v1/chat/completions", json={**REQUEST, **changes})


async def _events(client: httpx.AsyncClient, **changes: Any) -> list[Any]:
    """The events of a stream, read as JSON where they are."""
    response = await _post(client, stream=True, **changes)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    found = [each.removeprefix("data: ") for each in response.text.split("\n\n") if each]
    return [each if each == "[DONE]" else json.loads(each) for each in found]


def _content(chunks: list[Any]) -> str:
    return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])


async def test_the_one_model_is_listed_and_found(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v1/models")).json()
    assert [model["id"] for model in listed["data"]] == ["signpost"]
    assert (await client.get("/v1/models/signpost")).json() == listed["data"][0]
    missing = await client.get("/v1/models/gpt-4")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "model_not_found"


async def test_an_answer_has_footnotes_citations_and_its_receipt(client: httpx.AsyncClient) -> None:
    completion = (await _post(client)).json()
    (choice,) = completion["choices"]
    assert choice["message"]["content"] == "二标段的工期为24个月。[1]\n\n[1] 项目概况 · 第 3 页"
    assert choice["finish_reason"] == "stop"
    assert completion["object"] == "chat.completion"
    assert completion["citations"][0]["quote"] == "二标段的工期为24个月。"
    assert completion["signpost"]["status"] == "answered"
    assert completion["signpost"]["receipt"]["routes"][0]["route"] == "vector"
    tokens = completion["signpost"]["receipt"]["tokens"]
    assert completion["usage"]["prompt_tokens"] == tokens["input"]
    assert completion["usage"]["total_tokens"] == tokens["input"] + tokens["output"]


async def test_a_stream_says_the_same_in_pieces(client: httpx.AsyncClient) -> None:
    whole = (await _post(client)).json()
    *chunks, done = await _events(client)
    assert done == "[DONE]"
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert _content(chunks) == whole["choices"][0]["message"]["content"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert chunks[-1]["citations"] == whole["citations"]
    assert chunks[-1]["signpost"]["status"] == "answered"
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}


async def test_usage_is_streamed_to_those_who_ask(client: httpx.AsyncClient) -> None:
    *_, last, done = await _events(client, stream_options={"include_usage": True})
    assert done == "[DONE]"
    assert last["choices"] == []
    assert set(last["usage"]) == {"prompt_tokens", "completion_tokens", "total_tokens"}


async def test_the_conversation_is_understood(client: httpx.AsyncClient) -> None:
    before = [QUESTION, {"role": "assistant", "content": "二标段的工期为24个月。[1]"}]
    followed = [*before, {"role": "user", "content": "那一标段呢？"}]
    content = (await _post(client, messages=followed)).json()["choices"][0]["message"]["content"]
    assert content == "一标段的工期为30个月。[1]\n\n[1] Plan"
    assert _content((await _events(client, messages=followed))[:-1]) == content


async def test_a_question_back_is_said_once_whole_and_streamed(client: httpx.AsyncClient) -> None:
    unclear = [{"role": "user", "content": "它什么时候完工？"}]
    whole = (await _post(client, messages=unclear)).json()
    assert whole["signpost"]["status"] == "needs_input"
    assert whole["choices"][0]["message"]["content"]
    *chunks, _ = await _events(client, messages=unclear)
    assert _content(chunks) == whole["choices"][0]["message"]["content"]


async def test_the_context_is_the_run_s(client: httpx.AsyncClient) -> None:
    choices = {"context": {"language": "en", "sources": ["graph"], "web": "never", "interactive": True}}
    answered = (await _post(client, **choices)).json()["signpost"]
    assert answered["language"] == "en"
    assert answered["status"] == "refused"
    searched = {source["source"] for one in answered["receipt"]["rounds"] for source in one["sources"]}
    assert searched == {"graph"}


def test_what_is_not_the_conversation_is_left_out() -> None:
    messages = [
        {"role": "system", "content": "Talk like a pirate."},
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "user", "content": [{"type": "text", "text": "One"}, {"type": "text", "text": "two\x00"}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "a result", "tool_call_id": "1"},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}, {"type": "text", "text": "three"}]},
        {"role": "user", "content": "\ud800four"},
    ]
    read = read_chat_request(json.dumps({**REQUEST, "messages": messages, "temperature": 2, "user": "wang"}).encode())
    assert [(message.type, str(message.text)) for message in read.messages] == [
        ("human", "One\ntwo"),
        ("ai", "\nthree"),
        ("human", "four"),
    ]
    assert not read.context.interactive


def test_a_long_conversation_is_cut_at_its_beginning_and_a_long_question_stays_too_long() -> None:
    said = [
        {"role": ("user", "assistant")[number % 2], "content": f"{number} " + "长" * 20_000} for number in range(41)
    ]
    read = read_chat_request(json.dumps({**REQUEST, "messages": said}).encode())
    assert [str(message.text).split()[0] for message in read.messages] == [str(number) for number in range(21, 41)]
    assert {len(str(message.text)) for message in read.messages[:-1]} == {MAX_QUESTION_CHARACTERS}
    assert len(str(read.messages[-1].text)) > MAX_QUESTION_CHARACTERS


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"model": None}, "model"),
        ({"model": 7}, "model"),
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": ["hello"]}, "messages[0]"),
        ({"messages": [{"role": "pirate", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": ["user"], "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content[0]"),
        ({"messages": [QUESTION, {"role": "assistant", "content": "x"}]}, "messages[1].role"),
        ({"messages": [QUESTION, {"role": "tool", "content": "x"}]}, "messages[1].role"),
        ({"n": 2}, "n"),
        ({"n": "many"}, "n"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": [1]}, "stream_options"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ({"tools": [{"type": "function"}], "tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "tool_choice"),
        ({"function_call": {"name": "x"}}, "function_call"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"context": "zh"}, "context"),
        ({"context": {"language": "fr"}}, "context.language"),
        ({"context": {"rounds": 99}}, "context.rounds"),
        ({"context": {"collections": ["a", 7]}}, "context.collections.1"),
    ],
)
async def test_a_wrong_request_names_the_field(client: httpx.AsyncClient, changes: dict[str, Any], param: str) -> None:
    response = await _post(client, **changes)
    assert response.status_code == 400
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param


@pytest.mark.parametrize(
    "changes",
    [
        {"temperature": 0.2, "max_tokens": 5, "top_p": 1, "stop": ["x"], "seed": 1, "user": "wang", "unknown": {}},
        {"tools": [{"type": "function", "function": {"name": "x"}}], "tool_choice": "auto", "n": 1},
        {"response_format": {"type": "text"}, "stream": None, "stream_options": None, "context": None},
    ],
)
async def test_what_cannot_be_heeded_is_accepted(client: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    assert (await _post(client, **changes)).json()["signpost"]["status"] == "answered"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b'"signpost"', b"9" * 10_000])
async def test_what_is_no_json_object_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/v1/chat/completions", content=body)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "invalid_request_error"


async def test_a_body_without_end_is_refused(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 100_000

    response = await client.post("/v1/chat/completions", content=endless())
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "request_too_large"
    assert sent < 30


class Held(Provider):
    async def get(self) -> Resources:
        raise StoreHeldError("The stores are held.", why="/secret/place", next_step="Stop the other process.")


class FailsInTheMiddle(Provider):
    """Gives its resources once: to the request, not to the graph."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.asked = 0

    async def get(self) -> Resources:
        self.asked += 1
        if self.asked > 1:
            raise RuntimeError("what was in the documents")
        return self.resources


@pytest.mark.parametrize("stream", [True, False])
async def test_held_stores_are_told_before_anything_else(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    _serve(Held(resources), monkeypatch)
    async with _client(_app()) as client:
        response = await _post(client, stream=stream)
    assert response.status_code == 503
    assert response.json()["error"]["message"] == "The stores are held. Stop the other process."
    assert response.json()["error"]["type"] == "server_error"


async def test_a_fault_shows_no_contents(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _serve(FailsInTheMiddle(resources), monkeypatch)
    async with _client(_app()) as client:
        response = await _post(client)
    assert response.status_code == 500
    assert "documents" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


async def test_a_fault_in_the_middle_of_a_stream_is_its_last_event(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    _serve(FailsInTheMiddle(resources), monkeypatch)
    async with _client(_app()) as client:
        events = await _events(client)
    assert events[0]["choices"][0]["delta"]["role"] == "assistant"
    assert events[1:] == [
        {
            "error": {
                "message": "Signpost failed. Its log says more.",
                "type": "server_error",
                "param": None,
                "code": "internal_error",
            }
        }
    ]


class As:
    """The application for a user whom the server has authenticated."""

    def __init__(self, app: FastAPI, user: object) -> None:
        self.app = app
        self.user = user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "user": self.user}, receive, send)


async def test_documents_are_read_by_the_authenticated_user_alone(app: FastAPI, resources: Resources) -> None:
    resources.ledger.readers = {"a": ("user:lin", "group:finance")}  # type: ignore[attr-defined]

    class Member(SimpleUser):
        identity = "zhou"
        groups = ("finance",)

    statuses = {}
    users = {"nobody": UnauthenticatedUser(), "lin": {"identity": "lin"}, "wang": {"identity": "wang"}}
    for name, user in {**users, "zhou": Member("zhou")}.items():
        async with _client(As(app, user)) as client:
            pretended = await _post(client, user="lin", langgraph_auth_user={"identity": "lin"})
            statuses[name] = pretended.json()["signpost"]["status"]
    assert statuses == {"nobody": "refused", "lin": "answered", "wang": "refused", "zhou": "answered"}


async def test_a_user_without_identity_reads_nothing(app: FastAPI) -> None:
    async with _client(As(app, {"identity": ""})) as client:
        response = await _post(client)
    assert response.status_code == 400
    assert "no identity" in response.json()["error"]["message"]


async def test_nobody_gets_around_the_server_s_authentication(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_AUTH", '{"path": "./auth.py:auth"}')
    response = await _post(client)
    assert response.status_code == 401
    assert "enable_custom_route_auth" in response.json()["error"]["message"]


class Hanging(FakeSource):
    """A source that never answers, and knows when it was left."""

    def __init__(self) -> None:
        super().__init__("vector")
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    async def search(self, query: str, **_: Any) -> SearchResult:
        self.began.set()
        try:
            return await asyncio.Future()
        finally:
            self.ended.set()


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_hangs_up_ends_the_run(monkeypatch: pytest.MonkeyPatch, stream: bool) -> None:
    source = Hanging()
    _serve(Provider(make_resources(PASSAGES, vector=source)), monkeypatch)
    body = json.dumps({**REQUEST, "stream": stream}).encode()
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    incoming.put_nowait({"type": "http.request", "body": body, "more_body": False})
    scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "query_string": b"", "headers": []}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    before = asyncio.all_tasks()
    asking = asyncio.create_task(_app()({**scope, "asgi": {"spec_version": "2.4"}}, incoming.get, send))
    await asyncio.wait_for(source.began.wait(), 30)
    assert not source.ended.is_set()
    incoming.put_nowait({"type": "http.disconnect"})
    await asyncio.wait_for(asking, 3)
    assert source.ended.is_set()
    assert asyncio.all_tasks() <= before
    assert b"[DONE]" not in b"".join(message.get("body", b"") for message in sent)


async def test_a_client_that_hangs_up_while_it_sends_gets_nothing(app: FastAPI) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b'{"model"', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "query_string": b"", "headers": []}
    await app(scope, receive, send)
    assert sent[0]["status"] == 499
