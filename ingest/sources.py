"""Files beside what the ledger holds of them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ingest.file_uri import file_uri
from ingest.load import file_hash
from ingest.loaders.community import fetch
from ingest.prepare import Source
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import Document
from tools.stores.protocols import Ledger
from tools.text.identifiers import content_hash

_ASKED_AT_ONCE = 100


class Sources:
    """The Sources of files, which are to be asked for in their order. To ask the ledger for each would take longest.

    `template`: what they have in common. For one event loop.
    """

    def __init__(self, files: Iterable[Path], template: Source, ledger: Ledger) -> None:
        self._uris = list(_uris(files))
        self._asked = 0
        self._template = template
        self._ledger = ledger
        self._known: dict[str, list[Document]] = {}
        self._asking = asyncio.Lock()

    async def of(self, path: Path) -> Source:
        """The Source of one of the files, once. Raises FileError, StoreError."""
        uri = file_uri(path)
        async with self._asking:
            if uri not in self._known:
                await self._ask(uri)
            known = self._known.pop(uri)
        here = self._template.collection
        held = {document.id: document for document in known if document.collection == here}
        elsewhere = [document for document in known if document.collection != here]
        return replace(self._template, path=path, held=held, held_elsewhere=elsewhere)

    async def _ask(self, uri: str) -> None:
        """About this file and the next ones."""
        until = self._asked + _ASKED_AT_ONCE
        uris = list({uri, *self._uris[self._asked : until]})
        by_uri: defaultdict[str, list[Document]] = defaultdict(list)
        for document in await self._ledger.documents_held(None, uris):
            by_uri[document.uri].append(document)
        self._known |= {asked: by_uri[asked] for asked in uris}
        self._asked = until


async def content_of(path: Path, reading: Reading) -> tuple[bytes | None, str, int]:
    """What a loader of others gives; of a file nothing, for it is read where it is loaded. Hash and size of it.

    Raises SignpostError; its cause is an OSError where the system could not give the file.
    """
    if reading.loader:
        content = await asyncio.to_thread(fetch, path, reading.loader)
        return content, content_hash(content), len(content)
    return None, *await asyncio.to_thread(file_hash, path, reading.limits.file_bytes)


def _uris(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        with suppress(FileError):  # raised when it is that file's turn
            yield file_uri(path)
