"""The peers of the agent, through the same client library and server: plain retrieval, and the textbook's graph.

The textbook's adaptive graph decides where to look, grades four passages one after the other, writes, and checks the
answer twice: eight calls (https://arxiv.org/abs/2310.11511 and https://arxiv.org/abs/2401.15884, as commonly drawn).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from evals.benchmarks.scripted_server import MODEL
from tools.access import Access
from tools.shapes import Filters, Hit
from tools.sources.source import Source

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

Messages = Sequence[Mapping[str, Any]]
_GRADED = 4
_LIMIT = 10


@dataclass(frozen=True, slots=True)
class PeerTimes:
    """Seconds from the question to the first text of the answer, and to the end."""

    first_seconds: float
    seconds: float


class Peers:
    """messages: the prompt of the answer, the agent's own, so that all write the same from the same evidence."""

    def __init__(self, url: str, source: Source) -> None:
        self._client = _client(url)
        self._source = source

    async def plain(self, question: str, messages: Messages) -> PeerTimes:
        """One vector search and one streamed call, read to its end."""
        started = time.perf_counter()
        await self._search(question)
        first = await self._written(messages)
        return PeerTimes(first - started, time.perf_counter() - started)

    async def adaptive(self, question: str, messages: Messages) -> PeerTimes:
        """Eight calls, one after the other."""
        started = time.perf_counter()
        await self._decided("Datasource", ["vectorstore", "websearch"], "Where is the answer?", question)
        hits = await self._search(question)
        for place in range(_GRADED):
            passage = hits[place % len(hits)].passage.text if hits else ""
            await self._decided("Relevance", ["yes", "no"], "Is the passage relevant?", f"{passage}\n\n{question}")
        first = await self._written(messages)
        evidence = str(messages[-1]["content"])
        await self._decided("Grounded", ["yes", "no"], "Is the answer grounded in the passages?", evidence)
        await self._decided("Useful", ["yes", "no"], "Does the answer resolve the question?", question)
        return PeerTimes(first - started, time.perf_counter() - started)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.root_async_client.close()

    async def _search(self, question: str) -> Sequence[Hit]:
        search = self._source.search(
            question, access=Access(), filters=Filters(), limit=_LIMIT, deadline=time.time() + _LIMIT
        )
        return (await search).hits

    async def _written(self, messages: Messages) -> float:
        """Reads the answer; when its first text came."""
        first = 0.0
        async for chunk in self._client.astream([dict(message) for message in messages]):
            if chunk.text and not first:
                first = time.perf_counter()
        return first or time.perf_counter()

    async def _decided(self, name: str, choices: Sequence[str], instructions: str, text: str) -> None:
        schema = {
            "title": name,
            "description": instructions,
            "type": "object",
            "properties": {"choice": {"type": "string", "enum": list(choices)}},
            "required": ["choice"],
            "additionalProperties": False,
        }
        asked = self._client.with_structured_output(schema, method="json_schema")
        await asked.ainvoke([{"role": "system", "content": instructions}, {"role": "user", "content": text}])


def _client(url: str) -> "ChatOpenAI":
    from langchain_openai import ChatOpenAI

    name = MODEL.partition(":")[2]
    return ChatOpenAI(model=name, base_url=url, api_key=SecretStr("none"), temperature=0, max_retries=0)
