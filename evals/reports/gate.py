"""Floors that measures must keep, from a file, and which of them are broken."""

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, get_args

from evals.measure import Measure
from evals.reports.report import TaskReport
from evals.reports.wording import shown
from tools.errors import FileError, InputError

On = Literal["value", "low", "high"]

_FORM = '"task/metric" = { min = 0.8 }, or max, or both; on = "low" or "high" for an end of the interval'


@dataclass(frozen=True, slots=True)
class Floor:
    """What the measures called `task`/`metric` must keep. task: may hold the wildcards * and ?. on: which of a
    measure's numbers is compared; shares are from 0 to 1."""

    task: str
    metric: str
    least: float | None = None
    most: float | None = None
    on: On = "value"

    @property
    def name(self) -> str:
        """As the file calls it."""
        return f"{self.task}/{self.metric}"


def read_floors(path: Path) -> tuple[Floor, ...]:
    """The floors in a .toml or .json file, by the name of the measure: {"task/metric": {"min": 0.8}}.

    Raises FileError when it cannot be read, InputError when it holds anything else, or no floor.
    """
    values = _read(path)
    if not values:
        raise InputError(f"{path} holds no floor.", next_step=f"Write one: {_FORM}")
    return tuple(_floor(path, name, each) for name, each in values.items())


def broken_floors(floors: Sequence[Floor], measures: Sequence[Measure]) -> list[str]:
    """What is wrong with each floor that is not kept, in words. One that names no measure is not kept, nor one whose
    measure could not be had."""
    broken: list[str] = []
    for floor in floors:
        named = [each for each in measures if each.metric == floor.metric and fnmatchcase(each.task, floor.task)]
        broken += [why for measure in named for why in _broken(floor, measure)]
        if not named:
            broken.append(f"{floor.name}: no measure has this name")
    return broken


def uncounted_rows(floors: Sequence[Floor], tasks: Sequence[TaskReport]) -> list[str]:
    """Tasks with a floor of which rows failed or were not run: their figures are of luckier rows."""
    return [
        f"{task.name}: {task.failed:,} of {task.n:,} rows failed or were not run"
        for task in tasks
        if task.failed and any(fnmatchcase(task.name, floor.task) for floor in floors)
    ]


def _broken(floor: Floor, measure: Measure) -> list[str]:
    value = {"value": measure.value, "low": measure.low, "high": measure.high}[floor.on]
    subject = measure.name if floor.on == "value" else f"{measure.name} ({floor.on} end of the interval)"
    if value is None:
        reasons = ", ".join(measure.missing) if measure.value is None else "there is no interval"
        return [f"{subject}: could not be had ({reasons or 'no reason is known'})"]
    broken = []
    if floor.least is not None and value < floor.least:
        broken.append(f"{subject}: {shown(value, measure.unit)} is below {shown(floor.least, measure.unit)}")
    if floor.most is not None and value > floor.most:
        broken.append(f"{subject}: {shown(value, measure.unit)} is above {shown(floor.most, measure.unit)}")
    return broken


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path} cannot be read.", why=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path} cannot be read.", why="It is not in UTF-8.") from error
    try:
        if path.suffix.lower() == ".toml":
            return tomllib.loads(text)
        values = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        kind = "TOML" if path.suffix.lower() == ".toml" else "JSON"
        raise InputError(f"{path} is no {kind}.", why=str(error), next_step=f"A floor is: {_FORM}") from error
    if not isinstance(values, dict):
        raise InputError(f"{path} holds no floors.", why="It is not an object.", next_step=f"A floor is: {_FORM}")
    return values


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name is there twice")
    return values


def _floor(path: Path, name: str, values: Any) -> Floor:
    task, separator, metric = name.partition("/")
    why = "" if separator and task and metric else "its name is not task/metric"
    why = why or _fault(values)
    if why:
        raise InputError(f"The floor {name} in {path} cannot be used.", why=why, next_step=f"A floor is: {_FORM}")
    return Floor(task, metric, values.get("min"), values.get("max"), values.get("on", "value"))


def _fault(values: Any) -> str:
    """Why this is no floor; empty when it is one."""
    if not isinstance(values, Mapping):
        return "it is not { min = …, max = …, on = … }"
    if unknown := sorted(set(values) - {"min", "max", "on"}):
        return f"it has {', '.join(unknown)}, which means nothing"
    bounds = [values[name] for name in ("min", "max") if name in values]
    if not bounds:
        return "it has neither min nor max"
    if any(isinstance(bound, bool) or not isinstance(bound, int | float) for bound in bounds):
        return "min or max is no number"
    if not all(math.isfinite(bound) for bound in bounds) or bounds != sorted(bounds):
        return "no number is within its bounds"
    if values.get("on", "value") not in get_args(On):
        return f'"on" is none of {", ".join(get_args(On))}'
    return ""
