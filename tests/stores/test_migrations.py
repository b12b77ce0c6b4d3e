import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from tools.errors import StoreNewerError
from tools.stores import migrations
from tools.stores.migrations import MIGRATIONS, migrate
from tools.stores.sql_ledger import SqlLedger
from tools.stores.sqlite_engine import sqlite_engine
from tools.stores.tables import metadata


def schema(engine: Engine) -> dict[str, Any]:
    """Everything that inspection tells about the tables, in an order that does not matter."""
    found = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in found.get_columns(table)
            },
            "primary key": found.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"], key["options"])
                for key in found.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"]) for index in found.get_indexes(table)
            ),
            "unique": found.get_unique_constraints(table),
        }
        for table in found.get_table_names()
    }


def test_migrated_schema_equals_the_tables(tmp_path: Path) -> None:
    migrated = sqlite_engine(tmp_path / "migrated.db")
    migrate(migrated, "here")
    created = create_engine(f"sqlite:///{tmp_path}/created.db")
    metadata.create_all(created)
    assert schema(migrated) == schema(created)
    migrated.dispose()
    created.dispose()


async def test_a_fresh_ledger_has_the_newest_version_and_opening_again_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    for _ in range(2):
        ledger = SqlLedger.open(file)
        await ledger.close()
        engine = sqlite_engine(file)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT version FROM schema_version")).scalars().all() == [len(MIGRATIONS)]
        engine.dispose()


async def test_a_newer_ledger_is_refused_and_untouched(tmp_path: Path) -> None:
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


def test_migrations_run_in_order_and_only_once(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "ledger.db")
    second = ("ALTER TABLE documents ADD COLUMN pages_read INTEGER", "UPDATE documents SET pages_read = 0")
    migrate(engine, "here")
    for _ in range(2):
        migrate(engine, "here", (*MIGRATIONS, second))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version FROM schema_version")).scalar_one() == len(MIGRATIONS) + 1
    assert "pages_read" in schema(engine)["documents"]["columns"]
    engine.dispose()


def test_a_migration_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "ledger.db")
    migrate(engine, "here")
    before = schema(engine)
    broken = ("ALTER TABLE documents ADD COLUMN half INTEGER", "CREATE nonsense")
    with pytest.raises(Exception, match="nonsense"):
        migrate(engine, "here", (*MIGRATIONS, broken))
    assert schema(engine) == before
    migrations.check_version(engine, "here")
    engine.dispose()
