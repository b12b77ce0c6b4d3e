"""Compares two sets of stores: by what the ledgers hold, by counts and by what searches find."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tools.access import Access
from tools.shapes import Filters
from tools.stores.document_name import DocumentName
from tools.stores.ledger_pages import PAGE, pages
from tools.stores.missing_findings import missing_findings, missing_findings_of_none
from tools.stores.moved_before import MovedBefore
from tools.stores.progress import Progress
from tools.stores.protocols import Ledger, ScoredChunk, StoredDocument
from tools.stores.stores import Stores

_SAMPLES = 20
_FIRST = 10
_QUERY_CHARACTERS = 60
_FACTS = 50
# Engines add up the same products in another order.
_SCORE_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Compared:
    """The source's counts, and what differs. samples: documents whose words or entity were searched for in both.

    conflicts: documents that the target holds in another state than the source, though it was never moved there: they
    were left as they are. differences: all others, in words. What was moved before and changed there since is none.
    is_ranked: whether searches had to be ranked alike too.
    """

    documents: int
    chunks: int
    facts: int
    samples: int
    conflicts: tuple[DocumentName, ...]
    differences: tuple[str, ...]
    is_ranked: bool = True

    @property
    def is_equal(self) -> bool:
        """Whether the target holds all that it must, and finds it."""
        return not self.conflicts and not self.differences


async def indexed_collections(stores: Stores) -> set[str]:
    """The collections whose search index holds what the ledger says: only what such an index finds can be compared."""
    states = await stores.ledger.index_states(stores.vector_store.index_version)
    settled = [state for state in states if not state.pending and not state.pending_removals]
    return {state.collection for state in settled if await stores.vector_store.count(state.collection) == state.indexed}


async def compare(
    source: Stores,
    target: Stores,
    searchable: Collection[str],
    progress: Progress,
    moved_before: MovedBefore | None = None,
    *,
    is_ranked: bool = True,
) -> Compared:
    """Whether the target holds every document of the source, and a sample of searches finds the same in both.

    searchable: the collections whose index in the source is up to date. Searches are compared where both hold the same
    documents of a collection: others change each other's ranks. is_ranked: whether they must also be ranked alike.
    """
    before = moved_before or MovedBefore()
    ids = [id_ async for page in pages(source.ledger) for id_ in page]
    step = max(1, len(ids) // _SAMPLES)
    documents = chunks = facts = 0
    conflicts: list[DocumentName] = []
    differences: list[str] = []
    sampled: list[StoredDocument] = []
    unlike: set[str] = set()
    without = {finding.document_id for finding in await missing_findings_of_none(source.ledger, target.ledger)}
    differences += [f"what models found in a document that is not stored yet ({id_})" for id_ in sorted(without)]
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        without = {finding.document_id for finding in await missing_findings(source.ledger, target.ledger, page)}
        held = await target.ledger.stored(page)
        for id_, stored in (await source.ledger.stored(page)).items():
            relation = before.relation(stored, held.get(id_))
            if relation != "equal":
                unlike |= {each.document.collection for each in (stored, held.get(id_)) if each}
            if relation == "conflict":
                conflicts.append(DocumentName.of(stored.document))
            elif relation in ("missing", "newer"):
                differences.append(f"the document {DocumentName.of(stored.document)}, which was changed while this ran")
            elif relation == "equal" and id_ in without:
                differences.append(f"what models found in the document {DocumentName.of(stored.document)}")
            if documents % step == 0:
                sampled.append(stored)
            documents, chunks, facts = documents + 1, chunks + len(stored.chunks), facts + len(stored.extraction.facts)
            progress(documents, len(ids))
    unlike |= await _collections_of_others(target.ledger, set(ids))
    comparable = [stored for stored in sampled if stored.document.collection not in unlike]
    samples, found = await _found_differently(comparable, source, target, searchable, is_ranked)
    differences += [*found, *await _counted_differently(target)]
    return Compared(documents, chunks, facts, samples, tuple(conflicts), tuple(differences), is_ranked)


async def _collections_of_others(ledger: Ledger, known_ids: Collection[str]) -> set[str]:
    """The collections of documents beside those that are known."""
    found = set()
    async for page in pages(ledger):
        others = await ledger.stored([id_ for id_ in page if id_ not in known_ids])
        found |= {stored.document.collection for stored in others.values()}
    return found


async def _found_differently(
    sampled: Sequence[StoredDocument], source: Stores, target: Stores, searchable: Collection[str], is_ranked: bool
) -> tuple[int, list[str]]:
    """How many of the documents something was searched for of, and which searches found something else."""
    searches = source.vector_store is not target.vector_store
    asks = source.knowledge_graph is not target.knowledge_graph and await _holds_all_facts(source)
    compared, differences = 0, []
    for stored in sampled:
        found = []
        if searches and stored.document.collection in searchable:
            found += await _searched(stored, source, target, is_ranked)
        if asks:
            found += await _asked(stored, source, target)
        compared += bool(found)
        differences += [what for what, is_alike in found if not is_alike]
    return compared, differences


async def _holds_all_facts(stores: Stores) -> bool:
    """Whether the graph says what the ledger does; the ledger's own always does."""
    if stores.graph_database is None:
        return True
    state = await stores.ledger.graph_state(stores.graph_database.graph_version)
    return not state.pending and not state.pending_removals


async def _searched(stored: StoredDocument, source: Stores, target: Stores, is_ranked: bool) -> list[tuple[str, bool]]:
    """What was searched for, in words, and whether both find the same; nothing for a document without text."""
    if not stored.chunks:
        return []
    document, query = stored.document, stored.chunks[0].text[:_QUERY_CHARACTERS]
    access = _reader_of(document.readers)
    left, right = [
        await stores.vector_store.search(query, collections=(document.collection,), access=access, limit=_FIRST)
        for stores in (source, target)
    ]
    is_alike = same_ranking(left, right) if is_ranked else same_found(left, right)
    return [(f"the search for words of {DocumentName.of(document)}", is_alike)]


async def _asked(stored: StoredDocument, source: Stores, target: Stores) -> list[tuple[str, bool]]:
    """The same for the facts about the first entity; nothing for a document without one."""
    if not stored.extraction.entities:
        return []
    document, name = stored.document, stored.extraction.entities[0].name
    access, filters = _reader_of(document.readers), Filters(collections=(document.collection,))
    left, right = [
        await stores.knowledge_graph.neighbourhood([name], hops=1, access=access, filters=filters, limit=_FACTS)
        for stores in (source, target)
    ]
    is_alike = [fact.id for fact in left] == [fact.id for fact in right]
    return [(f"the facts about an entity of {DocumentName.of(document)}", is_alike)]


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


def same_ranking(left: Sequence[ScoredChunk], right: Sequence[ScoredChunk], *, limit: int = _FIRST) -> bool:
    """Whether two rankings agree but for the order of equal scores.

    Where `limit` cut them, equal scores at the end may also be of other chunks: which ones come in is chance.
    """
    if len(left) != len(right):
        return False
    if not all(_is_close(one.score, other.score) for one, other in zip(left, right, strict=True)):
        return False
    scores = [{each.chunk_id: each.score for each in ranking} for ranking in (left, right)]
    if not all(_is_close(scores[0][id_], scores[1][id_]) for id_ in scores[0].keys() & scores[1].keys()):
        return False
    alone = [(scores[0] | scores[1])[id_] for id_ in scores[0].keys() ^ scores[1].keys()]
    return not alone or (len(left) >= limit and all(_is_close(score, left[-1].score) for score in alone))


def same_found(left: Sequence[ScoredChunk], right: Sequence[ScoredChunk], *, limit: int = _FIRST) -> bool:
    """Whether two searches find the same chunks, however scored; of lists that `limit` cut only the better halves."""
    if len(left) != len(right):
        return False
    every = [{each.chunk_id for each in ranking} for ranking in (left, right)]
    if len(left) < limit:
        return every[0] == every[1]
    best = [{each.chunk_id for each in ranking[: limit // 2]} for ranking in (left, right)]
    return best[0] <= every[1] and best[1] <= every[0]


def _is_close(score: float, other: float) -> bool:
    return abs(score - other) <= _SCORE_TOLERANCE * max(abs(score), abs(other))


def _reader_of(readers: Sequence[str]) -> Access:
    """Somebody who may read what these readers may."""
    kind, _, name = readers[0].partition(":")
    return {"user": Access(name), "group": Access(groups=(name,))}.get(kind, Access())
