"""signpost remove: takes a document out of everything that is searched."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.add import note_index_problem
from agent.options import AsJson
from agent.output import absolute_path, say, say_json

if TYPE_CHECKING:
    from tools.shapes import Document
    from tools.stores.stores import Stores

_LISTED = 20
_IF_STOPPED = "The document is either wholly removed or still there; then remove it again: see signpost status."


def remove(
    document: Annotated[str, typer.Argument(help="Its id, uri, file name or title.")],
    collection: Annotated[str | None, typer.Option(help="The collection that it is in.")] = None,
    as_json: AsJson = False,
) -> int:
    """Remove a document with its passages and facts, and what evaluations have kept of it."""
    from agent.forgetting import forget_elsewhere
    from agent.session import open_session
    from ingest.remove import remove as remove_document

    with open_session("remove", if_stopped=_IF_STOPPED) as session:
        stores = session.run(session.resources.stores())
        removed = session.run(_found(stores, document, collection))
        # First: as long as something is left, the document can be named again.
        forget_elsewhere(session.resources.home.folder, removed.id)
        problem = session.run(remove_document(removed.id, stores))
    if as_json:
        values = {"id": removed.id, "title": removed.title, "uri": removed.uri, "collection": removed.collection}
        say_json({"removed": values, "index_problem": problem})
    else:
        say(f"Removed {removed.title} ({removed.uri}) from the collection {removed.collection}.")
        note_index_problem("it is no longer found", problem)
    return 1 if problem else 0


async def _found(stores: "Stores", reference: str, collection: str | None) -> "Document":
    """The one document that is meant, whoever may read it: who owns the home may remove what is in it.

    Raises NotFoundError, and InputError where several are.
    """
    found = await _matches(stores, reference)
    return _only([each for each in found if collection in (None, each.collection)], reference, collection)


async def _matches(stores: "Stores", reference: str) -> list["Document"]:
    found = await stores.ledger.documents_called(reference)
    by_id = [each for each in found if each.id == reference]
    # A path as it was typed for `add`, from the folder that it was typed in.
    return by_id or found or await stores.ledger.documents_called(_as_uri(reference))


def _as_uri(path: str) -> str:
    from ingest.file_uri import file_uri

    return file_uri(Path(absolute_path(path)))


def _only(found: list["Document"], reference: str, collection: str | None) -> "Document":
    from tools.errors import InputError, NotFoundError

    where = f" in the collection '{collection}'" if collection is not None else ""
    if not found:
        raise NotFoundError(
            f"There is no document '{reference}'{where}.",
            why=f"No document{where} has this id, uri, file name or title.",
            next_step="List the documents: signpost status --documents",
        )
    if len(found) > 1:
        listed = "\n".join(f"  {each.id}  {each.collection}  {each.title}  {each.uri}" for each in found[:_LISTED])
        more = f"\n  and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        raise InputError(
            f"{len(found)} documents are called '{reference}':\n{listed}{more}",
            next_step="Name one of them by its id (signpost remove ID), or the collection: --collection NAME",
        )
    return found[0]
