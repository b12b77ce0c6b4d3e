"""Mail as Outlook keeps it (.msg)."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import oxmsg
from oxmsg.domain import constants

from ingest.loaders.archive import corrupt
from ingest.loaders.compound_file import is_sound
from ingest.loaders.html import html_text
from ingest.loaders.mail import Attachment, Mail, decoded, mail_document
from ingest.reading import Reading
from tools.errors import SignpostError
from tools.shapes import LoadedFile
from tools.text.clean import clean, one_line


def load_msg(content: bytes, name: str, reading: Reading) -> list[LoadedFile]:
    """Head, text and attachments of a mail."""
    try:
        if not is_sound(content):
            raise corrupt(name)
        mail = _mail(oxmsg.Message.load(content), reading)
    except SignpostError:
        raise
    except Exception as error:  # the library raises many kinds for damaged files
        raise corrupt(name) from error
    return [mail_document(mail, name, "msg", reading)]


def _mail(message: Any, reading: Reading) -> Mail:
    properties = message.properties
    left_out = []
    body = clean(message.body or "").strip()
    if not body and message.html_body:
        body = html_text(clean(message.html_body), reading)
    if not body and properties.binary_prop_value(constants.PID_RTF_COMPRESSED):
        left_out.append("its text is left out: it is stored as RTF alone; save the mail as .eml or .html in Outlook")
    attachments = list(_attachments(message, left_out))
    sent = message.sent_date
    return Mail(
        subject=decoded(message.subject),
        sender=_sender(message),
        to=decoded(properties.str_prop_value(constants.PID_DISPLAY_TO)),
        cc=decoded(properties.str_prop_value(constants.PID_DISPLAY_CC)),
        sent=sent.isoformat() if sent is not None else "",
        body=body,
        attachments=tuple(attachments),
        left_out=tuple(left_out),
    )


def _sender(message: Any) -> str:
    """Address and name as Outlook has them, else what the head of the mail says."""
    properties = message.properties
    address = one_line(
        properties.str_prop_value(constants.PID_SENDER_SMTP_ADDRESS)
        or properties.str_prop_value(constants.PID_SENDER_EMAIL_ADDRESS)
        or ""
    )
    if "@" not in address:  # Exchange keeps the name of a directory entry there
        return decoded(message.sender)
    name = decoded(properties.str_prop_value(constants.PID_SENDER_NAME))
    return f"{address} ({name})" if name and name != address else address


def _attachments(message: Any, left_out: list[str]) -> Iterator[Attachment]:
    for attachment in message.attachments:
        name = PurePath(attachment.file_name or "").name
        content = attachment.file_bytes
        if content:
            yield Attachment(name or "attachment", content)
        else:
            left_out.append(f"attachment {one_line(name) or '(a mail)'}: it is not stored as a file")
