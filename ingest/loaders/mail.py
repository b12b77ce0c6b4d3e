"""A mail as one document: its head, its text, and its attachments that Signpost can read."""

import email.errors
import email.header
import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from ingest.load import load_content
from ingest.loaders.blocks import deeper, heading, join_blocks
from ingest.loaders.sniff import true_extension
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line

_MAX_ATTACHMENTS = 100
MAX_DEPTH = 4
"""How many mails within mails are read."""

_CONTENT = "Content"
_ATTACHMENT = "Attachment"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `is_shown`: a picture that stands in its text."""

    name: str
    content: bytes
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """`body`: Markdown. `sent`: ISO 8601, empty where unknown. `inner`: mails attached to this one."""

    subject: str = ""
    sender: str = ""
    to: str = ""
    cc: str = ""
    sent: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    inner: tuple["Mail", ...] = ()
    left_out: tuple[str, ...] = ()


def mail_document(mail: Mail, name: str, kind: str, reading: Reading) -> LoadedFile:
    """The mail with its subject as title. What could not be read of it stands in `warnings`."""
    warnings: list[str] = []
    text = join_blocks(_blocks(mail, 1, reading, warnings))
    metadata = {
        "subject": one_line(mail.subject),
        "from": mail.sender,
        "to": mail.to,
        "cc": mail.cc,
        "sent": mail.sent,
        "author": mail.sender,
        "created": mail.sent,
    }
    return LoadedFile(
        title=one_line(mail.subject) or PurePath(name).stem,
        format=kind,
        pages=(Page(1, text),),
        metadata={key: value for key, value in metadata.items() if value},
        warnings=tuple(warnings),
    )


def _blocks(mail: Mail, level: int, reading: Reading, warnings: list[str]) -> Iterator[str]:
    if mail.subject:
        yield heading(level, mail.subject)
    head = {"From": mail.sender, "To": mail.to, "Cc": mail.cc, "Date": mail.sent, "Subject": one_line(mail.subject)}
    yield "\n".join(f"{key}: {value}" for key, value in head.items() if value)
    if mail.body.strip():
        yield heading(level + 1, _CONTENT)
        yield deeper(mail.body.strip(), level + 1)
    warnings += mail.left_out
    for number, attachment in enumerate(mail.attachments):
        if number == _MAX_ATTACHMENTS:
            warnings.append(f"only the first {_MAX_ATTACHMENTS} attachments are read")
            break
        yield from _attached(attachment, level + 1, reading, warnings)
    for inner in mail.inner:
        yield heading(level + 1, f"{_ATTACHMENT}: {inner.subject}")
        yield from _blocks(inner, level + 2, reading, warnings)


def _attached(attachment: Attachment, level: int, reading: Reading, warnings: list[str]) -> Iterator[str]:
    """An attachment that Signpost reads as a section under its name; others are named in `warnings`."""
    path = PurePath(one_line(attachment.name).replace("/", "_") or "attachment")
    try:
        if true_extension(attachment.content, path.suffix.lower()) in (".eml", ".msg"):
            raise FileError(
                f"{path.name} is not read.",
                why=f"It is a mail of another kind, or deeper than {MAX_DEPTH} within mails.",
            )
        documents = load_content(attachment.content, Path(path), reading)
    except FileError as error:
        if not attachment.is_shown:
            warnings.append(f"attachment {path.name}: {error.what} {error.why}".rstrip())
        return
    warnings += (f"attachment {path.name}: {warning}" for document in documents for warning in document.warnings)
    if not attachment.is_shown:
        yield heading(level, f"{_ATTACHMENT}: {path.name}")
    for document in documents:
        yield deeper(document.text, level)


def decoded(text: str | None) -> str:
    """A header on one line, with its encoded words (RFC 2047) read."""
    try:
        return one_line(str(email.header.make_header(email.header.decode_header(clean(text or "")))))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return one_line(text or "")


def sent_at(date: str) -> str:
    """The date of a header in ISO 8601 with the time zone that it states, empty where it is none."""
    try:
        return email.utils.parsedate_to_datetime(one_line(date)).isoformat()
    except (TypeError, ValueError):
        return ""
