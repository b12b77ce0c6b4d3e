"""From a file to all that the ledger keeps of it: document, chunks, extraction. No stores here."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ingest import ocr
from ingest.extract import EXTRACTOR_VERSION, extract
from ingest.file_uri import file_uri
from ingest.load import failed_reading, load_content, read_file
from ingest.loaders import LOADERS_VERSION, OWN_ID
from ingest.loaders.jsonl import row_key
from ingest.reading import Reading
from ingest.splitting import SPLITTER_VERSION
from ingest.splitting.choose import BY_CONTENT, choose
from ingest.splitting.semantic import Likeness, likeness_by_words
from ingest.splitting.split import split
from tools.access import EVERYONE
from tools.errors import SignpostError
from tools.shapes import Chunk, Document, Extraction, LoadedFile
from tools.text.clean import one_line
from tools.text.identifiers import content_hash, document_id

INGEST_VERSION = f"{LOADERS_VERSION} {SPLITTER_VERSION} {EXTRACTOR_VERSION}"
"""Stands in each document's metadata under `VERSION_KEY`: a document that an older version read is read again."""

VERSION_KEY = "ingest_version"
SPLITTER_KEY = "splitter"
"""Which splitter the document was split by. Under `ASKED_SPLITTER_KEY` stands the one that was asked for, if any."""
ASKED_SPLITTER_KEY = "asked_splitter"
WARNINGS_KEY = "ingest_warnings"
"""What was said of the document when it was read."""
MISSED_KEY = "missed"
"""What the document was read without, as in `LoadedFile.missed`: it is read again once that can be had."""
_OURS = frozenset({OWN_ID, VERSION_KEY, SPLITTER_KEY, ASKED_SPLITTER_KEY, WARNINGS_KEY, MISSED_KEY})
"""What a row says of itself under these names is not kept: it would be taken for what was found."""
_MAX_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with all that belongs to it, ready for `Ledger.replace_document`. `warnings`: of its loader.

    `is_whole`: False where rows of its file could not be read.
    """

    document: Document
    chunks: tuple[Chunk, ...]
    extraction: Extraction
    warnings: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def document_id(self) -> str:
        """Of the document."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that the ledger holds as it is. `warnings` and `is_whole`: as in `Prepared`."""

    document_id: str
    warnings: tuple[str, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True)
class Source:
    """A file, and how its documents are to be kept. It can be handed to another process.

    `content`: its bytes, where they are known; they are read otherwise, in the process that needs them.
    `held`: the documents of this file that the ledger holds in this collection, by id, whoever may read them.
    `held_elsewhere`: those in other collections. `readers` None: those that each document has, for a file that only
    another collection holds those that it has there, and for a new file everyone. `likeness`: for the
    splitter by topic; one that asks a model cannot be handed to another process.
    """

    path: Path
    content: bytes | None
    collection: str
    readers: tuple[str, ...] | None
    held: Mapping[str, Document]
    held_elsewhere: Sequence[Document] = ()
    reading: Reading = field(default_factory=Reading)
    likeness: Likeness = likeness_by_words

    @property
    def is_new(self) -> bool:
        """Whether nothing tells yet who may read it."""
        return self.readers is None and not self.held and not self.held_elsewhere

    @property
    def splits_by_topic(self) -> bool:
        """Whether a document of the file may be split by topic: that is asked for, or was when it was added before."""
        asked = [self._asked_splitter(document) for document in self.held.values()] or [self._asked_splitter(None)]
        return "semantic" in asked

    @cached_property
    def uri(self) -> str:
        """The file's path; the same for all documents of one file. Raises FileError."""
        return file_uri(self.path)

    @cached_property
    def data(self) -> bytes:
        """The file's bytes. Raises FileError."""
        return read_file(self.path, self.reading.limits.file_bytes) if self.content is None else self.content

    def is_kept(self, hash_: str) -> bool:
        """Whether the ledger holds a file with this hash as it is. Not for .jsonl: its rows are compared one by one."""
        id_ = document_id(self.collection, self.uri)
        return id_ in self.held and self._is_same(self.held[id_], hash_)

    def _is_same(self, document: Document, new_hash: str) -> bool:
        return (
            document.content_hash == new_hash
            and set(document.readers) == set(self._readers_of(document.id))
            and document.metadata.get(VERSION_KEY) == INGEST_VERSION
            and document.metadata.get(ASKED_SPLITTER_KEY, "") == self._asked_splitter(document)
            and not self._tells_more_now(document)
        )

    def _tells_more_now(self, document: Document) -> bool:
        """Whether it was read without something that can be had now."""
        missed = document.metadata.get(MISSED_KEY, ())
        if "vision" in missed and self.reading.describes_pictures:
            return True
        return "ocr" in missed and self.reading.recognizes_text and ocr.is_available()

    def _asked_splitter(self, before: Document | None) -> str:
        """The splitter that is asked for, now or when the document was added before; empty where content decides."""
        if self.reading.splitter:
            return "" if self.reading.splitter == BY_CONTENT else self.reading.splitter
        return str(before.metadata.get(ASKED_SPLITTER_KEY, "")) if before is not None else ""

    def _readers_of(self, id_: str) -> tuple[str, ...]:
        if self.readers is not None:
            return self.readers
        if id_ in self.held:
            return self.held[id_].readers
        return self._readers_of_new

    @cached_property
    def _readers_of_new(self) -> tuple[str, ...]:
        """A new document goes with the file's others, and with the private ones where they differ."""
        others = self.held.values() or self.held_elsewhere
        return min((other.readers for other in others), key=lambda readers: EVERYONE in readers, default=(EVERYONE,))

    def load(self) -> list[LoadedFile]:
        """The documents in the file. Raises FileError."""
        return load_content(self.data, self.path, self.reading)

    def holds(self, loaded: LoadedFile) -> bool:
        """Whether the ledger holds the document as it is."""
        return self._is_held(self._document(loaded))

    def document_id_of(self, loaded: LoadedFile) -> str:
        """The id that the document has or will have."""
        return self._document(loaded).id

    def _is_held(self, document: Document) -> bool:
        before = self.held.get(document.id)
        return before is not None and self._is_same(before, document.content_hash)

    def prepare(self, loaded: LoadedFile) -> Prepared | Kept:
        """All that is to be stored of a document, or that the ledger holds it as it is."""
        document = self._document(loaded)
        asked = self._asked_splitter(self.held.get(document.id))
        is_whole = "rows" not in loaded.missed
        if self._is_held(document):
            return Kept(document.id, loaded.warnings, is_whole)
        splitter = asked or choose(loaded)
        chunks = split(loaded, document.id, splitter, self.likeness)
        told = {SPLITTER_KEY: splitter, ASKED_SPLITTER_KEY: asked, WARNINGS_KEY: list(loaded.warnings)}
        known = {key: value for key, value in told.items() if value}
        document = replace(document, metadata={**document.metadata, **known})
        return Prepared(document, tuple(chunks), extract(document, chunks), loaded.warnings, is_whole)

    def _document(self, loaded: LoadedFile) -> Document:
        own_id = loaded.metadata.get(OWN_ID)
        metadata = {key: value for key, value in loaded.metadata.items() if key not in _OURS}
        missed = [each for each in loaded.missed if each != "rows"]  # of the file, not of this document
        is_row = loaded.format == "jsonl"
        hash_ = content_hash(row_key(loaded).encode() if is_row else self.data)
        id_ = own_id or document_id(self.collection, f"{self.uri}#{hash_}" if is_row else self.uri)
        return Document(
            id=id_,
            collection=self.collection,
            title=one_line(loaded.title)[:_MAX_TITLE_CHARACTERS] or one_line(self.path.name),
            uri=self.uri,
            format=loaded.format,
            content_hash=hash_,
            readers=self._readers_of(id_),
            page_count=len(loaded.pages) if loaded.has_pages else None,
            metadata={
                **metadata,
                VERSION_KEY: INGEST_VERSION,
                **({MISSED_KEY: missed} if missed else {}),
            },
        )


def prepared_documents(source: Source) -> Iterator[Prepared | Kept]:
    """The documents of a file, one by one: work for a process of its own. Raises SignpostError, whatever goes wrong."""
    for loaded in loaded_documents(source):
        yield prepared_document(source, loaded)


def loaded_documents(source: Source) -> Iterator[LoadedFile]:
    """The first half of it: what is read of the file. Raises SignpostError, whatever goes wrong."""
    with _whatever_goes_wrong(source):
        yield from source.load()


def prepared_document(source: Source, loaded: LoadedFile) -> Prepared | Kept:
    """The second half of it, for one document. Raises SignpostError, whatever goes wrong."""
    with _whatever_goes_wrong(source):
        return source.prepare(loaded)


@contextmanager
def _whatever_goes_wrong(source: Source) -> Iterator[None]:
    try:
        yield
    except SignpostError:
        raise
    except Exception as error:  # as in `load_content`: it must not stop the other files
        raise failed_reading(error, source.path.name, source.reading.limits) from error
