"""What cannot be used is told before a run: the file, the line, the row and why."""

import pytest

from evals.pack_run import tell_faults
from evals.records import RowFault


def test_a_fault_is_told_with_its_place_as_far_as_it_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    faults = [RowFault(0, "", "holds no usable row"), RowFault(2, "", "not JSON"), RowFault(3, "q7", "has no answers")]
    tell_faults("set.jsonl", faults)
    assert capsys.readouterr().err.splitlines() == [
        "set.jsonl: holds no usable row",
        "set.jsonl, line 2: not JSON",
        "set.jsonl, line 3, q7: has no answers",
    ]


def test_each_reason_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    tell_faults(
        "set.jsonl", [RowFault(0, "", "holds no usable row"), *(RowFault(n, str(n), "not JSON") for n in range(1, 9))]
    )
    told = capsys.readouterr().err.splitlines()
    assert told == ["set.jsonl: holds no usable row", "set.jsonl, line 1: not JSON (and 7 more such)"]
    tell_faults("set.jsonl", [RowFault(n, "", f"reason {n}") for n in range(1, 9)])
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 6
    assert told[-1] == "set.jsonl: 8 rows cannot be used; the report lists them"
