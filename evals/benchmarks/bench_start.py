"""How long a command takes from a cold start, as its user waits for it."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.figures import Figure, median

ROOT = Path(__file__).resolve().parents[2]
_RUNS = 5


def measure_start() -> list[Figure]:
    """Seconds of `signpost --help` and of `signpost ask` on the samples, as whole processes."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        environment = {**os.environ, "SIGNPOST_HOME": folder}
        _run(["add", str(ROOT / "samples")], environment)
        nothing = [_seconds([sys.executable, "-c", "pass"], environment) for _ in range(_RUNS)]
        helped = [_run(["--help"], environment) for _ in range(_RUNS)]
        asked = [_run(["ask", "什么是纳统？"], environment) for _ in range(_RUNS)]
    return [
        Figure("an empty Python process, p50", median(nothing), "s", None, "the peer of the same run"),
        Figure("signpost --help, p50", median(helped), "s", 0.4),
        Figure("signpost ask, cold, p50", median(asked), "s", 2.5),
    ]


def _run(arguments: list[str], environment: dict[str, str]) -> float:
    return _seconds([sys.executable, "-m", "agent", *arguments], environment)


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started
