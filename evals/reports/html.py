"""A report as one HTML page that asks nothing of the network.

What comes from records is text that others have written: all of it is escaped, and none of it becomes a link.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.reports.report import Report, main_measure
from evals.reports.wording import shown, shown_interval, shown_missing, shown_money, shown_seconds
from tools.errors import MissingExtraError
from tools.text.clean import clean

if TYPE_CHECKING:
    from jinja2 import Environment

    from evals.reports.plots import Plot

_TEMPLATE = "report.html.jinja"
_LONGEST = 6000
"""Characters of a value that are shown."""


def as_html(report: Report) -> str:
    """The page. Without matplotlib it has no plots and says how to install it."""
    drawn, why_not = _plots(report)
    return (
        _environment()
        .get_template(_TEMPLATE)
        .render(
            header=report.header,
            tasks=report.tasks,
            worst=report.worst,
            faults=sum(task.unusable for task in report.tasks),
            plots=drawn,
            no_plots=why_not,
        )
    )


def _plots(report: Report) -> tuple[list["Plot"], str]:
    from evals.reports.plots import plots

    try:
        return plots(report), ""
    except MissingExtraError as error:
        return [], f"{error.what} {error.next_step}"


def _environment() -> "Environment":
    from jinja2 import ChainableUndefined, Environment, FileSystemLoader

    # Chainable: a record may lack anything.
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=ChainableUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "value": shown,
        "interval": shown_interval,
        "missing": shown_missing,
        "seconds": shown_seconds,
        "money": shown_money,
        "main_measure": main_measure,
        "number": _number,
        "whole": _whole,
        "compact": _compact,
        "entries": _entries,
    }
    return environment


def _written(value: Any) -> Any:
    """What the page says of a value. Markup, which the template alone makes, stays."""
    if value is None:
        return "–"
    return clean(value) if type(value) is str else value


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, int | float) and abs(value) < 1000 else _written(_short(value))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _short(value: Any) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)


def _compact(value: Any) -> str:
    """A line for each field of an object, its value as it is if it is a text and as JSON otherwise."""
    if not isinstance(value, Mapping):
        return _json(value)
    return "\n".join(f"{name}: {_json(field)}" for name, field in value.items())


def _json(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text):,} characters)"


def _entries(value: Any) -> Sequence[Any]:
    """The objects of a list; nothing of what is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []
