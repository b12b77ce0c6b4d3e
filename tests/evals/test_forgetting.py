"""A removed document is removed from what evaluations have kept, and nothing else is."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from evals.forgetting import forget_document
from evals.record_cache import RecordCache
from evals.records import Record
from evals.reports.as_json import as_json, read_report
from evals.reports.html import as_html
from evals.reports.report import WorstRow
from evals.run_folders import CACHE, PAGE, REPORT, evaluation_folder, new_run_folder, read_records, write, write_records
from tests.agent.command_line import NOTHING_OUTSIDE, Signpost
from tests.evals.reports.samples import question_record, report

SECRET = "The launch code of the Zanzibar tower is 774411."


def about(number: int, document_id: str, text: str) -> Record:
    """A record of a question about a document, with what it says."""
    record = question_record(number, right=1.0, question=f"What of {text}")
    observed = {**record["observed"], "found": [document_id], "contexts": [text]}
    return {**record, "observed": observed, "gold": {**record["gold"], "documents": [document_id]}}


def kept_run(folder: Path, *records: Record) -> Path:
    run = new_run_folder(folder, "first", datetime(2026, 3, 1, 12))
    shown = replace(report(), worst=tuple(WorstRow("contains", 0.0, record) for record in records))
    write_records(run, records)
    write(run / REPORT, json.dumps(as_json(shown), ensure_ascii=False))
    write(run / PAGE, as_html(shown))
    return run


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_its_records_go_from_cache_runs_and_pages_and_others_stay(tmp_path: Path) -> None:
    folder = evaluation_folder(tmp_path)
    secret, other = about(1, "doc-1", SECRET), about(2, "doc-10", "Doors are green.")
    run = kept_run(folder, secret, other)
    cache = RecordCache(folder / CACHE)
    cache.put("secret", {"observed": secret["observed"]})
    cache.put("other", {"observed": other["observed"]})
    cache.put("twin", {"observed": {"answer": {"question": secret["given"]["question"], "answer": "Not found."}}})
    cache.close()
    assert b"774411" in bytes_below(tmp_path)
    measures = read_report(run / REPORT).measures
    forget_document(tmp_path, "doc-1")
    forget_document(tmp_path, "doc-1")
    assert b"774411" not in bytes_below(tmp_path)
    assert read_records(run) == [other]
    left = read_report(run / REPORT)
    assert [row.record for row in left.worst] == [other]
    assert left.measures == measures
    assert "Doors are green." in (run / PAGE).read_text(encoding="utf-8")
    cache = RecordCache(folder / CACHE)
    assert cache.get("secret") is cache.get("twin") is None
    assert cache.get("other") == {"observed": other["observed"]}
    cache.close()


@pytest.mark.parametrize("report_text", ["{}", "not JSON", None])
def test_a_run_that_cannot_be_read_is_deleted_rather_than_kept(tmp_path: Path, report_text: str | None) -> None:
    run = kept_run(evaluation_folder(tmp_path), about(1, "doc-1", SECRET))
    if report_text is None:
        (run / REPORT).unlink()
    else:
        write(run / REPORT, report_text)
    forget_document(tmp_path, "doc-1")
    assert b"774411" not in bytes_below(tmp_path)


def test_a_home_without_evaluations_stays_without(tmp_path: Path) -> None:
    forget_document(tmp_path, "doc-1")
    assert list(tmp_path.iterdir()) == []


def test_signpost_remove_reaches_all_that_holds_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**NOTHING_OUTSIDE, "SIGNPOST_HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    own = Signpost(tmp_path / "home")
    (tmp_path / "tower.md").write_text(f"# Zanzibar tower\n\n## Codes\n\n{SECRET}\n", encoding="utf-8")
    (tmp_path / "door.md").write_text("# Doors\n\n## Colour\n\nThe doors of the harbour are green.\n", encoding="utf-8")
    own.json("add", "tower.md", "door.md")
    own.json("eval", "generate", "4", "--out", "questions.jsonl")
    own.json("eval", "run", "questions.jsonl")
    assert SECRET.encode() in bytes_below(own.home)
    own.json("remove", "tower.md")
    left = bytes_below(own.home)
    assert b"launch code" not in left
    assert b"doors of the harbour are green" in left
