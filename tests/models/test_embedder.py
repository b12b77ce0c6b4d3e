import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tools.errors import InputError, MissingExtraError
from tools.models.embedder import Embedder
from tools.models.failures import ModelFailure

Reply = tuple[int, dict[str, str], object]
"""Status, headers, what is sent as JSON."""


class EmbeddingServer:
    """An OpenAI-compatible server of embeddings: a text's vector is its length and 1. `replies`: given first."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.replies: list[Reply] = []
        self.hangs = False
        self.is_over = threading.Event()

    def answer(self, body: dict[str, Any]) -> Reply:
        if self.replies:
            return self.replies.pop(0)
        return 200, {}, vectors_of([[float(len(text)), 1.0] for text in body["input"]])


def vectors_of(vectors: list[list[Any]]) -> dict[str, Any]:
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    return {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


class Request(BaseHTTPRequestHandler):
    state: EmbeddingServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.state.asked.append(body)
        self.state.keys.append(self.headers["Authorization"])
        if self.state.hangs:
            self.state.is_over.wait()
            return
        status, headers, said = self.state.answer(body)
        content = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(content)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at `asked`."""


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    state = EmbeddingServer()
    running = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Request,), {"state": state}))
    running.daemon_threads = True
    state.url = f"http://127.0.0.1:{running.server_port}/v1"
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield state
    state.is_over.set()
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def embedder(server: EmbeddingServer, pauses: list[float]) -> Embedder:
    return Embedder("openai:m", openai_api_key="the-key", openai_base_url=server.url, pause=pauses.append)


def failure(call: Callable[[], object]) -> ModelFailure:
    with pytest.raises(ModelFailure) as raised:
        call()
    return raised.value


def test_nothing_is_asked_when_it_is_made(server: EmbeddingServer, embedder: Embedder) -> None:
    assert embedder.name == "openai:m"
    assert server.asked == []


def test_texts_are_sent_as_they_are_in_batches(server: EmbeddingServer, embedder: Embedder) -> None:
    texts = ["字" * n for n in range(1, 71)]
    assert embedder.embed_documents(texts) == [[float(n), 1.0] for n in range(1, 71)]
    assert [body["input"] for body in server.asked] == [texts[:32], texts[32:64], texts[64:]]
    assert {body["model"] for body in server.asked} == {"m"}
    assert set(server.keys) == {"Bearer the-key"}
    assert embedder.embed_query("四个汉字") == [4.0, 1.0]
    assert embedder.embed_documents([]) == []


def test_a_server_without_a_key_is_asked_without_one(server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert Embedder("openai:m", openai_base_url=server.url).embed_query("a") == [1.0, 1.0]


# What fails


def test_a_server_that_never_answers_is_not_waited_for(server: EmbeddingServer) -> None:
    server.hangs = True
    embedder = Embedder("openai:m", openai_base_url=server.url, query_seconds=0.1, batch_seconds=0.2)
    assert failure(lambda: embedder.embed_query("a")).reason == "timeout"
    assert failure(lambda: embedder.embed_documents(["a"])).reason == "timeout"


def test_after_several_questions_without_an_answer_it_is_left_alone(server: EmbeddingServer) -> None:
    embedder = Embedder("openai:m", openai_base_url=server.url)
    server.replies = [(500, {}, {})] * 9
    for _ in range(3):
        assert failure(lambda: embedder.embed_query("a")).reason == "down"
    assert "several times" in failure(lambda: embedder.embed_query("a")).detail
    assert len(server.asked) == 3


def test_hanging_calls_keep_few_threads(server: EmbeddingServer) -> None:
    server.hangs = True
    embedder = Embedder("openai:m", openai_base_url=server.url, query_seconds=0.3)
    with ThreadPoolExecutor(10) as callers:
        waiting = list(callers.map(lambda _: failure(lambda: embedder.embed_query("a")), range(10)))
    # Who comes late is told at once that it does not answer.
    assert {"timeout"} <= {each.reason for each in waiting} <= {"timeout", "down"}
    assert len(server.asked) <= 4
    assert len([thread for thread in threading.enumerate() if thread.name == "signpost-embedder"]) <= 4


@pytest.mark.parametrize(
    ("reply", "paused"),
    [
        ((429, {"retry-after": "7"}, {}), [7.0]),
        ((429, {"retry-after": "700"}, {}), [20.0]),
        ((500, {}, {}), [2.0]),
        ((503, {}, {}), [2.0]),
    ],
)
def test_passages_wait_for_what_may_pass(
    server: EmbeddingServer, embedder: Embedder, pauses: list[float], reply: Reply, paused: list[float]
) -> None:
    server.replies = [reply]
    assert embedder.embed_documents(["a"]) == [[1.0, 1.0]]
    assert pauses == paused


def test_passages_do_not_wait_for_ever(server: EmbeddingServer, embedder: Embedder, pauses: list[float]) -> None:
    server.replies = [(500, {}, {})] * 9
    assert failure(lambda: embedder.embed_documents(["a"])).reason == "down"
    assert len(server.asked) == 5
    assert pauses == [2.0, 4.0, 8.0, 16.0]


def test_a_question_does_not_wait(server: EmbeddingServer, embedder: Embedder, pauses: list[float]) -> None:
    server.replies = [(429, {"retry-after": "1"}, {})]
    assert failure(lambda: embedder.embed_query("a")).reason == "rate_limited"
    assert pauses == []
    assert embedder.embed_query("a") == [1.0, 1.0]


@pytest.mark.parametrize(("status", "reason"), [(401, "unauthorized"), (404, "unknown_model"), (400, "bad_request")])
def test_what_will_not_pass_is_not_tried_again(
    server: EmbeddingServer, embedder: Embedder, status: int, reason: str
) -> None:
    server.replies = [(status, {}, {"error": {"message": "no"}})]
    assert failure(lambda: embedder.embed_documents(["a"])).reason == reason
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "vectors",
    [[], [[1.0, 2.0]], [[1.0], [1.0, 2.0]], [[], []], [[1.0, float("nan")], [1.0, 2.0]], [[1e999, 0.0], [0.0, 0.0]]],
    ids=["none", "too few", "lengths", "empty", "no number", "endless"],
)
def test_vectors_of_no_use_are_refused(
    server: EmbeddingServer, embedder: Embedder, pauses: list[float], vectors: list[list[float]]
) -> None:
    server.replies = [(200, {}, vectors_of(vectors))] * 9
    assert failure(lambda: embedder.embed_documents(["a", "b"])).reason in ("unreadable", "empty")


def test_a_page_that_is_no_answer_is_a_failure(server: EmbeddingServer, embedder: Embedder) -> None:
    server.replies = [(200, {}, "welcome")] * 9
    failure(lambda: embedder.embed_query("a"))


def test_a_server_that_is_not_there_is_a_failure() -> None:
    embedder = Embedder("openai:m", openai_base_url="http://127.0.0.1:9/v1")
    assert failure(lambda: embedder.embed_query("a")).reason == "down"


# Names


@pytest.mark.parametrize("name", ["m", "nobody:m", "openai:", ""])
def test_a_name_that_is_none_says_where_it_is_set(name: str) -> None:
    for call in (lambda: Embedder(name).embed_query("a"), lambda: Embedder(name).embed_documents(["a"])):
        with pytest.raises(InputError, match="cannot be used") as raised:
            call()
        assert "SIGNPOST_EMBEDDING_MODEL" in raised.value.next_step


def test_a_missing_package_says_how_to_install_it() -> None:
    with pytest.raises(MissingExtraError) as raised:
        Embedder("mistralai:m").embed_query("a")
    assert raised.value.next_step == "pip install langchain-mistralai"


def test_a_missing_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(InputError, match="cannot be used"):
        Embedder("openai:m").embed_query("a")
