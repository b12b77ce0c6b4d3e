"""What a file is by its content: extensions are wrong more often than files are."""

import io
import re
import zipfile
from pathlib import Path

from ingest.loaders.decoding import decode
from tools.errors import FileError

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT_BYTES = 4096
_MOST_CUT_OFF = 4

# How files begin → what they are.
_BEGINNINGS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
)
# Names of parts that zip archives hold → what they are.
_PARTS = (
    ("word/document", ".docx"),
    ("ppt/presentation", ".pptx"),
    ("xl/workbook.xml", ".xlsx"),
    ("xl/workbook.bin", ".xlsb"),
    ("Index/Document.iwa", ".pages"),
)
# Archives whose first part, stored as it is, says what they are.
_STATED = (
    (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", ".ods"),
    (b"application/vnd.oasis.opendocument.presentation", ".odp"),
    (b"application/epub+zip", ".epub"),
)
# Names of streams that compound files hold → what they are.
_STREAMS = (
    ("EncryptedPackage", ""),  # an Office file with a password: its own loader says so
    ("WordDocument", ".doc"),
    ("PowerPoint Document", ".ppt"),
    ("__properties_version1.0", ".msg"),
    ("Workbook", ".xls"),
    ("Book", ".xls"),
)
_KEY = b"-----BEGIN "
"""As keys and certificates begin."""
# How text in a file of another kind begins → what it is. Possessive: there is one way only to read a comment.
_HTML = r"(?:<\?xml[^>]*\?>\s*|(?><!--.*?-->)\s*)*+<(?:!doctype html|html|head|body|table|meta)\b"
_TEXTS = (
    (re.compile(_HTML, re.IGNORECASE | re.DOTALL), ".html"),
    (re.compile(r"(?:MIME-Version|Content-Type:\s*multipart)", re.IGNORECASE), ".mht"),
)
_ALIKE = (
    {".docx", ".docm", ".dotx"},
    {".pptx", ".pptm", ".ppsx"},
    {".xlsx", ".xlsm", ".xltx"},
    {".doc", ".wps", ".dot"},
    {".ppt", ".dps", ".pps"},
    {".xls", ".et", ".xlt"},
    {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif"},
)
_SHEETS = {".xls", ".xlsx", ".xlsm", ".et"}
_WRITTEN = {".doc", ".docx", ".wps"}


def true_extension(content: bytes, extension: str) -> str:
    """The extension that says what `content` is: the one that the file has, unless its content says otherwise.

    Text without an extension is .txt.
    """
    found = _kind(content)
    may_be_text = not extension or extension in _SHEETS | _WRITTEN
    if not found and may_be_text and not content.startswith((_COMPOUND_FILE[:4], b"PK\x03\x04")):
        found = _kind_of_text(content, ".csv" if extension in _SHEETS else ".txt")
    alike = next((group for group in _ALIKE if found in group), {found})
    return extension if not found or extension in alike else found


def begins_as_text(path: Path) -> bool:
    """Whether what stands at the beginning of a file is text to be read.

    No for an empty file, and for a key or certificate: that is nobody's document. Yes for one that cannot be opened:
    whoever reads it says why.
    """
    if not path.is_file():  # a pipe or device may keep its reader waiting
        return False
    try:
        with path.open("rb") as file:
            beginning = file.read(_LOOKED_AT_BYTES)
    except OSError:
        return True
    if not beginning:
        return False
    if beginning.lstrip().startswith(_KEY):
        return False
    whole = len(beginning) < _LOOKED_AT_BYTES
    # The last character may be cut off.
    return any(_kind_of_text(beginning[: len(beginning) - cut], ".txt") for cut in range(1 if whole else _MOST_CUT_OFF))


def _kind(content: bytes) -> str:
    beginning = content[:_LOOKED_AT_BYTES].lstrip()
    for signature, extension in _BEGINNINGS:
        if beginning.startswith(signature):
            return extension
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if content.startswith(_COMPOUND_FILE):
        return next((extension for stream, extension in _STREAMS if stream.encode("utf-16-le") in content), "")
    return ""


def _kind_of_archive(content: bytes) -> str:
    stated = next((extension for words, extension in _STATED if words in content[:_LOOKED_AT_BYTES]), "")
    if stated:
        return stated
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    return next((extension for part, extension in _PARTS if any(name.startswith(part) for name in names)), "")


def _kind_of_text(content: bytes, plain: str) -> str:
    try:
        text = decode(content, "").lstrip()
    except FileError:
        return ""
    return next((extension for pattern, extension in _TEXTS if pattern.match(text)), plain if text else "")
