"""Mail as it is sent (.eml), and web pages that browsers and Office saved as one (.mht)."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING

from ingest.loaders.archive import corrupt
from ingest.loaders.blocks import join_blocks
from ingest.loaders.decoding import decode
from ingest.loaders.html import html_text, load_html
from ingest.loaders.mail import MAX_DEPTH, Attachment, Mail, decoded, mail_document, sent_at
from ingest.reading import Reading
from tools.errors import FileError
from tools.shapes import LoadedFile
from tools.text.clean import clean

if TYPE_CHECKING:
    _EmailPolicy = email.policy.EmailPolicy[EmailMessage]
else:  # before Python 3.14 it takes no parameter
    _EmailPolicy = email.policy.EmailPolicy

_IGNORED = {"text/calendar", "application/ics", "application/pkcs7-signature", "application/pgp-signature"}
_MAX_PARTS = 1_000
_MAX_HEADER_CHARACTERS = 50_000
_MAX_FORM_DEPTH = 3  # related within mixed, as Apple Mail writes
_MIN_PLAIN_SHARE = 0.25  # of the HTML form's length: a shorter plain form only says to look at the other


class _BoundedPolicy(_EmailPolicy):
    """Cuts what no honest head holds: Python reads a line of it in time that grows with the square of its length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER_CHARACTERS]


_POLICY = _BoundedPolicy()


@dataclass(slots=True)
class _Parts:
    """What a message is made of, in its order."""

    bodies: list[EmailMessage] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inner: list[Mail] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def load_eml(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Head, text and attachments of a mail. Raises FileError for what has no head of a mail."""
    message = _parsed(content, name)
    if not any(message[key] for key in ("From", "To", "Subject", "Date", "Message-ID")):
        raise corrupt(name)
    return [mail_document(_mail(message, name, 0, reading), name, "eml", reading)]


def load_mht(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """The web page in a file that holds it with its pictures."""
    for part in _parsed(content, name).walk():
        if part.get_content_type() == "text/html":
            charset = part.get_content_charset() or ""
            page = decode(_payload(part), name, charset)
            return load_html(page.encode(), name, reading)
    raise corrupt(name)


def _parsed(content: bytes, name: str) -> EmailMessage:
    try:
        return email.message_from_bytes(content.lstrip(), policy=_POLICY)
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, LookupError) as error:
        raise corrupt(name) from error


def _mail(message: EmailMessage, name: str, depth: int, reading: Reading) -> Mail:
    parts = _Parts()
    _collect(message, name, depth, parts, reading)
    return Mail(
        subject=_header(message, "Subject"),
        sender=_header(message, "From"),
        to=_header(message, "To"),
        cc=_header(message, "Cc"),
        sent=sent_at(_header(message, "Date")),
        body=join_blocks(_text(part, name, reading) for part in parts.bodies),
        attachments=tuple(parts.attachments),
        inner=tuple(parts.inner),
        left_out=tuple(parts.left_out),
    )


def _collect(message: EmailMessage, name: str, depth: int, parts: _Parts, reading: Reading) -> None:
    """Sorts the parts of a message. Walks by hand: a mail may nest deeper than Python's stack is."""
    stack = [(message, False)]  # each with whether its text is said by another form
    seen = 0
    while stack and seen < _MAX_PARTS:
        part, is_said = stack.pop()
        seen += 1
        kind = part.get_content_type()
        file_name = decoded(part.get_filename())
        if kind == "multipart/alternative":
            best = _best(part, name, reading)
            forms = reversed(_inner(part))
            stack += [(form, is_said or (best is not None and form is not best)) for form in forms]
        elif kind == "message/rfc822" or file_name.lower().endswith(".eml"):
            _collect_mail(part, name, depth, parts, reading)
        elif part.is_multipart():
            stack += [(inner, is_said) for inner in reversed(_inner(part))]
        elif kind in _IGNORED:
            continue
        elif file_name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            is_shown = part["Content-ID"] is not None and part.get_content_disposition() != "attachment"
            parts.attachments.append(Attachment(file_name or kind.replace("/", "."), _payload(part), is_shown))
        elif not is_said:
            parts.bodies.append(part)
    if stack:
        parts.left_out.append(f"only the first {_MAX_PARTS:,} parts of the mail are read")


def _collect_mail(part: EmailMessage, name: str, depth: int, parts: _Parts, reading: Reading) -> None:
    inner = _inner(part)
    try:
        message = inner[0] if inner else _parsed(_payload(part), name)
    except FileError:
        return
    if depth + 1 < MAX_DEPTH:
        parts.inner.append(_mail(message, name, depth + 1, reading))
    else:
        parts.left_out.append(f"mails within mails are read to a depth of {MAX_DEPTH}; those below are left out")


def _best(alternative: EmailMessage, name: str, reading: Reading) -> EmailMessage | None:
    """The plain form, or the HTML form, pictures included, where the plain one is missing or says little."""
    forms = [(form, list(_texts(form))) for form in _inner(alternative)]
    plain = next((found for found in forms if _is_of(found[1], "text/plain")), None)
    page = next((found for found in forms if found is not plain and _is_of(found[1], "text/html")), None)
    if plain is None or page is None:
        return next((form for form, _ in filter(None, (plain, page))), None)
    said, shown = (sum(len(_text(part, name, reading)) for part in texts) for _, texts in (plain, page))
    return plain[0] if said >= _MIN_PLAIN_SHARE * shown else page[0]


def _is_of(texts: list[EmailMessage], kind: str) -> bool:
    return bool(texts) and texts[0].get_content_type() == kind


def _texts(form: EmailMessage, depth: int = _MAX_FORM_DEPTH) -> Iterator[EmailMessage]:
    """The texts that make up one form of a message, in their order."""
    if form.is_multipart():
        for inner in _inner(form) if depth else ():
            yield from _texts(inner, depth - 1)
    elif form.get_content_maintype() == "text" and not form.get_filename():
        yield form


def _inner(part: EmailMessage) -> list[EmailMessage]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, EmailMessage)] if isinstance(payload, list) else []


def _text(part: EmailMessage, name: str, reading: Reading) -> str:
    content = _payload(part)
    try:
        text = decode(content, name, part.get_content_charset() or "")
    except FileError:
        text = clean(content.decode("latin-1"))
    return html_text(text, reading) if part.get_content_type() == "text/html" else text.strip()


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: EmailMessage, key: str) -> str:
    try:
        return decoded(str(message[key] or ""))
    except (ValueError, TypeError, AttributeError, IndexError, LookupError):  # headers that the library cannot parse
        return ""
