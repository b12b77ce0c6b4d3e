"""How a collection lies on a Qdrant server: its name, its vectors, what it is filtered by, and who made it."""

from collections.abc import Iterable

from langchain_core.embeddings import Embeddings
from langchain_qdrant.sparse_embeddings import SparseEmbeddings, SparseVector
from qdrant_client import QdrantClient, models

from tools.shapes import SparseVector as Terms
from tools.stores.qdrant.dense_vectors import DENSE_VECTOR, DenseVectors
from tools.stores.store_settings import QdrantSettings, Quantization
from tools.text.identifiers import content_hash
from tools.text.tokens import document_vector, query_vector, search_tokens

LAYOUT = 1
"""Raised when the vectors or the payload change."""
TEXT_VECTOR = "text"
READERS = "metadata.readers"


class SearchTokens(SparseEmbeddings):
    """Our search tokens as LangChain's sparse embeddings."""

    def embed_documents(self, texts: list[str]) -> list[SparseVector]:
        return [_sparse(document_vector(search_tokens(text))) for text in texts]

    def embed_query(self, text: str) -> SparseVector:
        return _sparse(query_vector(search_tokens(text)))


class PassageVectors(Embeddings):
    """The embedder as LangChain's embeddings of passages. Raises SignpostError."""

    def __init__(self, dense: DenseVectors) -> None:
        self._dense = dense

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._dense.of_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._dense.of_documents([text])[0]


def collection_name(ledger_id: str, collection: str) -> str:
    """What a collection of ours is called there: a hash, for the name may be any text, and one server may hold what
    belongs to several ledgers."""
    return f"signpost-{ledger_id}-{content_hash(collection.encode('utf-8', 'surrogatepass'))[:32]}"


def readable_by(readers: Iterable[str]) -> models.Filter:
    """What one of `readers` may read. Names that are no valid text belong to nobody, and cannot be sent."""
    known = [reader for reader in readers if _is_text(reader)]
    return models.Filter(must=[models.FieldCondition(key=READERS, match=models.MatchAny(any=known))])


def create_collection(
    client: QdrantClient,
    name: str,
    settings: QdrantSettings,
    *,
    collection: str,
    index_version: str,
    dimension: int | None,
) -> None:
    """An empty collection that `is_current`. dimension: of its dense vectors; None for none."""
    memory = models.Memory.COLD if settings.on_disk else None
    client.create_collection(
        name,
        vectors_config={} if dimension is None else {DENSE_VECTOR: _dense_params(dimension, settings)},
        sparse_vectors_config={
            TEXT_VECTOR: models.SparseVectorParams(
                index=models.SparseIndexParams(memory=memory), modifier=models.Modifier.IDF
            )
        },
        shard_number=settings.shards,
        replication_factor=settings.replicas,
        # Most must have a change before it counts: what is refused stays in the ledger's outbox and is sent again.
        write_consistency_factor=settings.replicas // 2 + 1,
        metadata={"collection": collection.encode("utf-8", "replace").decode(), "index_version": index_version},
    )
    index_readers(client, name)


def _dense_params(dimension: int, settings: QdrantSettings) -> models.VectorParams:
    memory = models.Memory.COLD if settings.on_disk else None
    return models.VectorParams(
        size=dimension,
        distance=models.Distance.COSINE,
        memory=memory,
        hnsw_config=models.HnswConfigDiff(memory=memory),
        quantization_config=_quantization(settings.quantization, is_on_disk=settings.on_disk),
    )


def _quantization(kind: Quantization, *, is_on_disk: bool) -> models.QuantizationConfig | None:
    # The small vectors stay in memory, and find what is then read from the disk.
    memory = models.Memory.PINNED if is_on_disk else None
    if kind == "scalar":
        return models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, memory=memory)
        )
    if kind == "binary":
        return models.BinaryQuantization(binary=models.BinaryQuantizationConfig(memory=memory))
    return None


def index_readers(client: QdrantClient, name: str) -> None:
    """Every search filters by readers. Harmless where the index is there."""
    client.create_payload_index(name, READERS, models.PayloadSchemaType.KEYWORD, wait=True)


def is_current(info: models.CollectionInfo, index_version: str, *, dense: DenseVectors | None) -> bool:
    """Whether the collection is one that `create_collection` has made for this version and embedder."""
    params = info.config.params
    text = (params.sparse_vectors or {}).get(TEXT_VECTOR)
    return (
        (info.config.metadata or {}).get("index_version") == index_version
        and text is not None
        and text.modifier == models.Modifier.IDF
        and (_holds(params.vectors, dense) if dense else not params.vectors)
    )


def _holds(vectors: models.VectorsConfig | None, dense: DenseVectors) -> bool:
    if not isinstance(vectors, dict) or set(vectors) != {DENSE_VECTOR}:
        return False
    held = vectors[DENSE_VECTOR]
    dense.expect(held.size)
    return held.distance == models.Distance.COSINE and held.size == dense.dimension


def _sparse(terms: Terms) -> SparseVector:
    return SparseVector(indices=list(terms.indices), values=list(terms.values))


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
