"""signpost search: the passages that one source finds, without an answer."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agent.options import DEFAULT_CONCURRENCY, AsJson, Batch, Collections, Concurrency, Out
from agent.output import say, say_json
from agent.places import page_and_section

if TYPE_CHECKING:
    from agent.batch import Row
    from graph.resources import Resources

_IF_STOPPED = "Nothing was changed; rows written so far are whole."
_TEXT_CHARACTERS = 200


def search(
    question: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many hits at most.")] = 10,
    source: Annotated[Literal["vector", "graph", "web"], typer.Option(help="Which source to search.")] = "vector",
    collection: Collections = None,
    batch: Batch = None,
    out: Out = None,
    concurrency: Concurrency = DEFAULT_CONCURRENCY,
    as_json: AsJson = False,
) -> int:
    """Show the passages that a source finds for a question."""
    from agent.batch import require_files
    from agent.inputs import checked_question
    from agent.session import open_session

    files = require_files(question, batch, out)
    asked = checked_question(question or "") if files is None else ""
    collections = collection or []
    with open_session("search", if_stopped=_IF_STOPPED) as session:
        resources = session.run(session.resources.get())
        if files is not None and source != "web":
            session.run(session.resources.stores())  # no file of failures because the ledger is away
        session.check_collections(collections)
        if files is None:
            found = session.run(_found(resources, source, asked, collections, limit))
        else:
            return session.run(_search_batch(resources, source, collections, limit, files, concurrency, as_json))
    if as_json:
        say_json(found)
    else:
        _show(found["hits"])
    return 0


async def _found(
    resources: "Resources", source: str, question: str, collections: Sequence[str], limit: int
) -> dict[str, Any]:
    """{"hits", "ms"}. Raises SignpostError when the source could not be searched."""
    from agent.hits import hits_values
    from graph.distinct import search_texts
    from tools.access import Access
    from tools.errors import SignpostError
    from tools.shapes import Filters, SearchResult

    searched = resources.sources.get(source)
    if searched is None:
        raise SignpostError(f"The source '{source}' is switched off.", next_step="Set SIGNPOST_WEB=on.")
    started = time.perf_counter()
    filters, deadline = Filters(collections=tuple(collections)), time.time() + searched.timeout_seconds

    async def search_for(hits: int) -> SearchResult:
        return await searched.search(question, access=Access(), filters=filters, limit=hits, deadline=deadline)

    result = await (search_for(limit) if searched.leaves_machine else search_texts(search_for, limit))
    ms = round((time.perf_counter() - started) * 1000, 1)
    if result.status not in ("ok", "empty"):
        raise SignpostError(
            f"The source '{source}' could not be searched ({result.status}).",
            why=result.detail,
            next_step="See what is wrong: signpost doctor",
        )
    return {"hits": hits_values(result.hits), "ms": ms}


async def _search_batch(
    resources: "Resources",
    source: str,
    collections: Sequence[str],
    limit: int,
    files: tuple[Path, Path],
    concurrency: int,
    as_json: bool,
) -> int:
    from agent.batch import batch_result, read_rows, run_batch
    from tools.text.follow_up import standalone_question
    from tools.text.language import detect_language

    async def search_row(row: "Row") -> dict[str, Any]:
        *earlier, question = [str(message["content"]) for message in row.messages if message["role"] == "user"]
        query = standalone_question(question, earlier, detect_language(question))
        return await _found(resources, source, query, collections, limit)

    rows = read_rows(files[0])
    failed = await run_batch(rows, files[1], concurrency, search_row)
    return batch_result(len(rows), failed, files[1], as_json)


def _show(hits: Sequence[dict[str, Any]]) -> None:
    from tools.text.clean import one_line
    from tools.text.document_names import shown_copies, shown_name

    if not hits:
        say("Nothing was found.")
    for rank, hit in enumerate(hits, start=1):
        kind, page, section = page_and_section(hit["uri"], hit["page"], hit["section"])
        place = [one_line(shown_name(hit)), f"{kind} {page}" if page else "", section]
        say(f"{rank}. {one_line(', '.join(filter(None, place)))}  ({hit['score']:.3f})")
        if copies := hit.get("also_in"):
            say(f"   also in {one_line(', '.join(shown_copies(hit, copies)))}")
        for fact in hit.get("facts", ()):
            say(f"   {one_line(fact['head'])} – {one_line(fact['relation'])} – {one_line(fact['tail'])}")
        text = one_line(hit["text"])
        say(f"   {text[:_TEXT_CHARACTERS]}{'…' if len(text) > _TEXT_CHARACTERS else ''}")
