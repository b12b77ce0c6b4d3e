"""A Qdrant server for tests: the requests that the store sends, over real HTTP, answered by the in-memory engine.

It reads each body with the client's own models, so that what Qdrant would not understand fails here too. A fault takes
the place of the answers.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel
from qdrant_client import models

from tests.stores.qdrant.qdrant_engine import LockedClient

Answer = tuple[int, str, bytes]
"""Status, content type, body."""
Fault = Callable[["QdrantRequest"], "Answer | None"]
"""What happens instead of an answer; None: it has seen to everything."""


@dataclass
class QdrantOverHttp:
    """`requests`: method, path and body of all so far; `headers`: of the last."""

    url: str = ""
    engine: LockedClient = field(default_factory=LockedClient)
    fault: Fault | None = None
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    is_over: threading.Event = field(default_factory=threading.Event)

    def bodies(self, method: str, ending: str) -> list[Any]:
        return [body for done, path, body in self.requests if done == method and path.endswith(ending)]


class QdrantRequest(BaseHTTPRequestHandler):
    """One request; `state` is the server's."""

    state: QdrantOverHttp
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.name = unquote(urlsplit(self.path).path)
        self.state.headers = dict(self.headers)
        self.state.requests.append((self.command, self.name, json.loads(self.body) if self.body else None))
        given = self.state.fault(self) if self.state.fault else self.usual()
        if given is None:
            self.close_connection = True
            return
        status, kind, content = given
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def usual(self) -> Answer:
        """What the engine answers."""
        engine = self.state.engine
        if self.name == "/":
            return 200, "application/json", engine.info().model_dump_json().encode()
        _, _, collection, *rest = self.name.split("/")
        try:
            return given(_ROUTES[self.command, "/".join(rest)](engine, collection, self.body))
        except KeyError:
            return 404, "text/plain", b""
        except ValueError as error:
            if "not found" in str(error):
                return told(404, f"Not found: Collection `{collection}` doesn't exist!")
            return told(400, f"Wrong input: {error}")

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at `requests`."""


def told(status: int, error: str) -> Answer:
    """As Qdrant says what is wrong."""
    return status, "application/json", json.dumps({"status": {"error": error}, "time": 0.001}).encode()


def given(result: object) -> Answer:
    """As Qdrant gives a result."""
    plain = result.model_dump(mode="json") if isinstance(result, BaseModel) else result
    return 200, "application/json", json.dumps({"result": plain, "status": "ok", "time": 0.001}).encode()


def _create(engine: LockedClient, name: str, body: bytes) -> object:
    wanted = models.CreateCollection.model_validate_json(body)
    return engine.create_collection(
        name,
        vectors_config=wanted.vectors,
        sparse_vectors_config=wanted.sparse_vectors,
        metadata=wanted.metadata,
    )


def _index(engine: LockedClient, name: str, body: bytes) -> object:
    wanted = models.CreateFieldIndex.model_validate_json(body)
    engine.create_payload_index(name, wanted.field_name)
    return {"operation_id": 1, "status": "completed"}


def _upsert(engine: LockedClient, name: str, body: bytes) -> object:
    return engine.upsert(name, models.PointsList.model_validate_json(body).points)


def _delete(engine: LockedClient, name: str, body: bytes) -> object:
    if "filter" in json.loads(body):
        return engine.delete(name, models.FilterSelector.model_validate_json(body))
    return engine.delete(name, models.PointIdsList.model_validate_json(body))


def _query(engine: LockedClient, name: str, body: bytes) -> object:
    wanted = models.QueryRequest.model_validate_json(body)
    parts = wanted.prefetch if isinstance(wanted.prefetch, list) else []
    for part in (wanted, *parts):
        if part.params and part.params.idf and part.using != "text":
            # As Qdrant says it, and the in-memory engine does not.
            raise ValueError("search param `idf` requires a sparse vector with the `idf` modifier")
    return engine.query_points(
        name,
        wanted.query,
        using=wanted.using,
        prefetch=wanted.prefetch,
        query_filter=wanted.filter,
        search_params=wanted.params,
        limit=wanted.limit,
        with_payload=wanted.with_payload,
    )


_ROUTES: dict[tuple[str, str], Callable[[LockedClient, str, bytes], object]] = {
    ("GET", ""): lambda engine, name, body: engine.get_collection(name),
    ("PUT", ""): _create,
    ("DELETE", ""): lambda engine, name, body: engine.delete_collection(name),
    ("PUT", "index"): _index,
    ("PUT", "points"): _upsert,
    ("POST", "points/delete"): _delete,
    ("POST", "points/query"): _query,
    ("POST", "points/count"): lambda engine, name, body: engine.count(name),
}


@contextmanager
def serving() -> Iterator[QdrantOverHttp]:
    """A running server on a free port of this machine."""
    state = QdrantOverHttp()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Request", (QdrantRequest,), {"state": state}))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield state
    finally:
        state.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


# Faults


def silent(request: QdrantRequest) -> None:
    """Takes the request and never answers."""
    request.state.is_over.wait()


def dripping(request: QdrantRequest) -> None:
    """Answers so slowly that no single wait is long."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
    while not request.state.is_over.wait(0.1):
        request.wfile.write(b" ")


def cut(request: QdrantRequest) -> None:
    """Ends in the middle of an answer."""
    request.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"result"')


def vanishing(request: QdrantRequest) -> None:
    """Ends before the answer."""


def old(request: QdrantRequest) -> Answer:
    return 200, "application/json", b'{"title": "qdrant - vector search engine", "version": "1.18.3"}'


def another_service(request: QdrantRequest) -> Answer:
    return 200, "application/json", b'{"title": "a search engine", "version": "9.1.0"}'


def answering(status: int, kind: str, body: str) -> Fault:
    """The same answer to everything but the question for the version, which needs no key."""

    def fault(request: QdrantRequest) -> Answer:
        if request.name == "/":
            return request.usual()
        return status, kind, body.encode()

    return fault


def web_page(request: QdrantRequest) -> Answer:
    return 200, "text/html", b"<html><h1>Welcome</h1></html>"


def read_only(request: QdrantRequest) -> Answer:
    """As with a key that may read."""
    if request.command == "GET" or request.name.endswith(("/query", "/count")):
        return request.usual()
    return told(403, "Forbidden: Global manage access is required")
