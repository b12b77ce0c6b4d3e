"""The plots of a report's page."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from evals.metrics.classification import confusion
from evals.reports.report import Report, TaskReport, first_of, main_measure
from evals.reports.svg import FAINT, INK, LINE, SERIES, inline_svg, text_points
from evals.reports.wording import shown
from evals.statistics import wilson
from tools.text.clean import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In points: half of a page's width on a desk, the whole of it on a phone.
_WIDTH = 340.0
_HEIGHT = 270.0
_ROW = 31.0
_BAR = 0.34  # of a row's height
_BINS = 10
_FEWEST_CONFIDENCES = 10
_PERCENTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True, slots=True)
class Plot:
    """svg: an element for the page. about: how it is read. key: what its numbers stand for, from 1 on."""

    title: str
    about: str
    svg: str
    key: tuple[str, ...] = ()


def plots(report: Report) -> list[Plot]:
    """Those for which the report holds figures. Raises MissingExtraError when matplotlib is not installed."""
    drawn = [_qualities(report.tasks), _latencies(report.tasks), _costs(report.tasks), _reliability(report.tasks)]
    drawn += [_routes(number, task) for number, task in enumerate(report.tasks)]
    return [plot for plot in drawn if plot]


def _qualities(tasks: Sequence[TaskReport]) -> Plot | None:
    listed = [(task.name, measure) for task in tasks if (measure := main_measure(task))]
    if not listed:
        return None

    def draw(axes: "Axes") -> None:
        for row, (_, measure) in enumerate(listed):
            axes.barh(row, measure.value or 0.0, height=_BAR, color=SERIES, alpha=0.45)
            if measure.low is not None and measure.high is not None:
                axes.plot([measure.low, measure.high], [row, row], color=INK, linewidth=1.4, solid_capstyle="butt")
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])

    labels = [(name, f"{shown(measure.value, measure.unit)} {measure.metric}") for name, measure in listed]
    about = "The main metric of each task, from 0 to 1; the line is its 95 % interval."
    return Plot("Quality", about, _by_row("qualities", labels, draw))


def _latencies(tasks: Sequence[TaskReport]) -> Plot | None:
    listed = [(task, [ms for ms in task.latencies if ms > 0]) for task in tasks]
    listed = [(task, latencies) for task, latencies in listed if latencies]
    if not listed:
        return None

    def draw(axes: "Axes") -> None:
        for row, (_, latencies) in enumerate(listed):
            lowest, low, middle, high, highest = np.percentile(latencies, _PERCENTILES)
            axes.plot([lowest, highest], [row, row], color=SERIES, linewidth=1.2, solid_capstyle="butt")
            axes.barh(row, high - low, left=low, height=_BAR, color=SERIES, alpha=0.45)
            axes.plot([middle], [row], marker="|", markersize=_ROW * _BAR, markeredgewidth=2, color=INK)
        _log_scale(axes)

    labels = [(task.name, shown(float(np.median(latencies)), "ms")) for task, latencies in listed]
    about = (
        "Milliseconds that rows took: the middle half is the bar, the median the mark and the number, 5 % to 95 % "
        "the line."
    )
    return Plot("Latency", about, _by_row("latencies", labels, draw))


def _costs(tasks: Sequence[TaskReport]) -> Plot | None:
    cost, of_task = next(
        ((name, of_task) for name, of_task in _COSTS if any((of_task(task) or 0) > 0 for task in tasks)),
        (None, None),
    )
    if of_task is None:
        return None
    points = [
        (task, cost_of, measure)
        for task in tasks
        if (measure := main_measure(task)) and (cost_of := of_task(task)) is not None
    ]
    if not points:
        return None

    def draw(figure: "Figure") -> None:
        axes = _axes(figure, left=40, right=12, below=40, above=12)
        for number, (_, cost_of, measure) in enumerate(points, start=1):
            if measure.low is not None and measure.high is not None:
                axes.plot([cost_of] * 2, [measure.low, measure.high], color=SERIES, linewidth=1.2, alpha=0.6)
            axes.plot([cost_of], [measure.value or 0.0], "o", color=SERIES, markersize=7)
            axes.annotate(f"{number}", (cost_of, measure.value or 0.0), xytext=(6, 4), textcoords="offset points")
        axes.set_ylim(-0.02, 1.04)
        axes.set_ylabel("main metric")
        axes.set_xlabel(f"{cost} a row")
        if min(cost_of for _, cost_of, _ in points) > 0:
            _log_scale(axes)
        axes.grid(visible=True)

    key = tuple(one_line(f"{task.name}: {measure.metric}") for task, _, measure in points)
    about = f"The main metric of each task and its 95 % interval over its {cost} a row; to the upper left is better."
    return Plot("Cost and quality", about, inline_svg("costs", _WIDTH, _HEIGHT, draw), key)


def _reliability(tasks: Sequence[TaskReport]) -> Plot | None:
    pairs = [pair for task in tasks for pair in task.confidences]
    if len(pairs) < _FEWEST_CONFIDENCES:
        return None
    borders = [number / _BINS for number in range(1, _BINS)]
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for pair in pairs:
        bins[bisect_left(borders, pair[0])].append(pair)

    def draw(figure: "Figure") -> None:
        axes = _axes(figure, left=40, right=12, below=40, above=12)
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle=(0, (4, 4)))
        for held in filter(None, bins):
            right = sum(was_right for _, was_right in held)
            place = fmean(confidence for confidence, _ in held)
            axes.plot([place, place], list(wilson(right, len(held))), color=SERIES, linewidth=1.4, alpha=0.6)
            axes.plot([place], [right / len(held)], "o", color=SERIES, markersize=7)
            axes.annotate(f"{len(held):,}", (place, right / len(held)), xytext=(7, 4), textcoords="offset points")
        axes.set_xlim(0, 1.04)
        axes.set_ylim(-0.02, 1.04)
        axes.set_xlabel("confidence of the answer")
        axes.set_ylabel("share that is right")
        axes.grid(visible=True)

    about = (
        f"{len(pairs):,} answers by their confidence, in tenths, with how many fall into each: below the dashed line "
        "the product is surer than it should be."
    )
    return Plot("Confidence", about, inline_svg("reliability", _WIDTH, _HEIGHT, draw))


def _routes(number: int, task: TaskReport) -> Plot | None:
    if not task.routes:
        return None
    table = confusion(task.routes)
    labels = [one_line(label) for label in table.labels]
    left = max(map(text_points, labels)) + 26
    cell = max(46.0, max(map(text_points, labels)) + 8)
    width, height = left + cell * len(labels) + 8, 30.0 * len(labels) + 52

    def draw(figure: "Figure") -> None:
        from matplotlib.patches import Rectangle

        axes = _axes(figure, left=left, right=8, below=4, above=48)
        for row, counts in enumerate(table.counts):
            for column, count in enumerate(counts):
                share = count / max(1, sum(counts))
                axes.add_patch(
                    Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=SERIES, alpha=share * 0.7, linewidth=0)
                )
                if count:
                    axes.text(column, row, f"{count:,}", ha="center", va="center")
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xticks(range(len(labels)), labels)
        axes.set_yticks(range(len(labels)), labels)
        axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, labelcolor=INK)
        axes.set_xlabel("chosen", labelpad=8)
        axes.xaxis.set_label_position("top")
        axes.set_ylabel("right")
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        for border in range(len(labels) + 1):
            axes.axhline(border - 0.5, color=LINE, linewidth=0.6)
            axes.axvline(border - 0.5, color=LINE, linewidth=0.6)

    about = "A row for each right way, in it how often each was chosen; darker is a larger share of its row."
    return Plot(f"Ways chosen: {one_line(task.name)}", about, inline_svg(f"routes{number}", width, height, draw))


def _by_row(name: str, labels: Sequence[tuple[str, str]], draw: Callable[["Axes"], None]) -> str:
    """A figure with a row for each thing, from the top down; over it its name, to the right of that its figure."""

    def fill(figure: "Figure") -> None:
        axes = _axes(figure, left=14, right=14, below=22, above=14)
        draw(axes)
        for row, texts in enumerate(labels):
            for end, text in enumerate(texts):
                axes.annotate(
                    one_line(text),
                    (end, row - 0.37),
                    xycoords=("axes fraction", "data"),
                    ha="right" if end else "left",
                    va="center",
                )
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(labels) - 0.6, -0.4)
        axes.grid(visible=True, axis="x")

    return inline_svg(name, _WIDTH, _ROW * len(labels) + 36, fill)


def _axes(figure: "Figure", *, left: float, right: float, below: float, above: float) -> "Axes":
    """Axes with margins in points: the space that labels take must not depend on a machine's fonts."""
    width, height = (side * 72 for side in figure.get_size_inches())
    box = (left / width, below / height, (width - left - right) / width, (height - below - above) / height)
    return figure.add_axes(box)


def _log_scale(axes: "Axes") -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _median_ms(task: TaskReport) -> float | None:
    return float(np.median(task.latencies)) if task.latencies else None


def _value_in(unit: str) -> Callable[[TaskReport], float | None]:
    def value(task: TaskReport) -> float | None:
        measure = first_of(task, unit)
        return measure.value if measure else None

    return value


# The dearest kind of cost that a run has had.
_COSTS: tuple[tuple[str, Callable[[TaskReport], float | None]], ...] = (
    ("money", _value_in("money")),
    ("model calls", _value_in("calls")),
    ("median ms", _median_ms),
)
