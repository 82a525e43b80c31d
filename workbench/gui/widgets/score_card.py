"""The one number of a task, with its doubt."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label


class Chip(QWidget):
    """A small square in the colour of a task."""

    def __init__(self, colour: QColor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_colour(self, colour: QColor) -> None:
        """Take another colour."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        side = max(10, self.fontMetrics().ascent())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour or theme().colours().colour("secondary"))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)


class ScoreCard(Card):
    """Task, score, "± 2.9", "accuracy on 48 pictures". It can be chosen by a click, Enter or Space.

    Signals:
        chosen(str): the name of its task.
    """

    chosen = Signal(str)

    def __init__(self, task: str, colour: QColor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.task = task
        self.chip = Chip(colour)
        self._score = Label("–", "score", bold=True, figures=True)
        self._doubt = Label("", "title", "secondary", figures=True)
        self._on = Label("", "caption", "secondary", figures=True, wrap=True)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.chip)
        head.addWidget(ElidedLabel(task, "title", bold=True), 1)
        number = QHBoxLayout()
        number.setSpacing(GRID)
        number.addWidget(self._score, 0, Qt.AlignmentFlag.AlignBaseline)
        number.addWidget(self._doubt, 0, Qt.AlignmentFlag.AlignBaseline)
        number.addStretch(1)
        inside = QVBoxLayout()
        inside.setSpacing(2)
        inside.addLayout(head)
        inside.addLayout(number)
        inside.addWidget(self._on)
        self.add(inside)
        self.body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("choice", True)
        self._say()

    def set_score(self, score: str, doubt: str, caption: str) -> None:
        """Show texts such as "94.1 %", "± 2.9" and "accuracy on 48 pictures"."""
        self._score.setText(score or "–")
        self._doubt.setText(doubt)
        self._doubt.setVisible(bool(doubt))
        self._on.setText(caption)
        self._say()

    def numbers(self) -> tuple[str, str]:
        """The score and its doubt as they are shown."""
        return self._score.text(), self._doubt.text()

    def caption(self) -> str:
        """The lines under the score."""
        return self._on.text()

    def set_chosen(self, chosen: bool) -> None:
        """Whether the page shows this task."""
        self.setProperty("chosen", chosen)
        self.style().unpolish(self)
        self.style().polish(self)
        self._say()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.task)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.task)
        else:
            super().keyPressEvent(event)

    def _say(self) -> None:
        state = self.tr("shown below") if self.property("chosen") else ""
        parts = (self._score.text(), self._doubt.text(), self._on.text(), state)
        self.setAccessibleName(self.task)
        self.setAccessibleDescription(", ".join(part for part in parts if part))
