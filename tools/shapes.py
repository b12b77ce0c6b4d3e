"""The data shapes that all folders share: documents, chunks, facts, hits. Plain frozen values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["zh", "en"]
SourceStatus = Literal["ok", "empty", "rate_limited", "timeout", "down"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in PDF points from the page's top left."""

DEFAULT_COLLECTION = "default"


@dataclass(frozen=True, slots=True)
class TextBox:
    """Where the characters from `start` up to `end` of a text stand on their page: most often one line of print."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """One page, sheet or slide of a loaded file; `number` counts from 1. `text` is Markdown.

    `boxes`: of `text`, in its order, without overlaps; what has no place, such as what Markdown adds, has none.
    `is_ocr`: the text, or a part of it, was recognized in a picture.
    """

    number: int
    text: str
    is_ocr: bool = False
    boxes: tuple[TextBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a document, to be described. `marker`: stands in the text of its page where its description goes.

    `content`: its file, no larger than a model needs; `media_type`: such as image/jpeg.
    """

    marker: str
    content: bytes
    media_type: str


Missed = Literal["ocr", "vision", "rows"]
"""What a document was read without: of pictures text recognition or descriptions by a model; rows of its file."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What a loader read. `pages` has one entry when the format knows no pages (`has_pages` False).

    `pictures`: those whose markers stand in the pages; ingest/describe.py puts descriptions in their place.
    `missed`: what would have told more of this document, and may be there another time.
    """

    title: str
    format: str
    pages: tuple[Page, ...]
    has_pages: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def text(self) -> str:
        """All pages, joined by a blank line."""
        return "\n\n".join(page.text for page in self.pages)


@dataclass(frozen=True, slots=True)
class Document:
    """A loaded source. `id` is derived from its key; `content_hash` is the SHA-256 of its bytes, in hex."""

    id: str
    collection: str
    title: str
    uri: str
    format: str
    content_hash: str
    readers: tuple[str, ...]
    page_count: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document, the unit that is searched and cited.

    `id` is a UUID derived from the document and the content; `index` counts from 0 within the document;
    `page` counts from 1 (None where the format has no pages); `section` is the path of headings, " > " between.
    `boxes`: of `text`, as in `Page`. `parent`: number of the section that it is a part of; the chunks of one document
    with the same number, in their order, are what a reader should read. `metadata`: JSON; see ingest/chunk_metadata.py.
    """

    id: str
    document_id: str
    index: int
    text: str
    page: int | None = None
    section: str = ""
    boxes: tuple[TextBox, ...] = ()
    parent: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that the documents name. `kind`: person, organization, place, term, code, title or thing."""

    name: str
    kind: str
    chunk_id: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation between two entities, with the sentence and chunk it was read from."""

    id: str
    head: str
    relation: str
    tail: str
    sentence: str
    chunk_id: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read out of a document's chunks for the knowledge graph."""

    entities: tuple[Entity, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class WebPage:
    """A web search result. `text` is what the search engine showed of it."""

    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk or web page as the agent reads it: text with where it stands. `boxes`: of `text`, as in `Page`.

    `article`: of a law or contract, the one that `text` belongs to: 第九条. `details`: what is known of its document,
    with keys of tools/text/document_details.py.
    """

    id: str
    document_id: str
    title: str
    uri: str
    text: str
    page: int | None = None
    section: str = ""
    boxes: tuple[TextBox, ...] = ()
    article: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What is read together of a document, as one text: neighbouring chunks in their order.

    places: where each of them stands in `text`, by id, in their order.
    """

    document_id: str
    text: str
    places: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search. `score`: higher is better, comparable only within one search.

    `facts` are the relations that led to it, when it was found through the knowledge graph.
    """

    passage: Passage
    score: float
    source: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One search of one source. `detail` says why a status is not ok, in a few words, without contents.

    `without`: what the search has done without, such as the ledger, and how that failed.
    """

    status: SourceStatus
    hits: tuple[Hit, ...] = ()
    detail: str = ""
    without: Mapping[str, SourceStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to. Empty means everything that the identity may read."""

    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Token ids (32-bit) with their weights, the same length."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What one identity can see in the stores."""

    documents: int
    chunks: int
    entities: int
    facts: int
