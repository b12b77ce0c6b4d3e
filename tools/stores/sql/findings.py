"""What models found in parts of documents, kept so that each is paid for once; it goes with the document it is of."""

import time
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from tools.stores.protocols import Finding
from tools.stores.sql.tables import documents, findings


def finding(connection: Connection, key: str) -> str | None:
    """The newest text kept under `key`, for whichever document."""
    newest = select(findings.c.text).where(findings.c.key == key).order_by(findings.c.created_at.desc())
    return connection.execute(newest.limit(1)).scalar_one_or_none()


def findings_of(connection: Connection, ids: Sequence[str]) -> list[Finding]:
    """What is kept for these documents, by document and key."""
    return _sorted(connection, findings.c.document_id.in_(ids))


def findings_of_none(connection: Connection) -> list[Finding]:
    """What is kept for documents that are not stored yet, by document and key."""
    return _sorted(connection, findings.c.document_id.not_in(select(documents.c.id)))


def keep_findings(connection: Connection, kept: Sequence[Finding]) -> None:
    """Keeps these, in place of those there were under the same keys for the same documents."""
    forget_findings(connection, kept)
    if kept:
        now = time.time()
        connection.execute(
            insert(findings),
            [{"key": each.key, "document_id": each.document_id, "text": each.text, "created_at": now} for each in kept],
        )


def forget_findings(connection: Connection, gone: Sequence[Finding]) -> None:
    """Deletes what is kept under these keys for these documents."""
    if gone:
        each_one = delete(findings).where(
            findings.c.key == bindparam("of_key"), findings.c.document_id == bindparam("of_document")
        )
        connection.execute(each_one, [{"of_key": each.key, "of_document": each.document_id} for each in gone])


def _sorted(connection: Connection, condition: ColumnElement[bool]) -> list[Finding]:
    chosen = select(findings.c.key, findings.c.document_id, findings.c.text).where(condition)
    rows = connection.execute(chosen.order_by(findings.c.document_id, findings.c.key))
    return [Finding(*row) for row in rows]
