"""Numbered schema changes, applied in order when a ledger is opened, each in a transaction of its own.

A migration that was released is a record and never changes: later ones are appended. The statements are
plain SQL that SQLite and PostgreSQL both take.
"""

from sqlalchemy import Connection, Engine, inspect, select

from tools.errors import StoreCorruptError, StoreNewerError
from tools.stores.sql.tables import schema_version

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)",
        "INSERT INTO schema_version (version) VALUES (0)",
        """CREATE TABLE documents (
            id TEXT NOT NULL PRIMARY KEY,
            collection TEXT NOT NULL,
            title TEXT NOT NULL,
            uri TEXT NOT NULL,
            format TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            page_count INTEGER,
            metadata JSON NOT NULL,
            folded_title TEXT NOT NULL,
            folded_file_name TEXT NOT NULL
        )""",
        "CREATE INDEX documents_by_collection ON documents (collection)",
        "CREATE INDEX documents_by_uri ON documents (uri)",
        "CREATE INDEX documents_by_title ON documents (folded_title)",
        "CREATE INDEX documents_by_file_name ON documents (folded_file_name)",
        """CREATE TABLE document_readers (
            document_id TEXT NOT NULL,
            reader TEXT NOT NULL,
            PRIMARY KEY (document_id, reader),
            FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
        )""",
        """CREATE TABLE chunks (
            id TEXT NOT NULL PRIMARY KEY,
            document_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            text TEXT NOT NULL,
            page INTEGER,
            section TEXT NOT NULL,
            box JSON,
            index_version TEXT,
            FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
        )""",
        "CREATE INDEX chunks_by_document ON chunks (document_id)",
        "CREATE INDEX chunks_by_index_version ON chunks (index_version)",
        """CREATE TABLE removals (
            chunk_id TEXT NOT NULL,
            collection TEXT NOT NULL,
            PRIMARY KEY (chunk_id, collection)
        )""",
        "CREATE TABLE vocabulary (token_id BIGINT NOT NULL PRIMARY KEY, token TEXT NOT NULL)",
        "CREATE TABLE entities (folded_name TEXT NOT NULL PRIMARY KEY, lookup_key TEXT NOT NULL)",
        "CREATE INDEX entities_by_lookup_key ON entities (lookup_key)",
        """CREATE TABLE mentions (
            folded_name TEXT NOT NULL,
            chunk_id TEXT NOT NULL,
            document_id TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            PRIMARY KEY (folded_name, chunk_id),
            FOREIGN KEY (folded_name) REFERENCES entities (folded_name),
            FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
        )""",
        "CREATE INDEX mentions_by_document ON mentions (document_id, folded_name)",
        "CREATE INDEX mentions_by_spelling ON mentions (folded_name, document_id, name, kind)",
        """CREATE TABLE facts (
            id TEXT NOT NULL PRIMARY KEY,
            head TEXT NOT NULL,
            relation TEXT NOT NULL,
            tail TEXT NOT NULL,
            sentence TEXT NOT NULL,
            chunk_id TEXT NOT NULL,
            document_id TEXT NOT NULL,
            folded_head TEXT NOT NULL,
            folded_tail TEXT NOT NULL,
            FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
        )""",
        "CREATE INDEX facts_by_head ON facts (folded_head, id)",
        "CREATE INDEX facts_by_tail ON facts (folded_tail, id)",
        "CREATE INDEX facts_by_ends ON facts (folded_head, folded_tail)",
        "CREATE INDEX facts_by_document ON facts (document_id)",
        """CREATE TABLE web_pages (
            id TEXT NOT NULL PRIMARY KEY,
            reader TEXT NOT NULL,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            expires_at FLOAT NOT NULL
        )""",
        "CREATE INDEX web_pages_by_expiry ON web_pages (expires_at)",
    ),
    (
        "CREATE TABLE identity (id TEXT NOT NULL PRIMARY KEY)",
        "ALTER TABLE documents ADD COLUMN revision INTEGER DEFAULT '1' NOT NULL",
        "ALTER TABLE documents ADD COLUMN graph_version TEXT",
        "CREATE INDEX documents_by_graph_version ON documents (graph_version)",
        "CREATE TABLE graph_removals (document_id TEXT NOT NULL PRIMARY KEY)",
    ),
    (
        "DROP INDEX documents_by_uri",
        "CREATE INDEX documents_by_uri ON documents (substr(uri, 1, 500))",
    ),
    (
        "ALTER TABLE chunks DROP COLUMN box",  # no released loader has written one
        "ALTER TABLE chunks ADD COLUMN parent INTEGER DEFAULT '0' NOT NULL",
        "ALTER TABLE chunks ADD COLUMN boxes JSON",
        "ALTER TABLE chunks ADD COLUMN metadata JSON",
    ),
    (
        """CREATE TABLE descriptions (
            key TEXT NOT NULL,
            document_id TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at FLOAT NOT NULL,
            PRIMARY KEY (key, document_id)
        )""",
        "CREATE INDEX descriptions_by_document ON descriptions (document_id)",
    ),
    (
        "DROP TABLE vocabulary",  # nothing read it, and it kept single words of documents that were removed
    ),
    (
        "ALTER TABLE descriptions RENAME TO findings",  # of pictures, and now of sentences too
        "DROP INDEX descriptions_by_document",
        "CREATE INDEX findings_by_document ON findings (document_id)",
    ),
)

_ELSEWHERE = "name another place (SIGNPOST_HOME, or SIGNPOST_DATABASE_URL where it is set)"
# LangGraph's tables, which may be there before the ledger's.
_CONVERSATIONS = "checkpoint"


def check_version(engine: Engine, place: str, newest: int = len(MIGRATIONS)) -> int:
    """The schema's version, 0 for an empty database. Reads only.

    Raises StoreNewerError or StoreCorruptError when this is no ledger that we can bring up to date.
    """
    with engine.connect() as connection:
        found = _version(connection, place)
    if found > newest:
        raise StoreNewerError(
            f"The ledger {place} was written by a newer Signpost.",
            why=f"It has schema version {found}; this Signpost knows versions up to {newest}.",
            next_step=f"Update Signpost, or {_ELSEWHERE}. The ledger was not changed.",
        )
    return found


def migrate(engine: Engine, place: str, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Brings the schema up to date. `engine` begins write transactions."""
    for number, statements in enumerate(migrations, start=1):
        with engine.begin() as connection:
            if _version(connection, place) >= number:
                continue
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.execute(schema_version.update().values(version=number))


def _version(connection: Connection, place: str) -> int:
    """Number of the last migration; 0 for an empty database."""
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(_CONVERSATIONS)]
    if schema_version.name in names:
        found = connection.execute(select(schema_version.c.version)).scalar_one_or_none()
        if found is not None:
            return int(found)
    elif not names:
        return 0
    raise StoreCorruptError(
        f"The database {place} is not a Signpost ledger.",
        why="It holds tables, but not the record of their version.",
        next_step=f"Move it away, or {_ELSEWHERE}. Nothing was deleted.",
    )
