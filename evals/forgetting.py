"""What evaluations keep of a document that is removed: records of questions that were made from it or have found it.

The files of questions that the user has made stay: their rows are told to be unusable when they are run again.
"""

import json
from dataclasses import replace
from itertools import chain
from pathlib import Path

from evals.record_cache import RecordCache
from evals.records import Record
from evals.reports.as_json import as_json, read_report
from evals.reports.html import as_html
from evals.run_folders import (
    CACHE,
    PAGE,
    RECORDS,
    REPORT,
    evaluation_folder,
    read_records,
    run_folders,
    write,
    write_records,
)
from tools.errors import FileError, SignpostError


def forget_document(home: Path, document_id: str) -> None:
    """Deletes every kept record that names the document, from the cache, the runs and their pages. Figures stay.

    Blocks. Raises SignpostError; it may be tried again.
    """
    folder = evaluation_folder(home)
    runs = {run: _told_by(run, document_id) for run in run_folders(folder) if _may_name(run, document_id)}
    if (folder / CACHE).exists():
        cache = RecordCache(folder / CACHE)
        try:
            # By the question too: what was answered without the document does not name it.
            for text in {document_id, *chain.from_iterable(runs.values())}:
                cache.forget(text)
        finally:
            cache.close()
    for run, questions in runs.items():  # last: the questions are known from them
        if questions:
            _forget_in(run, document_id)


def _may_name(run: Path, document_id: str) -> bool:
    """Whether the id stands anywhere in the run's records: most runs need not be read further."""
    try:
        return json.dumps(document_id, ensure_ascii=False).encode() in (run / RECORDS).read_bytes()
    except FileNotFoundError:  # it was stopped before its end
        return False
    except OSError as error:
        raise FileError(f"{run / RECORDS} cannot be read.", why=error.strerror or str(error)) from error


def _told_by(run: Path, document_id: str) -> list[str]:
    """The questions of a run's records that name the document; a run that cannot be read is deleted."""
    try:
        named = [record for record in read_records(run) if _names(record, document_id)]
        read_report(run / REPORT)
    except SignpostError:  # it cannot be told to be clean
        for name in (PAGE, REPORT, RECORDS):
            (run / name).unlink(missing_ok=True)
        return []
    return [str(record["given"].get("question", "")) for record in named]


def _forget_in(run: Path, document_id: str) -> None:
    report = read_report(run / REPORT)
    report = replace(report, worst=tuple(row for row in report.worst if not _names(row.record, document_id)))
    write(run / PAGE, as_html(report))
    write(run / REPORT, json.dumps(as_json(report), ensure_ascii=False, indent=1))
    write_records(run, [record for record in read_records(run) if not _names(record, document_id)])


def _names(record: Record, document_id: str) -> bool:
    """Whether one of its texts is the document's id: it stands beside whatever was read of a document."""
    return json.dumps(document_id) in json.dumps(record)
