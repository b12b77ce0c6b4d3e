"""Mail: its head, the best form of its text, and what is attached."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load_content
from ingest.loaders.mail import MAX_DEPTH, Attachment, Mail, decoded, mail_document
from ingest.loaders.msg import _mail as mail_of_outlook
from ingest.reading import Reading
from tests.ingest.office_files import excel_file
from tools.errors import FileError
from tools.shapes import LoadedFile

LEDGER = excel_file(lambda sheet: [sheet.append(row) for row in (["标段", "金额"], ["一标段", 10])])


def mail(subject: str = "工期索赔", text: str = "请于十月前答复。\n> 原文", **head: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = head.get("sender", "沈若川 <shen@example.com>")
    message["To"] = "顾远舟 <gu@example.com>"
    message["Date"] = "Tue, 01 Jul 2025 09:30:00 +0800"
    message.set_content(text, charset=head.get("charset", "utf-8"))
    return message


def load(message: EmailMessage | bytes) -> LoadedFile:
    [loaded] = load_content(message if isinstance(message, bytes) else message.as_bytes(), Path("a.eml"))
    return loaded


def test_head_text_and_metadata() -> None:
    loaded = load(mail(charset="gb2312"))
    assert loaded.text == (
        "# 工期索赔\n\nFrom: 沈若川 <shen@example.com>\nTo: 顾远舟 <gu@example.com>\nDate: 2025-07-01T09:30:00+08:00\n"
        "Subject: 工期索赔\n\n## Content\n\n请于十月前答复。\n> 原文"
    )
    assert loaded.title == "工期索赔"
    assert loaded.metadata["from"] == loaded.metadata["author"] == "沈若川 <shen@example.com>"
    assert loaded.metadata["sent"] == loaded.metadata["created"] == "2025-07-01T09:30:00+08:00"


def test_the_page_is_read_where_the_plain_form_says_little() -> None:
    message = mail(text="HTML")
    message.add_alternative(
        "<h1>通知</h1><table><tr><th>a</th></tr><tr><td>很长的一段文字内容</td></tr></table>", subtype="html"
    )
    assert "### 通知\n\n| a |\n| --- |\n| 很长的一段文字内容 |" in load(message).text
    full = mail(text="同样的内容")
    full.add_alternative("<p>同样的内容</p>", subtype="html")
    assert load(full).text.endswith("## Content\n\n同样的内容")


def _with_forms(plain: str, page: str) -> EmailMessage:
    """A mail whose HTML form stands with its logo in one part, and has a file beside it."""
    message = mail(text=plain)
    message.add_alternative(page, subtype="html")
    form: Any = message.get_payload(1)
    form.add_related(b"GIF89a", "image", "gif", cid="<logo>")
    form.make_mixed()
    form.add_attachment("im Anhang", filename="a.txt")
    form.attach(EmailMessage())
    form.get_payload()[-1].set_content("<p>第二段</p>", subtype="html")
    return message


def test_a_text_of_several_forms_is_read_once_with_what_is_attached_to_either() -> None:
    text = load(_with_forms("同样的内容，第二段", "<p>同样的内容</p><img src='cid:logo'>")).text
    assert text.endswith("## Content\n\n同样的内容，第二段\n\n## Attachment: a.txt\n\nim Anhang")
    rich = load(_with_forms("HTML", "<p>一段比另一种形式长得多的内容，只在这里</p>")).text
    assert "## Content\n\n一段比另一种形式长得多的内容，只在这里\n\n第二段\n\n## Attachment: a.txt" in rich
    assert "HTML" not in rich


def test_parts_without_end_are_read_to_a_bound() -> None:
    message = mail()
    message.make_mixed()
    for number in range(1_100):
        part = EmailMessage()
        part.set_content(f"part {number}")
        message.attach(part)
    loaded = load(message)
    assert "part 900" in loaded.text
    assert "part 1050" not in loaded.text
    assert loaded.warnings == ("only the first 1,000 parts of the mail are read",)


def test_attachments_are_read_under_their_names_and_others_are_named() -> None:
    message = mail()
    message.add_attachment(LEDGER, maintype="application", subtype="octet-stream", filename="../台账.xlsx")
    message.add_attachment(b"\1\2" * 40, maintype="application", subtype="octet-stream", filename="film.mp4")
    message.add_attachment(b"", maintype="text", subtype="calendar", filename="invite.ics")
    loaded = load(message)
    assert loaded.text.endswith(
        "## Attachment: .._台账.xlsx\n\n#### Sheet\n\n| 标段 | 金额 |\n| --- | --- |\n| 一标段 | 10 |"
    )
    [warning] = loaded.warnings
    assert warning.startswith("attachment film.mp4: film.mp4 cannot be read.")


def test_mails_within_mails_to_a_depth() -> None:
    message = mail("innermost")
    for depth in range(MAX_DEPTH + 2):
        outer = mail(f"level {depth}")
        outer.add_attachment(message)
        message = outer
    loaded = load(message)
    assert loaded.text.count("## Attachment: level") == MAX_DEPTH - 1
    assert "innermost" not in loaded.text
    assert any("depth" in warning for warning in loaded.warnings)


def test_nesting_without_end_is_an_error() -> None:
    head = b"Subject: a\r\nContent-Type: message/rfc822\r\n\r\n"
    with pytest.raises(FileError, match="damaged"):
        load(head * 5000 + b"Subject: last\r\n\r\ntext")


def test_what_is_no_mail_is_an_error() -> None:
    with pytest.raises(FileError):
        load(b"just some words\n")


def test_encoded_words_and_broken_ones() -> None:
    assert decoded("=?UTF-8?B?5bel5pyf?= <a@example.com>") == "工期 <a@example.com>"
    assert decoded("=?nonsense?B?5bel?=") == "=?nonsense?B?5bel?="


class OutlookProperties:
    def __init__(self, values: dict[int, str]) -> None:
        self._values = values

    def str_prop_value(self, key: int) -> str | None:
        return self._values.get(key)

    def binary_prop_value(self, key: int) -> bytes | None:
        return None


class OutlookAttachment:
    file_name = "C:\\a\\b.txt"
    file_bytes = b""


class OutlookMessage:
    """Stands in for the library's message."""

    subject = "=?UTF-8?B?5bel5pyf?="
    sender = "=?UTF-8?B?5rKI?= <shen@example.com>"
    sent_date = None
    body = ""
    html_body = "<p>正文</p>"
    attachments = (OutlookAttachment(),)

    def __init__(self, address: str) -> None:
        self.properties = OutlookProperties({0x0C1F: address, 0x0C1A: "沈", 0x0E04: "顾远舟"})


def test_outlook_names_come_decoded_and_pages_are_read() -> None:
    read: Any = mail_of_outlook(OutlookMessage("shen@example.com"), Reading())
    assert (read.subject, read.sender, read.to, read.body) == ("工期", "shen@example.com (沈)", "顾远舟", "正文")
    assert "not stored as a file" in read.left_out[0]
    directory: Any = mail_of_outlook(OutlookMessage("/O=EXCHANGE/CN=SHEN"), Reading())
    assert directory.sender == "沈 <shen@example.com>"


def test_pictures_in_the_text_are_not_missed_when_they_say_nothing() -> None:
    shown = Mail(subject="a", body="b", attachments=(Attachment("logo.zip", b"PK", is_shown=True),))
    assert mail_document(shown, "a.eml", "eml", Reading()).warnings == ()


def test_pages_saved_with_their_pictures() -> None:
    page = EmailMessage()
    page.set_content("<title>通知</title><h1>通知</h1><p>正文</p>", subtype="html")
    for name in ("a.mht", "a.doc"):
        [loaded] = load_content(
            b"MIME-Version: 1.0\r\n" + page.as_bytes().replace(b"MIME-Version: 1.0\n", b""), Path(name)
        )
        assert (loaded.title, loaded.text) == ("通知", "# 通知\n\n正文")
    assert ".mht" in loaded.warnings[0]
