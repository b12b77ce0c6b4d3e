"""The ledger's tables, as SQLAlchemy Core metadata that SQLite and PostgreSQL both take.

A change here needs a new entry in `migrations.py`; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    literal_column,
)

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

# One row, written when the ledger is first opened.
identity = Table("identity", metadata, Column("id", Text, primary_key=True))

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("collection", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("page_count", Integer),
    Column("metadata", JSON, nullable=False),
    # As a user may write them: compared by tools.text.tokens.fold.
    Column("folded_title", Text, nullable=False),
    Column("folded_file_name", Text, nullable=False),
    # Raised each time the document is written: what was read before that is outdated.
    Column("revision", Integer, nullable=False, server_default="1"),
    # The outbox to a graph database: NULL or another version means that it does not hold the document yet.
    Column("graph_version", Text),
    Index("documents_by_collection", "collection"),
    Index("documents_by_title", "folded_title"),
    Index("documents_by_file_name", "folded_file_name"),
    Index("documents_by_graph_version", "graph_version"),
)

# PostgreSQL indexes no text of more than some 2,700 bytes, and a uri may be as long as it likes. The numbers stand in
# the statement as they are: the databases know the index again by the expression's words.
uri_start = func.substr(documents.c.uri, literal_column("1"), literal_column("500"))
Index("documents_by_uri", uri_start)

document_readers = Table(
    "document_readers",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("reader", Text, nullable=False),
    PrimaryKeyConstraint("document_id", "reader"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),  # Chunk.index: that word is reserved in SQL
    Column("text", Text, nullable=False),
    Column("page", Integer),
    Column("section", Text, nullable=False),
    Column("parent", Integer, nullable=False, server_default="0"),
    Column("boxes", JSON(none_as_null=True)),  # [start, end, left, top, right, bottom] of each
    Column("metadata", JSON(none_as_null=True)),
    # The outbox of additions: NULL or another version means that the vector store does not hold the chunk yet.
    Column("index_version", Text),
    Index("chunks_by_document", "document_id"),
    Index("chunks_by_index_version", "index_version"),
)

# The outbox of removals. No foreign key: the chunk is gone already.
removals = Table(
    "removals",
    metadata,
    Column("chunk_id", Text, nullable=False),
    Column("collection", Text, nullable=False),
    PrimaryKeyConstraint("chunk_id", "collection"),
)

# The outbox of removals to a graph database.
graph_removals = Table("graph_removals", metadata, Column("document_id", Text, primary_key=True))

# An entity is its folded name; how it is written and of which kind it is stands with each mention, so that a spelling
# never comes out of a document that may not be read.
entities = Table(
    "entities",
    metadata,
    Column("folded_name", Text, primary_key=True),
    Column("lookup_key", Text, nullable=False),
    Index("entities_by_lookup_key", "lookup_key"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("folded_name", Text, ForeignKey("entities.folded_name"), nullable=False),
    Column("chunk_id", Text, nullable=False),
    Column("document_id", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    PrimaryKeyConstraint("folded_name", "chunk_id"),
    Index("mentions_by_document", "document_id", "folded_name"),
    # All that counting an entity's spellings needs, document by document.
    Index("mentions_by_spelling", "folded_name", "document_id", "name", "kind"),
)

facts = Table(
    "facts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("head", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("tail", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("chunk_id", Text, nullable=False),
    Column("document_id", Text, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("folded_head", Text, nullable=False),
    Column("folded_tail", Text, nullable=False),
    # The id stands in the first two so that the first facts of a hub are read without sorting all of them.
    Index("facts_by_head", "folded_head", "id"),
    Index("facts_by_tail", "folded_tail", "id"),
    Index("facts_by_ends", "folded_head", "folded_tail"),
    Index("facts_by_document", "document_id"),
)

# What a model found in a part of a document, a picture for instance, by a hash of the part and of how it was asked, for
# each document that holds it. It is kept before the document is, so that nothing is paid for twice.
findings = Table(
    "findings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("document_id", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("created_at", Float, nullable=False),  # seconds since 1970, UTC
    Index("findings_by_document", "document_id"),
)

web_pages = Table(
    "web_pages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reader", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("expires_at", Float, nullable=False),  # seconds since 1970, UTC
    Index("web_pages_by_expiry", "expires_at"),
)
