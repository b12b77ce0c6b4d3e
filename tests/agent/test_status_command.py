from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.agent.command_line import Signpost, write_rows
from tests.ingest.office_files import excel_file
from tests.stores.sql.postgres_server import PostgresServer

pytest_plugins = ["tests.stores.sql.postgres_fixtures"]


def test_an_empty_home_says_what_to_do(signpost: Signpost) -> None:
    result = signpost("status")
    assert result.exit_code == 0
    assert str(signpost.home) in result.stdout
    assert "signpost add PATH" in result.stdout


def test_counts_by_collection(signpost: Signpost, files: Path) -> None:
    signpost.json("add", files / "travel.md", files / "people.csv")
    signpost.json("add", files / "bridge.md", "--collection", "bridges")
    status = signpost.json("status")
    assert set(status) == {"home", "bytes", "documents", "chunks", "entities", "facts", "collections", "stores"}
    held = status["stores"]["vector_index"]
    assert (held["passages"], held["pending"]) == (status["chunks"], 0)
    assert {each["name"]: each["documents"] for each in status["collections"]} == {"bridges": 1, "default": 2}
    assert status["documents"] == 3
    assert status["bytes"] > 0
    shown = signpost("status").stdout
    assert "Together: 3 documents" in shown
    assert "bridges: 1 document, 1 passage, " in shown


def test_what_was_said_of_a_document_when_it_was_read_can_be_seen_later(signpost: Signpost, tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["City", "Budget"])
        sheet.append(["Hull", 12])
        hidden = sheet.parent.create_sheet("Secret")
        hidden.append(["Project", "Code name"])
        hidden.append(["Dam", "Bluebird"])
        hidden.sheet_state = "hidden"

    (tmp_path / "book.xlsx").write_bytes(excel_file(fill))
    for again in range(2):
        assert signpost.json("add", tmp_path / "book.xlsx", "--split", "fixed")["unchanged"] == again
    shown = signpost("status", "--documents").stdout
    assert "book.xlsx  (split by fixed)\n    Warning: sheet Secret is hidden; it was read\n" in shown
    [listed] = signpost.json("status", "--documents")["listed"]
    assert (listed["splitter"], listed["warnings"]) == ("fixed", ["sheet Secret is hidden; it was read"])
    assert "1. book, sheet Secret (hidden)  (" in signpost("search", "Bluebird").stdout


def test_what_a_row_calls_warnings_is_its_own(signpost: Signpost, tmp_path: Path) -> None:
    signpost.json("add", write_rows(tmp_path / "rows.jsonl", {"text": "It rains.", "metadata": {"warnings": "wet"}}))
    assert [each["warnings"] for each in signpost.json("status", "--documents")["listed"]] == [[]]


def test_documents_that_are_still_in_the_home_are_not_lost(
    signpost: Signpost, files: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    signpost.json("add", files)
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", postgres.new_schema())
    shown = signpost("status").stdout
    assert "Ledger: PostgreSQL 1" in shown
    assert "The home still holds a ledger: signpost move --to-servers" in shown
    assert "signpost add PATH" not in shown
    assert signpost.json("status")["stores"]["ledger"]["still_in_home"]
    doctor = signpost("doctor").stdout
    assert "-> The home still holds a ledger: signpost move --to-servers" in doctor
    signpost.json("add", files)
    assert "still holds" not in signpost("status").stdout + signpost("doctor").stdout
