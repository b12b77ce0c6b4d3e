"""The built samples are what their script builds."""

from pathlib import Path

from ingest.load import load_file
from tests.build_samples import BUILDERS, build

SAMPLES = Path(__file__).parents[2] / "samples"


def test_building_twice_gives_equal_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    for path in build(first):
        build_again = second / path.name
        if not build_again.exists():
            build(second)
        assert build_again.read_bytes() == path.read_bytes()


def test_built_files_say_what_the_committed_ones_say(tmp_path: Path) -> None:
    build(tmp_path)
    for name in BUILDERS:
        assert load_file(tmp_path / name) == load_file(SAMPLES / name)


def test_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir() if path.is_file()) < 400_000
