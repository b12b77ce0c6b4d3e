"""Descriptions of pictures, kept so that a model is paid once for each."""

import time

from sqlalchemy import Connection, delete, insert, select

from tools.stores.sql.tables import descriptions


def description(connection: Connection, key: str) -> str | None:
    """The text kept under `key`."""
    return connection.execute(select(descriptions.c.text).where(descriptions.c.key == key)).scalar_one_or_none()


def keep_description(connection: Connection, key: str, text: str) -> None:
    """Keeps a text in place of the one there was."""
    connection.execute(delete(descriptions).where(descriptions.c.key == key))
    connection.execute(insert(descriptions).values(key=key, text=text, created_at=time.time()))
