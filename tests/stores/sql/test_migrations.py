import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from tests.stores.examples import LIN, NOTHING, make_chunks, make_document
from tools.errors import StoreCorruptError, StoreNewerError
from tools.shapes import Counts
from tools.stores.sql.migrations import MIGRATIONS, check_version, migrate
from tools.stores.sql.postgres_address import PostgresAddress
from tools.stores.sql.postgres_engine import PostgresEngine
from tools.stores.sql.sql_database import SqlEngine
from tools.stores.sql.sql_ledger import SqlLedger
from tools.stores.sql.sqlite_engine import SqliteEngine
from tools.stores.sql.tables import metadata

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]
# SQLAlchemy reads back no index of SQLite on an expression.
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")

KINDS = ["SQLite", "PostgreSQL"]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Of an empty database."""
    if request.param == "SQLite":
        return tmp_path / "ledger.db"
    url: str = request.getfixturevalue("database_url")
    return url


def engine_of(place: str | Path) -> SqlEngine:
    return SqliteEngine(place) if isinstance(place, Path) else PostgresEngine(PostgresAddress.parse(place, 5))


@pytest.fixture
async def engine(place: str | Path) -> AsyncIterator[SqlEngine]:
    made = engine_of(place)
    yield made
    made.root.dispose()


def schema(engine: Engine) -> dict[str, Any]:
    """Everything that inspection tells about the tables, in an order that does not matter."""
    found = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (repr(column["type"]), column["nullable"], column["default"])
                for column in found.get_columns(table)
            },
            "primary key": found.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"], key["options"])
                for key in found.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (index["name"], index.get("expressions", index["column_names"]), index["unique"])
                for index in found.get_indexes(table)
            ),
            "unique": found.get_unique_constraints(table),
        }
        for table in found.get_table_names()
    }


def version_of(engine: SqlEngine) -> int:
    with engine.reading.connect() as connection:
        found: int = connection.execute(text("SELECT version FROM schema_version")).scalar_one()
        return found


def test_migrated_schema_equals_the_tables(engine: SqlEngine) -> None:
    migrate(engine.patient, "here")
    migrated = schema(engine.root)
    assert set(migrated) == set(metadata.tables)
    with engine.writing.begin() as connection:
        metadata.drop_all(connection)
    metadata.create_all(engine.writing)
    assert schema(engine.root) == migrated


def test_postgresql_orders_and_compares_every_text_by_its_bytes(database_url: str) -> None:
    engine = engine_of(database_url)
    migrate(engine.patient, "here")
    texts = [
        (table, column)
        for table, found in schema(engine.root).items()
        for column, (kind, _, _) in found["columns"].items()
        if kind.startswith("TEXT") and "collation='C'" not in kind
    ]
    assert texts == []
    engine.root.dispose()


async def test_a_fresh_ledger_has_the_newest_version_and_opening_again_changes_nothing(
    place: str | Path, engine: SqlEngine
) -> None:
    for _ in range(2):
        await SqlLedger.open(place).close()
        assert version_of(engine) == len(MIGRATIONS)


async def test_an_upgrade_keeps_what_the_first_version_held(place: str | Path, engine: SqlEngine) -> None:
    migrate(engine.patient, "here", MIGRATIONS[:1])
    document = make_document("报告.md", readers=("user:lin",), metadata={"author": "林"})
    (chunk,) = make_chunks(document, "正文")
    with engine.writing.begin() as connection:
        connection.execute(
            text("INSERT INTO documents VALUES (:id, 'default', :title, :uri, 'md', :hash, NULL, :metadata, 'x', 'x')"),
            {
                "id": document.id,
                "title": document.title,
                "uri": document.uri,
                "hash": document.content_hash,
                "metadata": '{"author": "林"}',
            },
        )
        connection.execute(text("INSERT INTO document_readers VALUES (:id, 'user:lin')"), {"id": document.id})
        connection.execute(
            text("INSERT INTO chunks VALUES (:id, :document, 0, :text, NULL, '', NULL, 'index-1')"),
            {"id": chunk.id, "document": document.id, "text": chunk.text},
        )
    ledger = SqlLedger.open(place)
    assert version_of(engine) == len(MIGRATIONS)
    assert await ledger.documents(LIN) == [document]
    assert (await ledger.passages([chunk.id], LIN))[chunk.id].text == "正文"
    assert await ledger.pending("index-1") == []
    assert (await ledger.pending_graph("graph-1")).documents[0].revision == 1
    await ledger.replace_document(document, [chunk], NOTHING)
    assert await ledger.counts(LIN) == Counts(1, 1, 0, 0)
    await ledger.close()


async def test_a_newer_file_is_refused_and_untouched(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    await SqlLedger.open(file).close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE schema_version SET version = 999")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # opening must not turn the log on either
    before = file.read_bytes()
    with pytest.raises(StoreNewerError, match="999") as raised:
        SqlLedger.open(file)
    assert str(file) in raised.value.what
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["ledger.db"]


async def test_a_newer_database_is_refused_and_untouched(database_url: str) -> None:
    await SqlLedger.open(database_url).close()
    engine = engine_of(database_url)
    with engine.writing.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 999"))
    before = schema(engine.root)
    with pytest.raises(StoreNewerError, match="999") as raised:
        SqlLedger.open(database_url)
    assert engine.place in raised.value.what
    assert "SIGNPOST_DATABASE_URL" in raised.value.next_step
    assert schema(engine.root) == before
    assert version_of(engine) == 999
    engine.root.dispose()


async def test_another_programs_tables_are_left_alone(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.writing.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    with pytest.raises(StoreCorruptError, match="not a Signpost ledger") as raised:
        SqlLedger.open(database_url)
    assert "SIGNPOST_DATABASE_URL" in raised.value.next_step
    assert list(schema(engine.root)) == ["recipes"]
    engine.root.dispose()


def test_migrations_run_in_order_and_only_once(engine: SqlEngine) -> None:
    second = ("ALTER TABLE documents ADD COLUMN pages_read INTEGER", "UPDATE documents SET pages_read = 0")
    migrate(engine.patient, "here")
    for _ in range(2):
        migrate(engine.patient, "here", (*MIGRATIONS, second))
    assert version_of(engine) == len(MIGRATIONS) + 1
    assert "pages_read" in schema(engine.root)["documents"]["columns"]


def test_a_migration_that_fails_leaves_the_version_before_it(engine: SqlEngine) -> None:
    migrate(engine.patient, "here")
    before = schema(engine.root)
    broken = ("ALTER TABLE documents ADD COLUMN half INTEGER", "CREATE nonsense")
    with pytest.raises(Exception, match="nonsense"):
        migrate(engine.patient, "here", (*MIGRATIONS, broken))
    assert schema(engine.root) == before
    assert version_of(engine) == len(MIGRATIONS)
    check_version(engine.reading, "here")
