"""How files are read: what one file may take, and whether text is recognized in pictures."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take; a file that takes more is refused with the reason, and the others are read.

    file_bytes: on disk. unpacked_bytes: of all that is packed in it. pages: also sheets and slides. pixels: of one
    picture. seconds: of work. memory_bytes: of the process that reads it.
    """

    file_bytes: int = 200 * 2**20
    unpacked_bytes: int = 2**30
    pages: int = 10_000
    pixels: int = 100_000_000
    seconds: float = 600.0
    memory_bytes: int = 2**30


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read. Plain values: it is handed to other processes.

    recognizes_text: whether text is recognized in pictures and scanned pages, where the extra is installed.
    splitter: one of ingest/splitting, or "auto", which chooses by content; empty is what the document was asked to be
    split by when it was added before, else "auto".
    describes_pictures: whether pictures are taken along for a model that describes them.
    loader: dotted name of the LangChain document loader that reads in place of Signpost's own; empty for these.
    """

    limits: Limits = field(default_factory=Limits)
    recognizes_text: bool = True
    splitter: str = ""
    describes_pictures: bool = False
    loader: str = ""
