"""A file beside what the ledger holds of it."""

from dataclasses import replace
from pathlib import Path

from ingest.file_uri import file_uri
from ingest.prepare import Source
from tools.stores.protocols import Ledger


async def source_of(path: Path, template: Source, ledger: Ledger) -> Source:
    """The Source of the file at `path`; `template`: what it has in common with others. Raises FileError, StoreError."""
    known = await ledger.documents_held(None, file_uri(path))
    held = {document.id: document for document in known if document.collection == template.collection}
    elsewhere = [document for document in known if document.collection != template.collection]
    return replace(template, path=path, held=held, held_elsewhere=elsewhere)
