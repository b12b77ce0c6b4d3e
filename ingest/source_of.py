"""A file beside what the ledger holds of it."""

import asyncio
from dataclasses import replace
from pathlib import Path

from ingest.file_uri import file_uri
from ingest.load import file_hash
from ingest.loaders.community import fetch
from ingest.prepare import Source
from ingest.reading import Reading
from tools.stores.protocols import Ledger
from tools.text.identifiers import content_hash


async def source_of(path: Path, template: Source, ledger: Ledger) -> Source:
    """The Source of the file at `path`; `template`: what it has in common with others. Raises FileError, StoreError."""
    known = await ledger.documents_held(None, file_uri(path))
    held = {document.id: document for document in known if document.collection == template.collection}
    elsewhere = [document for document in known if document.collection != template.collection]
    return replace(template, path=path, held=held, held_elsewhere=elsewhere)


async def content_of(path: Path, reading: Reading) -> tuple[bytes | None, str, int]:
    """What a loader of others gives; of a file nothing, for it is read where it is loaded. Hash and size of it.

    Raises SignpostError; its cause is an OSError where the system could not give the file.
    """
    if reading.loader:
        content = await asyncio.to_thread(fetch, path, reading.loader)
        return content, content_hash(content), len(content)
    return None, *await asyncio.to_thread(file_hash, path, reading.limits.file_bytes)
