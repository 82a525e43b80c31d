"""A switch with two positions and its text beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.gui.theme import GRID, theme


class Switch(QAbstractButton):
    """On or off at once; use a check box where a choice is only noted for later. `toggled(bool)` as usual."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        text = metrics.horizontalAdvance(self.text())
        width = self._track().width() + 10 + (GRID + text if text else 0)
        return QSize(round(width), max(32, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        track = self._track()
        radius = track.height() / 2
        on = self.isChecked()
        painter.setPen(QPen(colours.colour("accent" if on else "control_border"), 1))
        painter.setBrush(colours.colour("accent" if on else "track"))
        painter.drawRoundedRect(track, radius, radius)
        knob = QPointF(track.right() - radius if on else track.left() + radius, track.center().y())
        painter.setBrush(colours.colour("on_accent" if on else "secondary"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(knob, radius - 3, radius - 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(track.adjusted(-3, -3, 3, 3), radius + 3, radius + 3)
        painter.setPen(colours.colour("text"))
        where = QRectF(self.rect()).adjusted(track.right() + GRID, 0, 0, 0)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())

    def _track(self) -> QRectF:
        height = max(16.0, self.fontMetrics().height() + 2.0)
        return QRectF(4.5, (self.height() - height) / 2, height * 1.8, height)
