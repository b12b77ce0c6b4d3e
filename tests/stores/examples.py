"""Documents that the contract suites write, and the identities that read them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.access import EVERYONE, Access
from tools.shapes import DEFAULT_COLLECTION, Chunk, Document, Entity, Extraction, Fact, Filters
from tools.stores.protocols import IndexedChunk
from tools.text.identifiers import chunk_id, content_hash, document_id, fact_id

ROOT = Path(__file__).parents[2]
"""The repository: where a process must start to import it."""

LIN = Access("lin")
WANG = Access("wang", ("finance",))
STRANGER = Access("stranger", ("sales",))
EVERYTHING = Filters()
NOTHING = Extraction()

ODD_NAMES = (
    'O\'Neil "the" boss',
    "100%",
    "under_score",
    "back\\slash",
    "'; DROP TABLE documents; --",
    'NEAR(a OR b*) AND "c"',
    "🚀 emoji 👩‍👩‍👧",
    "../../etc/passwd",
    "名字　全角",
    "a" * 500,
    "?:x ${y} {z}",
)


def make_document(
    key: str,
    *,
    collection: str = DEFAULT_COLLECTION,
    title: str | None = None,
    uri: str | None = None,
    readers: tuple[str, ...] = (EVERYONE,),
    metadata: Mapping[str, object] | None = None,
) -> Document:
    return Document(
        id=document_id(collection, key),
        collection=collection,
        title=key if title is None else title,
        uri=f"/files/{key}" if uri is None else uri,
        format="md",
        content_hash=content_hash(key.encode()),
        readers=tuple(sorted(readers)),
        metadata=metadata or {},
    )


def make_chunks(document: Document, *texts: str) -> list[Chunk]:
    return [Chunk(chunk_id(document.id, text), document.id, index, text) for index, text in enumerate(texts)]


def make_fact(chunk: Chunk, head: str, relation: str, tail: str) -> Fact:
    return Fact(
        fact_id(chunk.id, head, relation, tail),
        head,
        relation,
        tail,
        f"{head} {relation} {tail}",
        chunk.id,
        chunk.document_id,
    )


def make_extraction(chunk: Chunk, *triples: tuple[str, str, str], kind: str = "organization") -> Extraction:
    """The triples as facts of one chunk, their ends as entities of one kind."""
    names = dict.fromkeys(name for head, _, tail in triples for name in (head, tail))
    return Extraction(
        tuple(Entity(name, kind, chunk.id) for name in names),
        tuple(make_fact(chunk, *triple) for triple in triples),
    )


def make_indexed(document: Document, chunks: Sequence[Chunk]) -> list[IndexedChunk]:
    return [IndexedChunk(chunk.id, document.id, document.readers, chunk.text) for chunk in chunks]
