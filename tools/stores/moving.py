"""Copies what some stores hold into others, and compares the two by counts and by what searches find.

It may end at any point, by Ctrl-C or kill -9, and be run again: a document is copied in one transaction, and what is
there already is passed over.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from tools.access import Access
from tools.shapes import Filters
from tools.stores.index_replay import vocabulary
from tools.stores.protocols import Ledger, ScoredChunk, StoredDocument
from tools.stores.stores import Stores

_PAGE = 50
_SAMPLES = 20
_FIRST = 10
_QUERY_CHARACTERS = 60
_FACTS = 50
# Engines add up the same products in another order.
_SCORE_TOLERANCE = 1e-3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """Numbers of documents. `differing`: titles of those that the target holds in another state; they were left."""

    copied: int
    there_already: int
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The source's counts, and what differs, in words. samples: documents whose words and entity were searched for."""

    documents: int
    chunks: int
    facts: int
    samples: int
    differences: tuple[str, ...]


async def copy_documents(source: Ledger, target: Ledger, progress: Progress) -> Copied:
    """Every document with its chunks, entities and facts. `progress` is called with the documents done, and due."""
    total = sum([len(page) async for page in _pages(source)])
    copied = there_already = 0
    differing: list[str] = []
    async for page in _pages(source):
        known = await target.stored(page)
        for id_, stored in (await source.stored(page)).items():
            if id_ not in known:
                words = vocabulary(stored.document, stored.chunks)
                await target.replace_document(stored.document, stored.chunks, stored.extraction, words)
                copied += 1
            elif known[id_] == stored:
                there_already += 1
            else:
                differing.append(stored.document.title)
            progress(copied + there_already + len(differing), total)
    return Copied(copied, there_already, tuple(differing))


async def compare(source: Stores, target: Stores, progress: Progress) -> Compared:
    """Whether the target holds every document of the source, and a sample of searches finds the same in both."""
    total = sum([len(page) async for page in _pages(source.ledger)])
    step = max(1, total // _SAMPLES)
    documents = chunks = facts = samples = 0
    differences: list[str] = []
    async for page in _pages(source.ledger):
        held = await target.ledger.stored(page)
        for id_, stored in (await source.ledger.stored(page)).items():
            if held.get(id_) != stored:
                differences.append(f"the document '{stored.document.title}'")
            if documents % step == 0:
                samples += 1
                differences += await _searched_differently(stored, source, target)
            documents, chunks, facts = documents + 1, chunks + len(stored.chunks), facts + len(stored.extraction.facts)
            progress(documents, total)
    differences += await _counted_differently(target)
    return Compared(documents, chunks, facts, samples, tuple(differences))


async def empty(stores: Stores) -> None:
    """Removes every document from all of the stores."""
    while ids := await stores.ledger.document_ids(limit=_PAGE):
        for id_ in ids:
            await stores.ledger.remove_document(id_)
        await stores.replay()


async def _pages(ledger: Ledger) -> AsyncIterator[list[str]]:
    page = await ledger.document_ids(limit=_PAGE)
    while page:
        yield page
        page = await ledger.document_ids(page[-1], _PAGE)


async def _searched_differently(stored: StoredDocument, source: Stores, target: Stores) -> list[str]:
    """Differences between what both find in the words, and of the first entity, of one document."""
    document = stored.document
    access, filters = _reader_of(document.readers), Filters(collections=(document.collection,))
    found = []
    # An index that the source no longer keeps up to date says nothing about the target's.
    if stored.chunks and await source.vector_store.count(document.collection) == await target.vector_store.count(
        document.collection
    ):
        query = stored.chunks[0].text[:_QUERY_CHARACTERS]
        left, right = [
            await stores.vector_store.search(query, collections=filters.collections, access=access, limit=_FIRST)
            for stores in (source, target)
        ]
        if not same_ranking(left, right):
            found.append(f"the search for words of '{document.title}'")
    if stored.extraction.entities:
        name = stored.extraction.entities[0].name
        near, also_near = [
            await stores.knowledge_graph.neighbourhood([name], hops=1, access=access, filters=filters, limit=_FACTS)
            for stores in (source, target)
        ]
        if [fact.id for fact in near] != [fact.id for fact in also_near]:
            found.append(f"the facts about an entity of '{document.title}'")
    return found


async def _counted_differently(target: Stores) -> list[str]:
    found = []
    for state in await target.ledger.index_states(target.vector_store.index_version):
        held = await target.vector_store.count(state.collection)
        if held != state.indexed or state.pending:
            expected = state.indexed + state.pending
            found.append(f"the index of '{state.collection}': {held:,} of {expected:,} passages")
    if target.graph_database is not None:
        graph = await target.ledger.graph_state(target.graph_database.graph_version)
        held = await target.graph_database.document_count()
        if held != graph.written or graph.pending:
            found.append(f"the graph database: {held:,} of {graph.written + graph.pending:,} documents")
    return found


def same_ranking(left: Sequence[ScoredChunk], right: Sequence[ScoredChunk]) -> bool:
    """Whether two rankings agree but for the order of equal scores, also where the limit cuts through them."""
    if len(left) != len(right):
        return False
    if any(
        abs(one.score - other.score) > _SCORE_TOLERANCE * abs(one.score) for one, other in zip(left, right, strict=True)
    ):
        return False
    last = left[-1].score * (1 + _SCORE_TOLERANCE) if left else 0.0
    above = [{each.chunk_id for each in ranking if each.score > last} for ranking in (left, right)]
    return above[0] == above[1]


def _reader_of(readers: Sequence[str]) -> Access:
    """Somebody who may read what these readers may."""
    kind, _, name = readers[0].partition(":")
    return {"user": Access(name), "group": Access(groups=(name,))}.get(kind, Access())
