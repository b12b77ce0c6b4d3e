"""The access filter fails closed: a statement that forgets a part of it does not run."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, StatementError

from tests.stores.examples import LIN
from tools.stores.sql.migrations import migrate
from tools.stores.sql.sqlite_engine import sqlite_engine
from tools.stores.sql.tables import chunks, documents
from tools.stores.sql.visibility import readable, scope, visible


def test_a_filtered_statement_does_not_run_without_an_identity(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "ledger.db")
    migrate(engine, "here")
    with engine.connect() as connection:
        for condition in (readable(documents.c.id), visible(documents.c.id)):
            statement = select(documents.c.id).where(condition)
            assert connection.execute(statement, scope(LIN)).all() == []
            with pytest.raises(StatementError, match="access_readers"):
                connection.execute(statement)
    engine.dispose()


def test_a_filter_on_a_table_that_is_not_read_does_not_run(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "ledger.db")
    migrate(engine, "here")
    with engine.connect() as connection:
        for condition in (readable(documents.c.id), visible(documents.c.id)):
            statement = select(func.count()).select_from(chunks).where(condition)
            with pytest.raises(OperationalError, match="no such column"):
                connection.execute(statement, scope(LIN))
    engine.dispose()
