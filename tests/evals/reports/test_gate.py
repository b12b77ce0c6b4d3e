"""Floors that measures must keep."""

import json
from pathlib import Path

import pytest

from evals.measure import Measure
from evals.reports.gate import Floor, broken_floors, read_floors
from tools.errors import FileError, InputError


def measure(task: str, value: float | None, low: float | None = None, high: float | None = None) -> Measure:
    missing = {} if value is not None else {"no judge model": 3}
    return Measure(task, "recall@5", value, low, high, 40, "share", "higher", missing=missing)


MEASURES = [measure("zh_one", 0.9, 0.8, 0.95), measure("zh_two", 0.7, 0.6, 0.8), measure("en_one", None)]


@pytest.mark.parametrize(
    "floor",
    [
        Floor("zh_one", "recall@5", least=0.9),
        Floor("zh_one", "recall@5", most=0.9),
        Floor("zh_one", "recall@5", least=0.8, on="low"),
        Floor("zh_two", "recall@5", most=0.8, on="high"),
        Floor("zh_*", "recall@5", least=0.7),
        Floor("zh_one", "recall@5", least=0.5, most=0.95),
    ],
)
def test_a_floor_that_is_kept(floor: Floor) -> None:
    assert broken_floors([floor], MEASURES) == []


@pytest.mark.parametrize(
    ("floor", "said"),
    [
        (Floor("zh_one", "recall@5", least=0.91), ["zh_one/recall@5: 90.0 % is below 91.0 %"]),
        (Floor("zh_one", "recall@5", most=0.8), ["zh_one/recall@5: 90.0 % is above 80.0 %"]),
        (
            Floor("zh_one", "recall@5", least=0.85, on="low"),
            ["zh_one/recall@5 (low end of the interval): 80.0 % is below 85.0 %"],
        ),
        (Floor("zh_*", "recall@5", least=0.8), ["zh_two/recall@5: 70.0 % is below 80.0 %"]),
        (Floor("en_one", "recall@5", least=0.1), ["en_one/recall@5: could not be had (no judge model)"]),
        (Floor("fr_*", "recall@5", least=0.1), ["fr_*/recall@5: no measure has this name"]),
        (Floor("ZH_one", "recall@5", least=0.1), ["ZH_one/recall@5: no measure has this name"]),
        (Floor("zh_one", "recall@*", least=0.1), ["zh_one/recall@*: no measure has this name"]),
    ],
)
def test_a_broken_floor_is_told_in_words(floor: Floor, said: list[str]) -> None:
    assert broken_floors([floor], MEASURES) == said


def test_a_floor_on_an_interval_that_is_not_there_is_broken() -> None:
    (said,) = broken_floors([Floor("t", "recall@5", least=0.1, on="low")], [measure("t", 0.5)])
    assert "there is no interval" in said


def test_each_floor_is_told_and_each_measure_it_names() -> None:
    floors = [Floor("zh_*", "recall@5", least=0.95), Floor("none", "x", least=0)]
    assert len(broken_floors(floors, MEASURES)) == 3


def test_floors_are_read_from_toml_and_from_json(tmp_path: Path) -> None:
    toml, as_json = tmp_path / "floors.toml", tmp_path / "floors.json"
    toml.write_text('["zh_*/recall@5"]\nmin = 0.9\non = "low"\n\n["routing/accuracy[zh]"]\nmax = 1\n', encoding="utf-8")
    as_json.write_text(
        json.dumps({"zh_*/recall@5": {"min": 0.9, "on": "low"}, "routing/accuracy[zh]": {"max": 1}}), encoding="utf-8"
    )
    expected = (Floor("zh_*", "recall@5", least=0.9, on="low"), Floor("routing", "accuracy[zh]", most=1))
    assert read_floors(toml) == expected
    assert read_floors(as_json) == expected


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"recall@5": {"min": 0.9}}, "task/metric"),
        ({"/recall@5": {"min": 0.9}}, "task/metric"),
        ({"t/m": 0.9}, "it is not"),
        ({"t/m": {}}, "neither min nor max"),
        ({"t/m": {"min": "0.9"}}, "no number"),
        ({"t/m": {"min": True}}, "no number"),
        ({"t/m": {"min": 0.9, "max": 0.8}}, "bounds"),
        ({"t/m": {"minimum": 0.9}}, "minimum"),
        ({"t/m": {"min": 0.9, "on": "middle"}}, '"on"'),
    ],
)
def test_a_wrong_floor_is_refused(tmp_path: Path, values: object, said: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_floors(path)
    assert said in raised.value.why
    assert str(path) in raised.value.what


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("floors.json", "{}"),
        ("floors.json", "[]"),
        ("floors.json", "["),
        ("floors.json", '{"t/m": {"min": NaN}}'),
        ("floors.json", '{"t/m": {"min": 1}, "t/m": {"min": 0}}'),
        ("floors.toml", "min ="),
        ("floors.toml", ""),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=name):
        read_floors(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_floors(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("# é\n".encode("latin-1"))
    with pytest.raises(FileError, match="cannot be read"):
        read_floors(tmp_path / "latin.toml")
