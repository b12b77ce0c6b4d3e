"""The stores on servers: do they find what the embedded ones find, and how fast is the graph written?"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.bench_corpus import documents, questions, write_rows
from evals.benchmarks.figures import Figure, median
from evals.benchmarks.server_stores import ROOT, server_stores
from ingest.add import add
from tools.access import Access
from tools.shapes import DEFAULT_COLLECTION, Document, Entity, Extraction, Fact, Filters
from tools.stores.comparing import same_ranking
from tools.stores.home import Home
from tools.stores.moving import copy_documents
from tools.stores.neo4j.knowledge_graph import Neo4jKnowledgeGraph
from tools.stores.open_stores import open_stores
from tools.stores.protocols import PendingFacts
from tools.stores.store_settings import StoreSettings
from tools.stores.stores import Stores

_DOCUMENTS = 1000
_QUESTIONS = 200
_FIRST = 10
_ENTITIES = 10_000
_RELATIONS = 50_000
_FACTS_OF_A_DOCUMENT = 50
_DOCUMENTS_AT_ONCE = 100
_ACCESS = Access()


async def measure_equal() -> list[Figure]:
    """The same questions to embedded stores and to servers: the samples, and 2,000 passages more."""
    async with server_stores() as servers:
        with TemporaryDirectory(prefix="signpost-bench-") as folder:
            rows = Path(folder) / "corpus.jsonl"
            write_rows(rows, documents(_DOCUMENTS))
            embedded = await asyncio.to_thread(open_stores, Home(Path(folder) / "home"), StoreSettings())
            on_servers = await asyncio.to_thread(open_stores, Home(Path(folder) / "none"), servers)
            try:
                await _add([ROOT / "samples", rows], embedded)
                await copy_documents(embedded.ledger, on_servers.ledger, lambda *_: None)
                await on_servers.replay()
                return await _compared(embedded, on_servers)
            finally:
                await on_servers.close()
                await embedded.close()


async def _add(paths: Sequence[Path], stores: Stores) -> None:
    await add(paths, stores=stores, collection=DEFAULT_COLLECTION, readers=("everyone",), progress=lambda _: None)


async def _compared(embedded: Stores, on_servers: Stores) -> list[Figure]:
    asked = [*questions(_QUESTIONS, _DOCUMENTS), *await _first_lines(embedded)]
    other_hits = other_names = other_facts = names = 0
    seconds: dict[str, list[float]] = {"embedded": [], "on servers": []}
    for question in asked:
        found = []
        for place, stores in (("embedded", embedded), ("on servers", on_servers)):
            began = time.perf_counter()
            search = stores.vector_store.search
            found.append(await search(question, collections=[DEFAULT_COLLECTION], access=_ACCESS, limit=_FIRST))
            seconds[place].append(time.perf_counter() - began)
        other_hits += not same_ranking(*found)
        matches = [
            await stores.knowledge_graph.entities_in(question, access=_ACCESS, filters=Filters(), limit=6)
            for stores in (embedded, on_servers)
        ]
        other_names += matches[0] != matches[1]
        if matches[0]:
            names += 1
            known = [match.name for match in matches[0]]
            near = [
                await stores.knowledge_graph.neighbourhood(known, hops=2, access=_ACCESS, filters=Filters(), limit=200)
                for stores in (embedded, on_servers)
            ]
            other_facts += near[0] != near[1]
    passages = await embedded.vector_store.count(DEFAULT_COLLECTION)
    return [
        Figure("searches with another first ten", other_hits, f"of {len(asked)}", 0, f"{passages:,} passages"),
        Figure("questions with other entities", other_names, f"of {len(asked)}", 0),
        Figure("entities with other facts, two steps", other_facts, f"of {names}", 0),
        Figure("embedded search, p50", median(seconds["embedded"]) * 1000, "ms"),
        Figure("search over HTTP in the client's engine, p50", median(seconds["on servers"]) * 1000, "ms"),
    ]


async def _first_lines(stores: Stores) -> list[str]:
    """Words that stand in the samples: each document's title and the beginning of its first passage."""
    of_samples = [document.id for document in await stores.ledger.documents(_ACCESS) if document.format != "jsonl"]
    held = await stores.ledger.stored(of_samples)
    return [f"{each.document.title} {each.chunks[0].text[:40]}" for each in held.values()]


async def measure_graph() -> list[Figure]:
    """How fast facts are written over Bolt, as the replay writes them, and how many queries a question takes."""
    async with server_stores() as servers, _graph(servers) as graph:
        await graph.write(_said(0, 1))  # the schema
        seconds = []
        for start in range(1, _RELATIONS // _FACTS_OF_A_DOCUMENT + 1, _DOCUMENTS_AT_ONCE):
            batch = _said(start, start + _DOCUMENTS_AT_ONCE)
            began = time.perf_counter()
            await graph.write(batch)
            seconds.append(time.perf_counter() - began)
        held = await graph.document_count()
    relations = _RELATIONS / sum(seconds)
    return [
        Figure("time for 1,000 relations", 1000 / relations, "s", 1 / 3, f"{relations:,.0f} relations a second"),
        Figure("documents missing", _RELATIONS // _FACTS_OF_A_DOCUMENT + 1 - held, "", 0, f"{_ENTITIES:,} entities"),
        Figure("the slowest hundred documents", max(seconds), "s"),
    ]


@asynccontextmanager
async def _graph(servers: StoreSettings) -> AsyncIterator[Neo4jKnowledgeGraph]:
    assert servers.neo4j is not None
    graph = Neo4jKnowledgeGraph(servers.neo4j, ledger_id="benchmark", timeout_seconds=60)
    try:
        yield graph
    finally:
        await graph.close()


def _said(first: int, last: int) -> list[PendingFacts]:
    return [PendingFacts(*_document(number), revision=1) for number in range(first, last)]


def _document(number: int) -> tuple[Document, Extraction]:
    """A document whose facts join entities near each other: each of the 10,000 stands in about ten facts."""
    id_ = f"document-{number}"
    document = Document(id_, DEFAULT_COLLECTION, id_, f"/{id_}", "md", "0", ("everyone",))
    facts = []
    for place in range(_FACTS_OF_A_DOCUMENT):
        serial = number * _FACTS_OF_A_DOCUMENT + place
        head, tail = f"单位{serial % _ENTITIES}", f"单位{(serial * 7 + 3) % _ENTITIES}"
        chunk = f"{id_}-{place // 10}"
        facts.append(Fact(f"fact-{serial}", head, "负责", tail, f"{head}负责{tail}的施工。", chunk, id_))
    entities = [Entity(name, "organization", fact.chunk_id) for fact in facts for name in (fact.head, fact.tail)]
    return document, Extraction(tuple(entities), tuple(facts))
