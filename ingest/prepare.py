"""From a file's bytes to all that the ledger keeps of it: document, chunks, extraction, vocabulary. No stores here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.extract import EXTRACTOR_VERSION, extract
from ingest.load import load_content
from ingest.loaders import OWN_ID
from ingest.split import SPLITTER_VERSION, split
from tools.shapes import Chunk, Document, Extraction, LoadedFile
from tools.stores.index_replay import vocabulary
from tools.text.clean import one_line
from tools.text.identifiers import content_hash, document_id

INGEST_VERSION = f"{SPLITTER_VERSION} {EXTRACTOR_VERSION}"
"""Stands in each document's metadata under `VERSION_KEY`: a document that an older version split is split again."""

VERSION_KEY = "ingest_version"
_MAX_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with all that belongs to it, ready for `Ledger.replace_document`."""

    document: Document
    chunks: tuple[Chunk, ...]
    extraction: Extraction
    vocabulary: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read, and how its documents are to be kept."""

    path: Path
    content: bytes
    collection: str
    readers: tuple[str, ...]

    @property
    def uri(self) -> str:
        """The file's path; the same for all documents of one file."""
        return self.path.as_posix()

    def is_kept(self, known: Mapping[str, Document]) -> bool:
        """Whether `known` (by id) holds this file as it is. Not for .jsonl: its rows are compared one by one."""
        document = known.get(document_id(self.collection, self.uri))
        return document is not None and self._is_same(document, content_hash(self.content))

    def _is_same(self, document: Document, new_hash: str) -> bool:
        return (
            document.content_hash == new_hash
            and set(document.readers) == set(self.readers)
            and document.metadata.get(VERSION_KEY) == INGEST_VERSION
        )

    def load(self) -> list[LoadedFile]:
        """The documents in the file. Raises FileError."""
        return load_content(self.content, self.path)

    def prepare(self, loaded: LoadedFile, known: Mapping[str, Document]) -> Prepared | str:
        """All that is to be stored, or the document's id where `known` holds it as it is."""
        document = self._document(loaded)
        before = known.get(document.id)
        if before is not None and self._is_same(before, document.content_hash):
            return document.id
        chunks = split(loaded, document.id)
        return Prepared(document, tuple(chunks), extract(document, chunks), vocabulary(document, chunks))

    def _document(self, loaded: LoadedFile) -> Document:
        own_id = loaded.metadata.get(OWN_ID)
        metadata = {key: value for key, value in loaded.metadata.items() if key != OWN_ID}
        is_row = loaded.format == "jsonl"
        key = self.uri if not is_row else f"{self.uri}#{content_hash(_row(loaded))}"
        return Document(
            id=own_id or document_id(self.collection, key),
            collection=self.collection,
            title=one_line(loaded.title)[:_MAX_TITLE_CHARACTERS] or self.path.name,
            uri=self.uri,
            format=loaded.format,
            content_hash=content_hash(_row(loaded) if is_row else self.content),
            readers=self.readers,
            page_count=len(loaded.pages) if loaded.has_pages else None,
            metadata={**metadata, VERSION_KEY: INGEST_VERSION},
        )


def _row(loaded: LoadedFile) -> bytes:
    return json.dumps([loaded.title, loaded.text, loaded.metadata], sort_keys=True, ensure_ascii=False).encode()
