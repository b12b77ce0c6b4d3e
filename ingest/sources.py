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
from tools.access import EVERYONE
from tools.errors import FileError
from tools.shapes import Document
from tools.stores.protocols import Ledger
from tools.text.identifiers import content_hash

_ASKED_AT_ONCE = 100

Readers = tuple[str, ...]


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
        self._private: dict[str, Readers] | None = None

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

    async def readers_of_a_copy(self, path: Path, hash_: str) -> Readers | None:
        """Who may read this content where the collection holds it from another place, if not everyone.

        A private file that is moved or copied does not become public by that. Of several the fewest readers.
        Raises FileError, StoreError.
        """
        async with self._asking:
            if self._private is None:
                self._private = await self._private_content(path)
        return self._private.get(hash_)

    async def _private_content(self, path: Path) -> dict[str, Readers]:
        """Readers by hash, of this disk."""
        everything = await self._ledger.documents_below(self._template.collection, file_uri(Path(path.anchor)))
        private = [document for document in everything if EVERYONE not in document.readers]
        ordered = sorted(private, key=lambda document: (len(document.readers), document.readers), reverse=True)
        return {document.content_hash: document.readers for document in ordered}

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
