"""300 runs with the stores on servers that are cut off, hang or refuse: does each end, in time and honestly?"""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import SplitResult, urlsplit

from agent.resources import LiveResources
from agent.settings import Settings
from evals.benchmarks.bench_corpus import documents, questions, write_rows
from evals.benchmarks.bench_faults import RUNS, fault_figures, run_all
from evals.benchmarks.fault_proxy import FaultProxy
from evals.benchmarks.figures import Figure
from evals.benchmarks.server_stores import server_stores
from ingest.add import add
from tools.shapes import DEFAULT_COLLECTION
from tools.stores.store_settings import StoreSettings

_DOCUMENTS = 200
_RATES = (0.001, 0.005, 0.02, 0.1)
_HANG_SECONDS = 30.0
_TIMEOUT_SECONDS = 1.0


async def measure_server_faults() -> list[Figure]:
    """As the runs with faults inside the process, but over the wire: a proxy stands before each server."""
    figures = []
    async with server_stores(_TIMEOUT_SECONDS) as servers, AsyncExitStack() as opened:
        chance = random.Random(0)
        settings, proxies = await _behind_proxies(servers, chance, opened)
        home = await opened.enter_async_context(_loaded(settings))
        resources = await home.get()
        share = RUNS // len(_RATES)
        runs = []
        for number, rate in enumerate(_RATES):
            for proxy in proxies:
                proxy.rate = rate
            runs += await run_all([resources] * share, questions(share, _DOCUMENTS, seed=number))
        for proxy in proxies:
            proxy.rate = 0.0
        figures = fault_figures(runs)
        met = sum(proxy.faults for proxy in proxies)
    return [*figures, Figure("faults that were met", met, "", None, "connections cut, held for 30 s or refused")]


async def _behind_proxies(
    servers: StoreSettings, chance: random.Random, opened: AsyncExitStack
) -> tuple[dict[str, str], list[FaultProxy]]:
    """The settings under which the servers are reached through proxies."""
    assert servers.qdrant is not None
    assert servers.neo4j is not None
    urls = {
        "database_url": servers.database_url,
        "QDRANT_URL": servers.qdrant.url,
        "NEO4J_URI": servers.neo4j.uri,
    }
    settings, proxies = {}, []
    for name, url in urls.items():
        parts = urlsplit(url)
        proxy = FaultProxy(parts.hostname or "", parts.port or 0, chance, _HANG_SECONDS)
        proxies.append(await opened.enter_async_context(proxy.listening()))
        settings[name] = _at_port(parts, proxy.port)
    more = {
        "NEO4J_USERNAME": servers.neo4j.username,
        "NEO4J_PASSWORD": servers.neo4j.password,
        "NEO4J_DATABASE": servers.neo4j.database,
        "store_timeout_seconds": str(servers.timeout_seconds),
    }
    return {**settings, **more}, proxies


def _at_port(parts: SplitResult, port: int) -> str:
    user, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}{at}127.0.0.1:{port}").geturl()


@asynccontextmanager
async def _loaded(settings: dict[str, str]) -> AsyncIterator[LiveResources]:
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        rows = Path(folder) / "corpus.jsonl"
        write_rows(rows, documents(_DOCUMENTS))
        read: dict[str, object] = {**settings, "home": Path(folder) / "home", "web": "off"}
        home = LiveResources(Settings.model_validate(read), held_by="benchmark")
        try:
            await _add([rows], home)
            yield home
        finally:
            await home.close()


async def _add(paths: Sequence[Path], home: LiveResources) -> None:
    await add(
        paths,
        stores=await home.stores(),
        collection=DEFAULT_COLLECTION,
        readers=("everyone",),
        progress=lambda _: None,
    )
