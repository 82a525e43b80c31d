"""The rows of the table of compared backbones: what each cell shows, sorts by and says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QColor

from workbench.gui.numbers import measured
from workbench.gui.pages.model.advice.document import Advice, Compared, Way
from workbench.gui.pages.model.advice.words import (
    facts_help,
    score_help,
    score_text,
    title,
    way_help,
    weights_words,
)
from workbench.gui.pages.model.weight_words import size_words
from workbench.gui.pages.results.tables import Cell
from workbench.gui.theme import theme

BACKBONE, ACTION, FIRST_TASK = 1, 2, 3
"""Columns."""
_STEP = 0.1  # the scale of a task ends at multiples of it


@dataclass(frozen=True)
class Span:
    """A score with its standard error on the scale of its column, all in the score's own unit."""

    value: float
    error: float
    low: float
    high: float
    colour: QColor


@dataclass(frozen=True)
class AdviceCell(Cell):
    """A cell of two lines, or of a line and an interval.

    Attributes:
        second: under the text.
        span: drawn under the text.
        action: what a click does: use, download, or nothing.
        faint: of a backbone that was not measured.
        right: stands at the right edge of its column.
    """

    second: str = ""
    span: Span | None = None
    action: str = ""
    faint: bool = False
    right: bool = False

    @property
    def side(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignRight if self.right else Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True)
class TaskColumn:
    """A task that is compared: its kind, and its place in the project."""

    name: str
    kind: str
    place: int


def _tr(text: str) -> str:
    return QCoreApplication.translate("AdviceRows", text)


def titles(tasks: Sequence[TaskColumn], way: Way = "probe", memory: str = "") -> tuple[list[str], list[str]]:
    """Titles of the columns, and what they mean.

    Args:
        memory: what the megabytes are, as the engine puts it.
    """
    scores = [(task.name, way_help(task.name, task.kind, way)) for task in tasks]
    rank = _tr("By the mean rank over the tasks") if len(tasks) > 1 else _tr("By the linear probe")
    before = [(_tr("Rank"), rank), (_tr("Backbone"), ""), ("", _tr(_TAKE))]
    mean = [(_tr("Mean rank"), _tr("The mean of its ranks in the tasks"))] if len(tasks) > 1 else []
    after = [
        (_tr("Pictures/s"), _tr("Pictures a second on this computer, forwards only")),
        (_tr("Memory"), _tr("Memory: {0}").format(memory or _tr("the most that it took"))),
        (_tr("ImageNet"), _tr("Accuracy on ImageNet, known without your pictures; (of its default weights)")),
    ]
    columns = [*before, *scores, *mean, *after]
    return [name for name, _ in columns], [text for _, text in columns]


@dataclass(frozen=True)
class Now:
    """How things stand now, which the comparison cannot know.

    Attributes:
        taken: name and weights of what the project has.
        arrived: those of what was not here then, and is now.
    """

    taken: tuple[str, str]
    arrived: frozenset[tuple[str, str]] = frozenset()


def rows(advice: Advice, tasks: Sequence[TaskColumn], now: Now, way: Way = "probe") -> list[list[AdviceCell]]:
    """A row for each backbone."""
    scales = {task.name: scale(advice, task.name, way) for task in tasks}
    return [
        [*_first(row), _action(row, now), *_scores(row, tasks, scales, way), *_mean_rank(row, tasks), *_last(row)]
        for row in advice.rows
    ]


def scale(advice: Advice, task: str, way: Way = "probe") -> tuple[float, float]:
    """The ends of a task's scale, the same in all rows: multiples of a tenth around all its scores."""
    scores = [row.tasks[task] for row in advice.measured if task in row.tasks]
    known = [(value, each.doubt(way)) for each in scores if (value := each.by(way)) is not None]
    low = min((value - doubt for value, doubt in known), default=0.0)
    high = max((value + doubt for value, doubt in known), default=1.0)
    if way != "logme":  # what lies below nothing at all is drawn at the edge
        low, high = max(0.0, low), min(1.0, high)
    low, high = math.floor(low / _STEP) * _STEP, math.ceil(high / _STEP) * _STEP
    return (low, high) if high > low else (low, low + _STEP)


def _first(row: Compared) -> list[AdviceCell]:
    faint = row.status != "measured"
    second = _tr(_STATES[row.status]) if faint else weights_words(row.name, row.weights)
    rank = math.inf if row.rank is None else float(row.rank)
    shown = "–" if row.rank is None else str(row.rank)
    tied = _tr("≈ best") if row.tied else " "
    return [
        AdviceCell(shown, rank, strong=row.tied, help="\n".join(facts_help(row)), second=tied, faint=faint),
        AdviceCell(title(row.name), strong=row.tied, help="\n".join(facts_help(row)), second=second, faint=faint),
    ]


def _mean_rank(row: Compared, tasks: Sequence[TaskColumn]) -> list[AdviceCell]:
    if len(tasks) < 2:
        return []
    if row.mean_rank is None:
        return [AdviceCell("–", math.inf, faint=True, right=True)]
    return [AdviceCell(f"{row.mean_rank:.1f}", row.mean_rank, right=True)]


def _scores(
    row: Compared, tasks: Sequence[TaskColumn], scales: Mapping[str, tuple[float, float]], way: Way
) -> list[AdviceCell]:
    cells = []
    for task in tasks:
        score = row.tasks.get(task.name)
        value = None if score is None else score.by(way)
        if row.status != "measured" or score is None or value is None:
            help_ = row.reason if row.status != "measured" else score_help(task.name, score, task.kind)
            cells.append(AdviceCell("–", -math.inf, help=help_, faint=True))
            continue
        span = Span(value, score.doubt(way), *scales[task.name], theme().task_colour(task.place))
        help_ = score_help(task.name, score, task.kind)
        cells.append(AdviceCell(score_text(score, task.kind, way), value, help=help_, span=span))
    return cells


def _last(row: Compared) -> list[AdviceCell]:
    speed, memory = row.images_per_s, row.peak_memory_mb
    own = row.accuracy_of == "weights"
    accuracy = "–" if row.accuracy is None else f"{row.accuracy:.1f} %" if own else f"({row.accuracy:.1f} %)"
    figures = [
        ("–" if speed is None else measured(speed, speed / 10), -math.inf if speed is None else speed),
        ("–" if memory is None else f"{memory:,.0f} MB", math.inf if memory is None else memory),
        (accuracy, -math.inf if row.accuracy is None else row.accuracy),
    ]
    return [AdviceCell(text, value, right=True) for text, value in figures]


def _action(row: Compared, now: Now) -> AdviceCell:
    if (row.name, row.weights) in now.arrived:
        return AdviceCell(_tr("Here now"), second=_tr("compare again"), help=_tr("Downloaded since"), faint=True)
    if row.status == "not here":
        size = _tr("{0} MB").format(size_words(row.download_mb)) if row.download_mb else ""
        return AdviceCell(_tr("Download"), second=size, action="download", help=row.reason)
    if (row.name, row.weights) == now.taken:
        return AdviceCell(_tr("In use"), help=_tr("The project takes it now"), faint=True)
    if row.status == "failed":
        return AdviceCell("", help=row.reason)
    return AdviceCell(_tr("Use"), action="use", help=_tr("Take {0} with these weights").format(title(row.name)))


_TAKE = QT_TRANSLATE_NOOP("AdviceRows", "Take this backbone with these weights; so does the Enter key")
_STATES = {
    "not here": QT_TRANSLATE_NOOP("AdviceRows", "not here"),
    "failed": QT_TRANSLATE_NOOP("AdviceRows", "could not be measured"),
}
