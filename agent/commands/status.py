"""signpost status: what is stored, and where."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.options import AsJson
from agent.output import counted, say, say_json

if TYPE_CHECKING:
    from agent.resources import LiveResources
    from tools.shapes import Counts, Document
    from tools.stores.stores import Stores


def status(
    documents: Annotated[
        bool, typer.Option("--documents", help="List the documents: ids, way of splitting, warnings.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Show how much is stored, by collection, and where."""
    from agent.session import open_session

    with open_session("status", if_stopped="Nothing was changed.") as session:
        stores = session.run(session.resources.stores())
        values = session.run(_stored(stores, session.resources, with_documents=documents))
        home = session.resources.home.folder
    values = {"home": str(home), "bytes": _size_bytes(home), **values}
    if as_json:
        say_json(values)
    else:
        _show(values)
    return 0


async def _stored(stores: "Stores", resources: "LiveResources", *, with_documents: bool) -> dict[str, Any]:
    from tools.access import Access
    from tools.shapes import Filters

    access = Access()
    names = await stores.ledger.collections(access)
    collections = [
        {"name": name, **_count_values(await stores.ledger.counts(access, Filters(collections=(name,))))}
        for name in names
    ]
    values = {**_count_values(await stores.ledger.counts(access)), "collections": collections}
    values["stores"] = await _held(stores, resources)
    if with_documents:
        values["listed"] = [_document_values(document) for document in await stores.ledger.documents(access)]
    return values


async def _held(stores: "Stores", resources: "LiveResources") -> dict[str, Any]:
    """What the ledger knows to be in the search index and the graph database, and what is still to be written there."""
    from agent.store_places import graph_place, index_place, is_still_in_home, ledger_place

    home, settings, ledger = resources.home, resources.store_settings, stores.ledger
    states = await ledger.index_states(stores.vector_store.index_version)
    held: dict[str, Any] = {
        "ledger": {
            "place": await ledger_place(home, settings, ledger),
            "still_in_home": await is_still_in_home(home, settings, ledger),
        },
        "vector_index": {
            "place": index_place(home, settings),
            "version": stores.vector_store.index_version,
            "passages": sum(state.indexed for state in states),
            "pending": sum(state.pending for state in states),
        },
    }
    if stores.graph_database is not None:
        version = stores.graph_database.graph_version
        state = await ledger.graph_state(version)
        held["graph_database"] = {
            "place": graph_place(settings),
            "version": version,
            "documents": state.written,
            "pending": state.pending,
        }
    return held


def _count_values(counts: "Counts") -> dict[str, Any]:
    return {
        "documents": counts.documents,
        "chunks": counts.chunks,
        "entities": counts.entities,
        "facts": counts.facts,
    }


def _document_values(document: "Document") -> dict[str, Any]:
    from ingest.prepare import SPLITTER_KEY, WARNINGS_KEY

    return {
        "id": document.id,
        "title": document.title,
        "uri": document.uri,
        "collection": document.collection,
        "format": document.format,
        "pages": document.page_count,
        "readers": list(document.readers),
        "splitter": document.metadata.get(SPLITTER_KEY),
        "warnings": document.metadata.get(WARNINGS_KEY, []),
    }


def _size_bytes(folder: Path) -> int:
    """Bytes on disk; a search index is a sparse file and takes less than its length."""
    total = 0
    for path in folder.rglob("*"):
        try:
            state = path.stat()
        except OSError:
            continue  # gone meanwhile
        total += min(state.st_size, getattr(state, "st_blocks", state.st_size) * 512)
    return total


def _show(values: dict[str, Any]) -> None:
    from agent.store_places import STILL_IN_HOME

    stores = values["stores"]
    say(f"Home: {values['home']} ({values['bytes'] / 2**20:,.1f} MB)")
    for name, held in stores.items():
        if not held["place"].startswith(values["home"]):
            say(f"{name.replace('_', ' ').capitalize()}: {held['place']}")
    for collection in values["collections"]:
        say(f"{collection['name']}: {_counted(collection)}")
    if stores["ledger"]["still_in_home"]:
        say(STILL_IN_HOME)
    elif not values["documents"]:
        say("No document has been added yet. Next: signpost add PATH")
    elif len(values["collections"]) > 1:
        say(f"Together: {_counted(values)}")
    for name, what in (("vector_index", "passages"), ("graph_database", "documents")):
        held = stores.get(name, {})
        if held.get("pending"):
            there = f"The {name.replace('_', ' ')} holds {held[what]:,} {what}"
            say(f"{there}, {held['pending']:,} are still to come: signpost doctor says why")
    for document in values.get("listed", ()):
        split = f"  (split by {document['splitter']})" if document["splitter"] else ""
        say(f"{document['id']}  {document['collection']}  {document['title']}  {document['uri']}{split}")
        for warning in document["warnings"]:
            say(f"    Warning: {warning}")


def _counted(values: dict[str, Any]) -> str:
    counts = (
        counted(values["documents"], "document"),
        counted(values["chunks"], "passage"),
        counted(values["entities"], "entity", "entities"),
        counted(values["facts"], "fact"),
    )
    return ", ".join(counts)
