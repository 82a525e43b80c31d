"""The knob of a task's lane: where the task leaves the stages that all share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen

from workbench.gui.theme import theme
from workbench.gui.widgets.branches import first_own
from workbench.gui.widgets.step_handle import StepHandle
from workbench.gui.widgets.task_legend import draw_marker

if TYPE_CHECKING:
    from workbench.gui.widgets.branch_lanes import BranchLanes

_KNOB = 9  # px: its radius


class LaneHandle(StepHandle):
    """A slider to Qt; Up gives the task one more of the last stages. Value: how many it has of its own.

    Signals:
        moved(str, int): the user gave the task that many (setValue by the program does not emit it).
    """

    moved = Signal(str, int)
    reach = 2.0 * _KNOB

    def __init__(self, task: str, index: int, lanes: BranchLanes) -> None:
        super().__init__(lanes)
        self.task = task
        self._index = index
        self._lanes = lanes
        self._stages: list[str] = []
        self._frozen = 0
        self.setAccessibleName(self.tr("Own stages of {0}").format(task))
        self.stepped.connect(self._on_stepped)
        self.valueChanged.connect(self._say)

    def set_stages(self, names: Sequence[str], frozen: int) -> None:
        """The stages are these, of which the first `frozen` are frozen."""
        self._stages, self._frozen = list(names), frozen
        self.setRange(0, len(names))
        self._say()
        self.update()

    def knob_centre(self) -> QPointF:
        """The middle of the knob, in px."""
        return QPointF(self.width() / 2, self._lanes.boundary(len(self._stages) - self.value()))

    def value_at(self, y: float) -> int:
        return len(self._stages) - self._lanes.depth_at(y)

    def describe(self) -> str:
        """What its place means, in one sentence."""
        stages = len(self._stages)
        copied = self._stages[first_own(stages, self._frozen, self.value()) :]
        if not self.value():
            return self.tr("{0} shares all stages and has only its head of its own.").format(self.task)
        if not copied:
            return self.tr("{0} shares all stages: those that are frozen are the same for all.").format(self.task)
        listed = ", ".join(copied)
        if len(copied) < self.value():
            text = self.tr("{0} has its own copy of {1}; the frozen stages before it are the same for all.")
            return text.format(self.task, listed)
        return self.tr("{0} has its own copy of {1}.").format(self.task, listed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._lanes.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._lanes.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._stages:
            return
        colours = theme().colours()
        colour = QColor(theme().task_style(self._index).colour)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = self.knob_centre()
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.setBrush(colours.colour("surface"))
            painter.drawEllipse(centre, _KNOB + 2.5, _KNOB + 2.5)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colours.colour("hover" if self.dragging else "surface"))
        painter.drawEllipse(centre, _KNOB - 1, _KNOB - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour if self.isEnabled() else colours.colour("control_border"))
        draw_marker(painter, theme().task_style(self._index).marker, centre, 4.5)

    @Slot()
    def _on_stepped(self) -> None:
        self.moved.emit(self.task, self.value())

    @Slot()
    def _say(self) -> None:
        self.setAccessibleDescription(self.describe())
        self.setToolTip(self.describe())
        self.update()
