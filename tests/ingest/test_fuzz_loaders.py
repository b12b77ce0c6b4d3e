"""Damaged files of every format: documents or a clear error, within bounds of time and memory."""

from collections.abc import Iterator

import pytest

from evals.fuzz.mutations import MUTATIONS, cases
from evals.fuzz.seeds import seeds
from evals.fuzz.trial import Trial
from ingest.loaders import LOADERS

COUNT = 300


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Trial() as trial:
        yield trial


def test_every_good_file_loads(trial: Trial) -> None:
    """Mutations of what is not read to begin with show nothing. A picture's text is not read here."""
    for extension, contents in seeds().items():
        for content in contents:
            outcome = trial.load(f"seed{extension}", content)
            assert outcome.ending == "loaded" or (extension in _PICTURES and outcome.ending == "refused"), outcome


_PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}


def test_damaged_files_load_or_are_refused(trial: Trial) -> None:
    for case in cases(seeds(), COUNT, seed=1):
        outcome = trial.load(case.name, case.content)
        assert outcome.is_good, (case.name, case.mutation, outcome)


def test_cases_are_of_every_format_and_the_same_every_time() -> None:
    first, again = list(cases(seeds(), COUNT, seed=1)), list(cases(seeds(), COUNT, seed=1))
    assert first == again
    assert {f".{case.name.rpartition('.')[2]}" for case in first} == set(LOADERS)
    assert {word for case in first for word in MUTATIONS if word in case.mutation} == set(MUTATIONS)
    assert first != list(cases(seeds(), COUNT, seed=2))
