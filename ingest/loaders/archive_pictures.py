"""The pictures in an archive, each looked at once however often a document shows it."""

from ingest.loaders.archive import Archive
from ingest.pictures import picture_text
from ingest.reading import Reading
from tools.text.clean import one_line

_READABLE = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")


class ArchivePictures:
    """What the pictures of one document say."""

    def __init__(self, archive: Archive, reading: Reading) -> None:
        self._archive = archive
        self._reading = reading
        self._seen: set[str] = set()

    def text(self, part: str, alternative_text: str) -> str:
        """A block of Markdown. A picture seen before, as a logo on each slide, gives its alternative text alone.

        So do drawings of vectors, which cannot be looked at here.
        """
        described = one_line(alternative_text)
        if part in self._seen or not part.lower().endswith(_READABLE):
            return described
        self._seen.add(part)
        content = self._archive.read(part)
        return picture_text(content, described, self._reading) if content else described
