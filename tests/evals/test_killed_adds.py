"""An add that is killed at any moment and run again ends as if nobody had disturbed it."""

import os
import shutil
from pathlib import Path

import pytest

from evals.benchmarks.killed_adds import KilledAdds, kill_adds, stored

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
    for number in range(25):
        text = "".join(f"## Part {part}\n\nBridge {number} has {part} arches.\n\n" for part in range(30))
        (papers / f"bridge-{number}.md").write_text(text, encoding="utf-8")
    assert kill_adds(papers, tmp_path, kills=3) == KilledAdds(3, (), 0, 0)
    whole = stored(tmp_path / "undisturbed")
    assert whole["index"] == len(whole["chunks"]) > 700
    assert whole["facts"]
