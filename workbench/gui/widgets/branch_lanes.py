"""Beside the rungs of the stage ladder: where each task leaves the stages that all share, and goes on with its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.colours import TaskStyle
from workbench.gui.theme import theme
from workbench.gui.widgets.branches import first_own
from workbench.gui.widgets.lane_handle import LaneHandle

if TYPE_CHECKING:
    from workbench.gui.widgets.freeze_handle import FreezeHandle

_TRUNK = 8  # px from the rungs to the line that all tasks share
_LANE = 26  # px
_BEND = 8  # px
_TAIL = 9  # px that a lane runs on below the last rung
MOST_LANES = 8
"""Tasks that have a lane; more are told in words."""


class BranchLanes(QWidget):
    """One lane for each task: it lies on the trunk up to its branch point, and runs apart from there to the output.

    Signals:
        moved(str, int): the user gave a task that many of the last stages.
    """

    moved = Signal(str, int)

    def __init__(self, rungs: FreezeHandle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rungs = rungs
        self._lifted = ""
        self.handles: dict[str, LaneHandle] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        rungs.valueChanged.connect(self.refresh)

    def set_tasks(self, names: Sequence[str]) -> None:
        """Show a lane for each of these tasks, in the project's order."""
        if list(names) != list(self.handles):
            for handle in self.handles.values():
                handle.hide()
                handle.deleteLater()
            self.handles = {name: self._make_handle(name, index) for index, name in enumerate(names)}
            self._place()
            self.updateGeometry()
        self.refresh()

    def set_own(self, task: str, stages: int) -> None:
        """Give a task that many of the last stages; `moved` is not emitted."""
        self.handles[task].setValue(stages)

    def own(self) -> dict[str, int]:
        """How many of the last stages each task has of its own."""
        return {name: handle.value() for name, handle in self.handles.items()}

    def lift(self, task: str) -> None:
        """Make one lane stand out; an empty name, none."""
        self._lifted = task
        self.update()

    def refresh(self) -> None:
        """Fit the lanes to the rungs: other stages, or another freeze depth."""
        stages = len(self._rungs.rungs)
        for handle in self.handles.values():
            handle.set_stages([rung.name for rung in self._rungs.rungs], self._rungs.value())
            handle.setVisible(stages > 0)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_TRUNK + _LANE * len(self.handles) + 4, self._rungs.sizeHint().height())

    def boundary(self, depth: int) -> float:
        """The height below the first `depth` rungs, in px from the top."""
        return self._rungs.boundary(depth)

    def depth_at(self, y: float) -> int:
        """How many rungs lie above a height, in px from the top."""
        return self._rungs.depth_at(y)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rungs.rungs or not self.handles:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_trunk(painter)
        lanes = list(enumerate(self.handles.items()))
        for index, (name, handle) in reversed(lanes):  # where several leave together, each is seen up to its own lane
            self._paint_lane(painter, index, handle, name == self._lifted or handle.hasFocus())

    def _paint_trunk(self, painter: QPainter) -> None:
        """The line of the stages that tasks share: up to where the last of them leaves it."""
        stages = len(self._rungs.rungs)
        last = max(first_own(stages, self._rungs.value(), handle.value()) for handle in self.handles.values())
        painter.setPen(QPen(theme().colours().colour("secondary"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(_TRUNK, self.boundary(0) + 4), QPointF(_TRUNK, self.boundary(last)))
        if last == stages:  # those that share everything part only before their heads
            lanes = [at for at, handle in enumerate(self.handles.values()) if not self._copied(handle)]
            painter.drawLine(QPointF(_TRUNK, self.boundary(last)), QPointF(self._x(lanes[-1]), self.boundary(last)))

    def _paint_lane(self, painter: QPainter, index: int, handle: LaneHandle, lifted: bool) -> None:
        stages = len(self._rungs.rungs)
        style = theme().task_style(index)
        branch = self.boundary(first_own(stages, self._rungs.value(), handle.value()))
        wanted, bottom = self.boundary(stages - handle.value()), self.boundary(stages) + _TAIL
        x = self._x(index)
        if wanted < branch:  # frozen stages are the same for all
            painter.setPen(QPen(theme().colours().colour("control_border"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, wanted), QPointF(x, branch))
        path = QPainterPath(QPointF(_TRUNK, branch))
        path.lineTo(x - _BEND, branch)
        path.quadTo(x, branch, x, min(branch + _BEND, bottom))
        path.lineTo(x, bottom)
        painter.setPen(_pen(style, 3.0 if lifted else 1.75))
        if self._copied(handle):
            painter.drawPath(path)
        else:
            painter.drawLine(QPointF(x, branch), QPointF(x, bottom))

    def _copied(self, handle: LaneHandle) -> bool:
        """Whether a task has a copy of any stage."""
        stages = len(self._rungs.rungs)
        return first_own(stages, self._rungs.value(), handle.value()) < stages

    def _make_handle(self, name: str, index: int) -> LaneHandle:
        handle = LaneHandle(name, index, self)
        handle.moved.connect(self.moved)
        handle.valueChanged.connect(self.update)
        handle.show()
        return handle

    def _place(self) -> None:
        for index, handle in enumerate(self.handles.values()):
            handle.setGeometry(round(self._x(index)) - _LANE // 2, 0, _LANE, self.height())

    def _x(self, index: int) -> float:
        return _TRUNK + _LANE * (index + 0.5) + 4


def _pen(style: TaskStyle, width: float) -> QPen:
    pen = QPen(QColor(style.colour), width)
    if style.dash:
        pen.setDashPattern([part * 0.5 for part in style.dash])
    return pen
