"""Questions about a document itself: who wrote it, and when. What is known of it answers them, and nothing else."""

from dataclasses import replace

import pytest

from tests.graph.conversation import Conversation
from tests.graph.fakes import make_resources, passage
from tools.shapes import Passage, TextBox
from tools.text.document_details import asks_of_document, details_line, document_details

RUNBOOK = replace(
    passage(
        "a", "The full backup runs every Sunday.\n\n| Kind | When |\n|---|---|\n| Full | 02:00 |", title="Cache runbook"
    ),
    section="Backups",
    boxes=(TextBox(0, 10, (1.0, 2.0, 3.0, 4.0)),),
    details=(("author", "Jon Adeyemi"), ("created", "2024-11-05T10:00:00Z")),
)
MAIL = replace(
    passage("b", "Hi Tom, the gripper is on its way.", title="Replacement gripper for HR-350"),
    details=(("author", "Nora Lind <nora@halden.example>"), ("sent", "2025-08-19T09:12:00+01:00")),
)
PLAN = replace(passage("c", "灭火器每月检查一次，由罗启明负责。", title="仓库安全手册"), details=(("author", "李雷"),))
BOOK = replace(
    passage("d", "It is a novel of 1932.", title="The Silent River"),
    details=(("author", "Jon Hale"), ("created", "2024-05-06")),
)
LINE = "Title: Cache runbook; Author: Jon Adeyemi; Created: 2024-11-05"


@pytest.mark.parametrize(
    ("question", "document", "asks"),
    [
        ("Who wrote the cache runbook?", RUNBOOK, True),
        ("When was the cache runbook last updated?", RUNBOOK, True),
        ("Who is the author of the cache runbook?", RUNBOOK, True),
        ("Who wrote the database manual?", RUNBOOK, False),
        ("Who restarts the cache?", RUNBOOK, False),
        ("When was the email about the gripper sent?", MAIL, True),
        ("Who wrote the email about pumps?", MAIL, False),
        ("Who sent the email about the valve order?", replace(MAIL, title="Pump order"), False),
        ("When was the mail from Nora about the gripper sent?", MAIL, True),
        ("仓库安全手册是谁编写的？", PLAN, True),
        ("谁写了仓库安全手册？", PLAN, True),
        ("谁写了仓库安全？", PLAN, False),
        ("When was The Silent River written?", BOOK, False),
        ("Who wrote the file on The Silent River?", BOOK, True),
        ("仓库安全手册由谁负责？", PLAN, False),
        ("Who wrote the cache runbook?", replace(RUNBOOK, details=()), False),
    ],
)
def test_a_question_on_a_document_names_it(question: str, document: Passage, asks: bool) -> None:
    assert asks_of_document(question, document) is asks


def test_details_are_what_the_file_says_of_itself() -> None:
    metadata = {"author": "Mei\nTan", "created": "2025-02-03", "tokens": 4, "modified": " "}
    assert document_details(metadata) == (("author", "Mei Tan"), ("created", "2025-02-03"))
    assert document_details({"author": "python-docx", "created": "2013-12-23"}) == ()
    for computer in ("Windows 用户", "微软用户", "Microsoft Office User", "HP", "(anonymous)", "root"):
        assert document_details({"author": computer, "created": "2013-12-23"}) == ()
    assert document_details({"author": "a@b.example", "created": "x", "sent": "x"}) == (
        ("author", "a@b.example"),
        ("sent", "x"),
    )
    assert details_line(PLAN) == "标题：仓库安全手册；作者：李雷"
    assert details_line(MAIL).endswith("Author: Nora Lind <nora@halden.example>; Sent: 2025-08-19 09:12 +01:00")
    assert details_line(replace(MAIL, details=(("sent", "2025-08-19T09:12:00Z"),))).endswith("09:12 UTC")
    assert details_line(replace(MAIL, details=(("sent", "2025-08-19"),))).endswith("Sent: 2025-08-19")


async def test_who_wrote_a_document_is_cited_by_it_and_by_no_page() -> None:
    answer = await Conversation(make_resources([RUNBOOK])).ask("Who wrote the cache runbook?", web="never")
    assert answer["answer"] == f"{LINE}.[1]"
    (citation,) = answer["citations"]
    assert citation["quote"] == LINE
    assert (citation["page"], citation["box"], citation["section"]) == (None, None, "")
    assert citation["document"]["title"] == "Cache runbook"


async def test_other_questions_do_not_read_the_details() -> None:
    answer = await Conversation(make_resources([RUNBOOK])).ask(
        "When does the full backup of the cache run?", web="never"
    )
    assert answer["answer"] == "The full backup runs every Sunday.[1]"
    assert answer["citations"][0]["section"] == "Backups"


async def test_a_row_without_a_name_does_not_say_who() -> None:
    unsigned = replace(RUNBOOK, details=())
    answer = await Conversation(make_resources([unsigned])).ask("Who wrote the cache runbook?", web="never")
    assert answer["status"] == "refused"


async def test_each_document_is_asked_once() -> None:
    again = replace(RUNBOOK, id="d", document_id="doc-a", text="The cache runbook was written for the night shift.")
    answer = await Conversation(make_resources([RUNBOOK, again])).ask("Who wrote the cache runbook?", web="never")
    assert answer["answer"].count("Jon Adeyemi") == 1
