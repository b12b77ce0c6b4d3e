"""Files made to hurt: each loads or is refused with the reason, none reaches out, and the others are read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.fuzz.hostile import SECRET, Hostile, hostile_files, reaching_files
from evals.fuzz.trial import Trial
from ingest.reading import Limits

ROOT = Path(__file__).resolve().parents[2]
FILES = hostile_files("/nowhere")
_SECONDS = 30.0
_IN_A_FOLDER = (
    *("bomb.docx", "laughs.xlsx", "deep.odt", "climbing.pptx", "climbing.eml"),
    *("pages", "form-loop", "stream-bomb", "measures", "nested", "zero"),
)


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Trial(seconds=_SECONDS, limits=Limits(unpacked_bytes=2**28)) as trial:
        yield trial


@pytest.mark.parametrize("hostile", [file for file in FILES if not file.needs_limits], ids=lambda hostile: hostile.name)
def test_it_loads_or_is_refused(trial: Trial, hostile: Hostile) -> None:
    outcome = trial.load(hostile.name, hostile.content)
    assert outcome.is_good, outcome
    if hostile.must_be_refused:
        assert outcome.ending == "refused", outcome
        assert "Why: " in outcome.text
        assert "Next: " in outcome.text


def test_nothing_outside_of_a_file_is_read(trial: Trial, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    reaching = reaching_files(str(secret))
    assert reaching
    for hostile in reaching:
        assert str(secret).encode() not in hostile.content  # packed
        assert SECRET not in trial.load(hostile.name, hostile.content).text


def test_a_folder_of_them_stops_nothing(tmp_path: Path) -> None:
    """The whole way, with limits as settings: what cannot be read is named with its reason, the good file is read."""
    folder = tmp_path / "papers"
    folder.mkdir()
    hostile = [file for file in FILES if file.name.startswith(_IN_A_FOLDER)]
    for file in hostile:
        (folder / file.name).write_bytes(file.content)
    (folder / "good.txt").write_text("The ferry leaves at seven.", encoding="utf-8")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "circle.txt").symlink_to(folder / "circle.txt")
    (folder / "line\nbreak.txt").write_text("A name of two lines.", encoding="utf-8")
    environment = {
        **os.environ,
        "SIGNPOST_HOME": str(tmp_path / "home"),
        "SIGNPOST_MAX_FILE_SECONDS": "2",
        "SIGNPOST_MAX_UNPACKED_MB": "64",
    }
    command = [sys.executable, "-m", "agent", "add", str(folder), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110)
    summary = json.loads(done.stdout)
    refused = {Path(problem["name"]).name: problem["message"] for problem in summary["failed"]}
    assert done.returncode == 1
    assert {file.name for file in hostile if file.must_be_refused or file.needs_limits} <= set(refused)
    assert all("Why: " in message for message in refused.values())
    assert "good.txt" not in refused
    assert summary["added"] >= 2
    assert not list(tmp_path.rglob("climbed*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    locked = tmp_path / "locked.txt"
    locked.write_text("words", encoding="utf-8")
    locked.chmod(0)
    environment = {**os.environ, "SIGNPOST_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "agent", "add", str(locked), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert "locked.txt" in json.loads(done.stdout)["failed"][0]["name"]
