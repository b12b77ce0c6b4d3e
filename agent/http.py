"""The routes that stand beside the LangGraph API on the same server, and the server's beginning and end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from agent.resources import shared_resources
from tools.errors import SignpostError


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Closes the stores when the server ends; they open with the first question."""
    yield
    await shared_resources().close()


app = FastAPI(title="Signpost", lifespan=lifespan)


@app.get("/health")
async def health() -> JSONResponse:
    """200 when questions can be answered; 503 with what is wrong and what to do about it."""
    try:
        await shared_resources().get()
    except SignpostError as error:
        return JSONResponse({"status": "down", "what": error.what, "next_step": error.next_step}, status_code=503)
    return JSONResponse({"status": "ok"})
