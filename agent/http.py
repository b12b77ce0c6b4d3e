"""The routes that stand beside the LangGraph API on the same server, and the server's beginning and end."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from agent import commands_api, openai_api
from agent.failures import as_signpost_error
from agent.resources import shared_resources
from tools.access import Access
from tools.errors import SignpostError

_HEALTH_SECONDS = 2.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Commands of the command line end with the server, and then the stores close.

    The stores open with the first question; at once in a server that can say where it is, for then the command line
    finds it.
    """
    resources = shared_resources()
    opening = asyncio.create_task(_open_stores()) if resources.address else None
    with commands_api.calls.ended_by_signals():
        yield
    await commands_api.calls.ended()
    if opening:
        await opening
    await resources.close()


async def _open_stores() -> None:
    try:
        await shared_resources().get()
    except Exception as error:  # the first question tries again
        _log.warning("The stores could not be opened: %s", as_signpost_error(error).what)


app = FastAPI(title="Signpost", lifespan=lifespan)
# Not by include_router: with enable_custom_route_auth the server wraps each route, can wrap plain ones only, and does
# not start with others.
app.router.routes.extend(openai_api.router.routes)
app.router.routes.extend(commands_api.router.routes)


@app.get("/health")
async def health() -> JSONResponse:
    """200 when questions can be answered; 503 with what is wrong and what to do about it.

    "degraded" with the same says that documents cannot be read for now, and what needs none is answered.
    """
    try:
        resources = await shared_resources().get()
    except SignpostError as error:
        return JSONResponse({"status": "down", "what": error.what, "next_step": error.next_step}, status_code=503)
    try:
        await asyncio.wait_for(resources.ledger.collections(Access()), _HEALTH_SECONDS)
    except SignpostError as error:
        return JSONResponse({"status": "degraded", "what": error.what, "next_step": error.next_step})
    except TimeoutError:
        what = f"The ledger has not answered for {_HEALTH_SECONDS:g} seconds."
        return JSONResponse({"status": "degraded", "what": what, "next_step": "See what is wrong: signpost doctor"})
    return JSONResponse({"status": "ok"})
