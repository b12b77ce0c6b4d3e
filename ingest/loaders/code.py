"""Source code (.py, .js, .java and others)."""

from pathlib import PurePath

from ingest.loaders.blocks import code_block
from ingest.loaders.decoding import decode
from ingest.loaders.languages import LANGUAGES
from ingest.reading import Reading
from tools.shapes import LoadedFile, Page


def load_code(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The file in one fence that names its language; so does `programming_language` in its metadata."""
    language = LANGUAGES[PurePath(name).suffix.lower()]
    text = decode(content, name)
    page = Page(1, code_block(text, language) if text.strip() else "")
    return [LoadedFile(title=name, format="code", pages=(page,), metadata={"programming_language": language})]
