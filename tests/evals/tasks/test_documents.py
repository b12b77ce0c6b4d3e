"""The documents task: what is read of files, and that a format which is not read is never left out."""

from pathlib import Path
from typing import Any

import pytest

from evals.pack import Pack
from evals.tasks.documents import DOCUMENTS
from tests.evals.tasks.tiny_pack import figure, records_of, tiny_pack


def row(file: str, **wanted: Any) -> dict[str, Any]:
    return {
        "id": file,
        "file": f"docs/{file}",
        "format": file.rpartition(".")[2],
        "needs_ocr": False,
        "must_include": [],
        "must_not_include": [],
        "reference_text": None,
        **wanted,
    }


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    docs = tmp_path / "pack" / "docs"
    docs.mkdir(parents=True)
    (docs / "pier.md").write_text("# The pier\n\nIt was built in oak\nand stone.", encoding="utf-8")
    (docs / "plan.rtf").write_bytes(b"{\\rtf1 no matter what}")
    (docs / "blank.html").write_text("<html><body></body></html>", encoding="utf-8")
    (tmp_path / "secret.md").write_text("Not for the pack.", encoding="utf-8")
    rows = [
        row(
            "pier.md",
            must_include=["built in oak and stone", "granite"],
            must_not_include=["<body>"],
            reference_text="The pier was built in granite",
        ),
        row("plan.rtf", format="odt", must_include=["a plan"], reference_text="A plan."),
        row("blank.html", must_include=["something"]),
        row("gone.md"),
        row("../../secret.md"),
        row("pier.md", id="again", must_include="pier"),
    ]
    return tiny_pack(tmp_path / "pack", {"documents": rows})


async def test_strings_and_words_are_looked_for_in_what_is_read(pack: Pack) -> None:
    records = (await records_of(DOCUMENTS, pack))[:1]
    assert figure(DOCUMENTS, "strings_found", records).value == 0.5
    assert figure(DOCUMENTS, "all_strings_found", records).value == 0
    assert figure(DOCUMENTS, "strings_kept_out", records).value == 1
    assert figure(DOCUMENTS, "words_found", records).value == pytest.approx(5 / 6)
    assert figure(DOCUMENTS, "read[md]", records).value == 1
    assert figure(DOCUMENTS, "read[odt]", records).value is None


async def test_what_is_not_read_is_counted_and_has_none_of_its_words(pack: Pack) -> None:
    records = await records_of(DOCUMENTS, pack)
    assert [record["observed"]["problem"] for record in records] == [
        "",
        "format not read",
        "nothing could be read of it",
    ]
    assert ".rtf" in records[1]["observed"]["message"]
    assert figure(DOCUMENTS, "read", records).value == pytest.approx(1 / 3)
    found = figure(DOCUMENTS, "strings_found", records)
    assert (found.value, found.n) == (pytest.approx(0.5 / 3), 3), "what is not read holds none of them"
    assert figure(DOCUMENTS, "all_strings_found", records).n == 3
    words = figure(DOCUMENTS, "words_found", records)
    assert (words.value, words.n) == (pytest.approx(5 / 6 / 2), 2)
    unread = figure(DOCUMENTS, "words_found[odt]", records)
    assert (unread.value, unread.n) == (0, 1)
    kept_out = [{**records[1], "gold": {**records[1]["gold"], "must_not_include": ["<body>"]}}]
    assert figure(DOCUMENTS, "strings_kept_out", kept_out).missing == {"format not read": 1}


def test_files_that_are_not_in_the_pack_are_faults(pack: Pack) -> None:
    _, faults = DOCUMENTS.read(pack)
    assert [(fault.line, fault.why) for fault in faults] == [
        (4, "file is not in the pack"),
        (5, "file lies outside of the pack"),
        (6, "must_include is no list of texts"),
    ]


def test_a_file_that_has_changed_is_another_row(pack: Pack) -> None:
    (before, *_), _ = DOCUMENTS.read(pack)
    (pack.folder / "docs" / "pier.md").write_text("Another pier.", encoding="utf-8")
    (after, *_), _ = DOCUMENTS.read(pack)
    assert before.given != after.given
