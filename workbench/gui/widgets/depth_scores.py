"""Beside the rungs of the stage ladder: how well each task can be told from the output of every stage.

Depth runs downwards as the rungs do, so that a mark lies on the line where the handle would lie; the score runs to the
right. Each task has its colour, dash and marker; where there are many, their mean is drawn alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.colours import TaskStyle
from workbench.gui.numbers import percent
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.task_legend import draw_marker

if TYPE_CHECKING:
    from workbench.gui.widgets.freeze_handle import FreezeHandle

MOST_TASKS = 4
"""Tasks that are drawn each for itself; of more, the mean is."""
_EDGE = 8  # px: left free at both ends of the scale
_MARK = 4.0  # px: radius of a marker
_STEP = 0.1  # the scale ends at multiples of it


@dataclass(frozen=True)
class Score:
    """A score, 1 for a perfect one, and its standard error."""

    value: float
    error: float = 0.0


@dataclass(frozen=True)
class Depth:
    """What was measured with the first so many stages frozen.

    Attributes:
        scores: of each task that has one.
        memory_mb: of one training step; None where it was not measured.
        step_ms: time of one training step; None where it was not measured.
        step_images: how many pictures such a step is of; None where that is not said.
        near_best: its scores cannot be told from the best ones beyond noise.
    """

    scores: Mapping[str, Score]
    memory_mb: float | None = None
    step_ms: float | None = None
    step_images: int | None = None
    near_best: bool = False


def mean(scores: Sequence[Score]) -> Score:
    """The mean of independent scores; nothing of no scores is asked for."""
    number = len(scores)
    return Score(sum(each.value for each in scores) / number, math.hypot(*(each.error for each in scores)) / number)


def score_words(score: Score) -> str:
    """81 % ± 2."""
    return f"{percent(score.value, 0)} ± {score.error * 100:.0f}"


class DepthScores(QWidget):
    """A line for each task through its scores at every depth, with their standard errors."""

    def __init__(self, rungs: FreezeHandle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rungs = rungs
        self._tasks: list[str] = []
        self._depths: list[Depth] = []
        self._lifted = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        rungs.valueChanged.connect(self.update)

    def set_depths(self, tasks: Sequence[str], depths: Sequence[Depth]) -> None:
        """Show what was measured at depths 0, 1, … for tasks in the project's order; none takes all away."""
        self._tasks, self._depths = list(tasks), list(depths)
        self.setAccessibleName(self.tr("Scores at every depth"))
        self.setAccessibleDescription(" ".join(self.describe(depth) for depth in range(len(self._depths))))
        self.update()

    def lift(self, task: str) -> None:
        """Make one line stand out; an empty name, none."""
        self._lifted = task
        self.update()

    @property
    def shown(self) -> list[str]:
        """The tasks that have a line: none where the mean is drawn."""
        scored = [task for task in self._tasks if any(task in depth.scores for depth in self._depths)]
        return scored if len(scored) <= MOST_TASKS else []

    @property
    def has_scores(self) -> bool:
        """Whether there is anything to draw."""
        return any(depth.scores for depth in self._depths)

    def describe(self, depth: int) -> str:
        """What was measured at a depth, in words; empty where nothing was."""
        if depth >= len(self._depths) or not self._depths[depth].scores:
            return ""
        scores = self._depths[depth].scores
        known = [task for task in self._tasks if task in scores]
        words = ", ".join(f"{task} {score_words(scores[task])}" for task in known[:MOST_TASKS])
        if len(known) > MOST_TASKS:
            words = self.tr("{0} in the mean of {1} tasks").format(
                score_words(mean([scores[task] for task in known])), len(known)
            )
        if self._depths[depth].near_best:
            words = self.tr("{0} (within noise of the best)").format(words)
        if depth == 0:
            return self.tr("From the pixels alone: {0}.").format(words)
        return self.tr("From the output of {0}: {1}.").format(self._rungs.rungs[depth - 1].name, words)

    def sizeHint(self) -> QSize:
        ends = QFontMetrics(font("caption", figures=True)).horizontalAdvance("100 %")
        return QSize(max(116, round(2.5 * ends)), self._rungs.sizeHint().height())

    def scale(self) -> tuple[float, float]:
        """The ends of the scale: multiples of a tenth that leave no score outside, but for those below zero."""
        scores = [score for depth in self._depths for score in depth.scores.values()]
        low = min((score.value - score.error for score in scores), default=0.0)
        high = max((score.value + score.error for score in scores), default=1.0)
        low, high = max(0.0, math.floor(low / _STEP) * _STEP), min(1.0, math.ceil(high / _STEP) * _STEP)
        return (low, high) if high > low else (max(0.0, high - _STEP), max(high, _STEP))

    def place_of(self, value: float) -> float:
        """Where a score lies, in px from the left."""
        low, high = self.scale()
        share = (min(high, max(low, value)) - low) / (high - low)
        return _EDGE + share * (self.width() - 2 * _EDGE)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.describe(self._rungs.depth_at(event.pos().y())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.has_scores or not self._rungs.rungs:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_scale(painter)
        tasks = self.shown
        for task in tasks:
            style = theme().task_style(self._tasks.index(task))
            scores = {at: depth.scores[task] for at, depth in enumerate(self._depths) if task in depth.scores}
            self._paint_line(painter, scores, style, task == self._lifted)
        if not tasks:
            scores = {at: mean(list(depth.scores.values())) for at, depth in enumerate(self._depths) if depth.scores}
            self._paint_line(painter, scores, TaskStyle(theme().colours().text, (), "o"), False)

    def _paint_scale(self, painter: QPainter) -> None:
        colours = theme().colours()
        top, bottom = self._rungs.boundary(0), self._rungs.boundary(len(self._rungs.rungs))
        painter.setFont(font("caption", figures=True))
        metrics = painter.fontMetrics()
        here = self._rungs.boundary(self._rungs.value())
        painter.setPen(QPen(colours.colour("accent"), 1))
        painter.drawLine(QPointF(0, here), QPointF(self.width(), here))
        for value, side in zip(self.scale(), (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True):
            x = self.place_of(value)
            painter.setPen(QPen(colours.colour("border"), 1))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            painter.setPen(colours.colour("secondary"))
            where = QRectF(2, bottom + 2 * GRID, self.width() - 4, metrics.height())
            painter.drawText(where, side, percent(value, 0))
        ends = sum(metrics.horizontalAdvance(percent(value, 0)) for value in self.scale())
        if ends + metrics.horizontalAdvance(self.tr("probe")) + 2 * GRID <= where.width():
            painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, self.tr("probe"))

    def _paint_line(self, painter: QPainter, scores: Mapping[int, Score], style: TaskStyle, lifted: bool) -> None:
        colour = QColor(style.colour)
        points = {at: QPointF(self.place_of(each.value), self._rungs.boundary(at)) for at, each in scores.items()}
        pen = QPen(colour, 2.5 if lifted else 1.25)
        if style.dash:
            pen.setDashPattern([part * 0.6 for part in style.dash])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(list(points.values())))
        for at, point in points.items():
            low, high = (self.place_of(scores[at].value + side * scores[at].error) for side in (-1, 1))
            painter.setPen(QPen(colour, 1))
            painter.drawLine(QPointF(low, point.y()), QPointF(high, point.y()))
            for end in (low, high):
                painter.drawLine(QPointF(end, point.y() - 3), QPointF(end, point.y() + 3))
            painter.setPen(QPen(theme().colours().colour("surface"), 1))
            painter.setBrush(colour)
            draw_marker(painter, style.marker, point, _MARK + (1.5 if at == self._rungs.value() else 0))
