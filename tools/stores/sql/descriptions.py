"""Descriptions of pictures, kept so that a model is paid once for each; they go with the document that shows it."""

import time

from sqlalchemy import Connection, delete, insert, select

from tools.stores.sql.tables import descriptions


def description(connection: Connection, key: str) -> str | None:
    """The newest text kept under `key`, for whichever document."""
    newest = select(descriptions.c.text).where(descriptions.c.key == key).order_by(descriptions.c.created_at.desc())
    return connection.execute(newest.limit(1)).scalar_one_or_none()


def keep_description(connection: Connection, key: str, document_id: str, text: str) -> None:
    """Keeps a text for a document, in place of the one there was."""
    of_document = (descriptions.c.key == key) & (descriptions.c.document_id == document_id)
    connection.execute(delete(descriptions).where(of_document))
    values = {"key": key, "document_id": document_id, "text": text, "created_at": time.time()}
    connection.execute(insert(descriptions).values(values))
