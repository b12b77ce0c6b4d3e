"""/v1/models and /v1/chat/completions: Signpost for whatever speaks OpenAI's API.

The graph runs in this process and keeps no thread: each request brings its conversation.
"""

import asyncio
import functools
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph
from starlette.authentication import UnauthenticatedUser
from starlette.requests import ClientDisconnect

from agent.chat_completion import DONE, Completion, additions, event, footnote_text
from agent.chat_request import MODEL, ChatRequest, check_model, read_chat_request
from agent.conversation import TURN_MODES, Turn, turn_parts
from agent.disconnects import ConnectedStream, while_connected
from agent.openai_errors import OpenAIError, as_openai_error
from agent.request_body import request_body
from agent.resources import shared_resources
from graph.build import build_graph
from graph.context import Context
from graph.resources import ResourceProvider
from graph.state import Input, Output, State

router = APIRouter(prefix="/v1", tags=["OpenAI"])

_MAX_BODY_BYTES = 2_000_000
_CLOSED_REQUEST = 499
_SERVER_AUTHENTICATION = "LANGGRAPH_AUTH"
"""Where the LangGraph server tells its own process which authentication it has."""


@router.get("/models")
async def models() -> dict[str, Any]:
    """The one model."""
    return {"object": "list", "data": [_model()]}


@router.get("/models/{name}")
async def model(name: str) -> Response:
    """The model by its name."""
    try:
        check_model(name)
    except OpenAIError as error:
        return _refusal(error)
    return JSONResponse(_model())


@router.post("/chat/completions")
async def chat_completions(request: Request) -> Response:
    """Answer a conversation's last question, with citations as footnotes and in `citations`."""
    try:
        config = _config(request)
        asked = await asyncio.to_thread(read_chat_request, await _body(request))
        await shared_resources().get()  # what is wrong with the stores is told before a stream has begun
        parts = _run(asked, config)
        if asked.stream:
            return ConnectedStream(_events(parts, asked.include_usage))
        answer = await while_connected(request.receive, _answer(parts))
        return JSONResponse(Completion().whole(answer)) if answer else Response(status_code=_CLOSED_REQUEST)
    except ClientDisconnect:
        return Response(status_code=_CLOSED_REQUEST)
    except Exception as error:  # whatever it is, the client is told in the form it understands
        return _refusal(as_openai_error(error))


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


def _refusal(error: OpenAIError) -> JSONResponse:
    return JSONResponse(error.body(), status_code=error.status)


def _config(request: Request) -> RunnableConfig:
    """The identity that the server has authenticated; it is never read from the request itself."""
    user = request.scope.get("user")
    if user is None and os.environ.get(_SERVER_AUTHENTICATION):
        raise OpenAIError(
            "This server authenticates its users, but not on this route. "
            'Set "enable_custom_route_auth": true under "http" in langgraph.json.',
            status=401,
            code="not_authenticated",
        )
    if user is None or isinstance(user, UnauthenticatedUser):
        return {}
    return {"configurable": {"langgraph_auth_user": user}}


async def _body(request: Request) -> bytes:
    body = await request_body(request, _MAX_BODY_BYTES)
    if body is None:
        raise OpenAIError(f"The request has more than {_MAX_BODY_BYTES:,} bytes.", status=413, code="request_too_large")
    return body


@functools.cache
def _graph(provider: ResourceProvider) -> CompiledStateGraph[State, Context, Input, Output]:
    return build_graph(provider)


async def _run(asked: ChatRequest, config: RunnableConfig) -> AsyncGenerator[str | Turn, None]:
    """The answer's text as it leaves the graph, and last the turn. Closed before, it ends the run."""
    streamed: Any = _graph(shared_resources()).astream(
        Input(messages=asked.messages), config, context=asked.context, stream_mode=TURN_MODES
    )
    async with aclosing(streamed):
        async for part in turn_parts(streamed):
            yield part


async def _answer(parts: AsyncGenerator[str | Turn, None]) -> Mapping[str, Any]:
    turn = Turn()
    async with aclosing(parts):
        async for part in parts:
            if isinstance(part, Turn):
                turn = part
    return _answered(turn)


async def _events(parts: AsyncGenerator[str | Turn, None], include_usage: bool) -> AsyncGenerator[str, None]:
    completion = Completion()
    yield event(completion.chunk(role="assistant", content=""))
    turn = Turn()
    try:
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Turn):
                    turn = part
                elif part:
                    yield event(completion.chunk(content=part))
        answer = _answered(turn)
    except Exception as error:  # the stream has begun: only an event can still say so
        yield event(as_openai_error(error).body())
        return
    if notes := footnote_text(answer):
        yield event(completion.chunk(content=notes))
    yield event({**completion.chunk("stop"), **additions(answer)})
    if include_usage:
        yield event(completion.usage_chunk(answer))
    yield DONE


def _answered(turn: Turn) -> Mapping[str, Any]:
    if turn.answer is None:
        raise AssertionError("The graph ended without an answer.")
    return turn.answer
