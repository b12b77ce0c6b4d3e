"""What every measurement of the agent stands on: the scripted server, and real stores that hold samples/."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.agent_questions import HOSTILE_DOCUMENTS
from evals.benchmarks.bench_corpus import home_with, write_rows
from evals.benchmarks.scripted_server import MODEL, ROOT, ScriptedServer, scripted_server
from graph.resources import Resources
from tools.models.chat_model_settings import ChatModelSettings
from tools.models.chat_models import ChatModels

SAMPLES = ROOT / "samples"


@dataclass(frozen=True, slots=True)
class Stage:
    """resources: opened, with the scripted model for every role."""

    server: ScriptedServer
    resources: Resources


@asynccontextmanager
async def stage(
    *, first_token_seconds: float = 0.0, token_seconds: float = 0.0, hostile: bool = False
) -> AsyncIterator[Stage]:
    """The server at this pace, and the samples; `hostile`: with papers that give orders to models among them."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        papers = Path(folder) / "papers.jsonl"
        write_rows(papers, HOSTILE_DOCUMENTS)
        async with (
            scripted_server(first_token_seconds=first_token_seconds, token_seconds=token_seconds) as server,
            home_with([SAMPLES, papers] if hostile else [SAMPLES]) as home,
            scripted_models(server) as models,
        ):
            yield Stage(server, replace(await home.get(), models=models))


@asynccontextmanager
async def scripted_models(server: ScriptedServer) -> AsyncIterator[ChatModels]:
    """The product's chat models with the scripted one for every role."""
    models = ChatModels(ChatModelSettings(MODEL, openai_base_url=server.url))
    try:
        yield models
    finally:
        await models.close()
