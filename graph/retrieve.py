"""retrieve: one worker searches one source with one query. It never raises, so that no sibling's result is lost."""

import asyncio
import time
from typing import Any

from graph.distinct import search_texts
from graph.run import Run, seconds_left
from graph.state import Degraded, DispatchedSearch, Found, FoundHit
from tools.shapes import SearchResult, SourceStatus

HIT_LIMIT = 10
FAILED: tuple[SourceStatus, ...] = ("rate_limited", "timeout", "down")


async def retrieve(task: DispatchedSearch, run: Run) -> dict[str, Any]:
    """Searches and returns ids and a typed status. Where documents have copies, more is searched for in their place."""
    name = task["source"]
    run.emit("retrieve.start", source=name, query=task["query"], round=task["round"])
    started = time.perf_counter()

    async def search(limit: int) -> SearchResult:
        return await search_source(name, task["query"], limit, task["deadline"], run)

    source = run.resources.sources.get(name)
    # The web is asked once: what it gives more costs another request, and copies are rare there.
    is_asked_once = source is None or source.leaves_machine
    result = await search(HIT_LIMIT) if is_asked_once else await search_texts(search, HIT_LIMIT)
    hits = result.hits[:HIT_LIMIT] if is_asked_once else result.hits
    ms = round((time.perf_counter() - started) * 1000, 1)
    run.emit("retrieve.done", source=name, status=result.status, hits=len(result.hits), ms=ms, round=task["round"])
    found = Found(
        source=name,
        query=task["query"],
        part=task["part"],
        round=task["round"],
        status=result.status,
        ms=ms,
        hits=[FoundHit(id=hit.passage.id, facts=[fact.id for fact in hit.facts]) for hit in hits],
    )
    return {"found": [found], "degraded": steps_down(name, result, run)}


def steps_down(name: str, result: SearchResult, run: Run) -> list[Degraded]:
    """What a search of the source `name` did less than it should: its own failure, and what it has done without."""
    failed = [run.step_down(name, result.status)] if result.status in FAILED else []
    return failed + [run.step_down(component, reason) for component, reason in result.without.items()]


async def search_source(name: str, query: str, limit: int, deadline: float, run: Run) -> SearchResult:
    """One search within the source's timeout and the turn's `deadline`; every failure is a status."""
    source = run.resources.sources.get(name)
    if source is None or name not in run.allowed_sources():
        return SearchResult("down", detail="this source is not allowed")
    breaker = run.resources.breakers.get(name)
    if breaker and not breaker.allows():
        return SearchResult("down", detail="failed repeatedly, left alone for a while")
    timeout = min(source.timeout_seconds, seconds_left(deadline))
    if timeout <= 0:
        return SearchResult("timeout", detail="no time left")
    began = time.monotonic()
    try:
        search = source.search(
            query, access=run.access, filters=run.filters, limit=limit, deadline=time.time() + timeout
        )
        result = await asyncio.wait_for(search, timeout)
    except TimeoutError:
        result = SearchResult("timeout", detail="no answer in time")
    except Exception as error:  # a worker that raises would lose its siblings' results
        result = SearchResult("down", detail=type(error).__name__)
    was_cut_short = result.status == "timeout" and timeout < source.timeout_seconds
    if breaker and not was_cut_short:
        breaker.record(result.status not in FAILED, time.monotonic() - began)
    return result
