"""What a picture in a document says, as Markdown."""

from ingest.reading import Reading
from tools.text.clean import one_line


def picture_text(content: bytes, alternative_text: str, reading: Reading) -> str:
    """A block of Markdown, or empty where nothing is known of the picture. `content`: the picture's file."""
    return one_line(alternative_text)
