"""The first minutes of a new user: a fresh clone, `make demo`, and `make demo` again."""

import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.figures import Figure

ROOT = Path(__file__).resolve().parents[2]


def measure_install() -> list[Figure]:
    """Seconds of the demo in a clone of the committed state, and megabytes of its environment.

    The package cache is warm: what runs this has installed the same packages.
    """
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        clone = Path(folder) / "signpost"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        first = _make_demo(clone)
        second = _make_demo(clone)
        size = sum(path.lstat().st_size for path in (clone / ".venv").rglob("*") if path.is_file())
        has_torch = any((clone / ".venv").rglob("site-packages/torch"))
    return [
        Figure("make demo in a fresh clone", first, "s", 120, "warm package cache"),
        Figure("make demo again", second, "s", 15),
        Figure("base install", size / 1e6, "MB", 600),
        Figure("torch in the base install", float(has_torch), "", 0),
    ]


def _make_demo(clone: Path) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "SIGNPOST_HOME" and key != "VIRTUAL_ENV"}
    started = time.perf_counter()
    subprocess.run(["make", "demo"], cwd=clone, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started
