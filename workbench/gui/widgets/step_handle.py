"""A knob that is dragged up and down over steps, or moved by the keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget


class StepHandle(QAbstractSlider):
    """A slider to Qt, which its heirs paint. It cannot be moved while it has one step only.

    Signals:
        stepped(): the user changed the value (setValue by the program does not emit it).
    """

    stepped = Signal()
    reach = 0.0
    """px around the middle of the knob in which the pointer says that it can be dragged."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.dragging = False
        self.setOrientation(Qt.Orientation.Vertical)
        self.setSingleStep(1)
        self.setPageStep(3)
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.actionTriggered.connect(self._on_action)

    def knob_centre(self) -> QPointF:
        """The middle of the knob, in px."""
        raise NotImplementedError

    def value_at(self, y: float) -> int:
        """The value at a height, in px from the top."""
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.maximum():
            event.ignore()
            return
        self.dragging = True
        self.setSliderDown(True)
        self._move_to(self.value_at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.dragging:
            self._move_to(self.value_at(event.position().y()))
            return
        near = abs(event.position().y() - self.knob_centre().y()) < self.reach
        self.setCursor(Qt.CursorShape.SizeVerCursor if near and self.maximum() else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.dragging:
            self.dragging = False
            self.setSliderDown(False)
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls

    def _move_to(self, value: int) -> None:
        before = self.value()
        self.setValue(value)
        if self.value() != before:
            self.stepped.emit()

    @Slot(int)
    def _on_action(self, _action: int) -> None:
        """Keys come as actions; the new value stands in the slider's position and is set after this slot."""
        self._move_to(self.sliderPosition())
