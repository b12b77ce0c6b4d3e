"""Thousands of damaged files and those made to hurt: how each ended."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.figures import Figure
from evals.fuzz.hostile import SECRET, hostile_files
from evals.fuzz.mutations import cases
from evals.fuzz.seeds import seeds
from evals.fuzz.trial import Ending, Outcome, Trial
from ingest.loaders import LOADERS

_CASES = 3000
_READ_AS_PICTURES = 60
_BAD: tuple[Ending, ...] = ("raised", "malformed", "too slow", "too large", "crashed")


def measure_damaged() -> list[Figure]:
    """Mutations of good files of every format that is read."""
    with Trial() as trial:
        outcomes = [trial.load(case.name, case.content) for case in cases(seeds(), _CASES, seed=2)]
    pictures = {name: files for name, files in seeds().items() if name in (".pdf", ".png", ".jpg", ".docx")}
    with Trial(reads_pictures=True, seconds=60, memory_bytes=2**30) as trial:
        outcomes += [trial.load(case.name, case.content) for case in cases(pictures, _READ_AS_PICTURES, seed=3)]
    return [Figure("formats", len(LOADERS), ""), *_figures(outcomes)]


def measure_hostile() -> list[Figure]:
    """Each is loaded directly: what only the limits of `add` would end counts as too slow or too large here."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder, Trial() as trial:
        secret = Path(folder) / "secret.txt"
        secret.write_text(SECRET, encoding="utf-8")
        files = hostile_files(str(secret))
        ended = [(file, trial.load(file.name, file.content)) for file in files]
    loaded = sum(file.must_be_refused and outcome.ending == "loaded" for file, outcome in ended)
    return [
        *_figures([outcome for file, outcome in ended if not file.needs_limits]),
        Figure("loaded and should be refused", loaded, "", 0),
        Figure("that reach for another file", sum(SECRET in outcome.text for _, outcome in ended), "", 0),
        Figure(
            "that only limits of time and memory end, ended by them",
            sum(outcome.ending in _BAD for file, outcome in ended if file.needs_limits),
            f"of {sum(file.needs_limits for file in files)}",
        ),
    ]


def _figures(outcomes: list[Outcome]) -> list[Figure]:
    counts = Counter(outcome.ending for outcome in outcomes)
    good = [Figure(ending, counts[ending], "") for ending in ("loaded", "refused", "refused by surprise")]
    bad = [Figure(ending, counts[ending], "", 0) for ending in _BAD]
    return [
        Figure("files", len(outcomes), ""),
        *good,
        *bad,
        Figure("time of one, longest", max(outcome.seconds for outcome in outcomes), "s"),
        Figure("memory, most", max(outcome.peak_bytes for outcome in outcomes) / 2**20, "MB", 1024),
    ]
