"""An add that is killed at any moment and run again ends as if nobody had disturbed it."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evals.benchmarks.killed_adds import KilledAdds, kill_adds, stored, stored_documents

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SIGNPOST_")]:
        monkeypatch.delenv(name)


def test_killed_adds_end_as_an_undisturbed_one(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for path in sorted(SAMPLES.glob("*.pdf")) + sorted(SAMPLES.glob("*.docx")):
        shutil.copy(path, papers)
    for number in range(10):
        text = "".join(f"## Part {part}\n\nBridge {number} has {part} arches.\n\n" for part in range(30))
        (papers / f"bridge-{number}.md").write_text(text, encoding="utf-8")
    done = kill_adds(papers, tmp_path, kills=2)
    assert done == KilledAdds(2, (), 0, 0, done.midway, done.seconds)
    whole = stored(tmp_path / "undisturbed")
    assert whole["index"] == len(whole["chunks"]) > 300
    assert whole["facts"]
    with closing(sqlite3.connect(tmp_path / "undisturbed" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE chunks SET text = 'other' WHERE id = (SELECT min(id) FROM chunks)")
    changed = stored(tmp_path / "undisturbed")
    assert [name for name in whole if changed[name] != whole[name]] == ["chunks"]


def test_a_home_without_a_ledger_stores_nothing(tmp_path: Path) -> None:
    assert stored_documents(tmp_path) == 0
    (tmp_path / "ledger.db").touch()
    assert stored_documents(tmp_path) == 0
