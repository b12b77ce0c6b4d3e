"""retrieve: one worker searches one source with one query. It never raises, so that no sibling's result is lost."""

import asyncio
import time
from typing import Any

from graph.run import Run, seconds_left
from graph.state import Degraded, Found, FoundHit, SearchTask
from tools.shapes import SearchResult

HIT_LIMIT = 10


async def retrieve(task: SearchTask, run: Run) -> dict[str, Any]:
    """Searches and returns ids, scores and a typed status."""
    name = task["source"]
    run.emit("retrieve.start", source=name, query=task["query"], round=task["round"])
    started = time.perf_counter()
    result = await _search(task, run)
    ms = round((time.perf_counter() - started) * 1000, 1)
    run.emit("retrieve.done", source=name, status=result.status, hits=len(result.hits), ms=ms, round=task["round"])
    found = Found(
        source=name,
        query=task["query"],
        part=task["part"],
        round=task["round"],
        status=result.status,
        detail=result.detail,
        ms=ms,
        hits=[
            FoundHit(id=hit.passage.id, score=round(hit.score, 4), facts=[fact.id for fact in hit.facts])
            for hit in result.hits[:HIT_LIMIT]
        ],
    )
    degraded: list[Degraded] = []
    if result.status in ("rate_limited", "timeout", "down"):
        degraded = [Degraded(component=name, reason=result.status)]
        run.emit("degraded", component=name, reason=result.status)
    return {"found": [found], "degraded": degraded}


async def _search(task: SearchTask, run: Run) -> SearchResult:
    source = run.resources.sources[task["source"]]
    breaker = run.resources.breakers.get(task["source"])
    if breaker and not breaker.allows():
        return SearchResult("down", detail="failed repeatedly, left alone for a while")
    timeout = min(source.timeout_seconds, seconds_left(task["deadline"]))
    if timeout <= 0:
        return SearchResult("timeout", detail="no time left")
    try:
        search = source.search(
            task["query"],
            access=run.access,
            filters=run.filters,
            limit=HIT_LIMIT,
            deadline=time.time() + timeout,
        )
        result = await asyncio.wait_for(search, timeout)
    except TimeoutError:
        result = SearchResult("timeout", detail="no answer in time")
    except Exception as error:  # a worker that raises would lose its siblings' results
        result = SearchResult("down", detail=type(error).__name__)
    if breaker:
        breaker.record(result.status in ("ok", "empty"))
    return result
