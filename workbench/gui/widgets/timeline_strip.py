"""The phases of a run from left to right, each with the stages that train in it; a click or a drag changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.theme import GRID, font, theme

_ROWS = 96  # px: all rows together, where they are many
_ROW, _THIN = 10, 5  # px: a row at most and at least
_NARROW = 22  # px: a phase at least
_GAP = 3  # px: between phases
_EDGE = 5  # px: how near the pointer has to come to the end of a phase
_MOST = 10000  # epochs


class Span(NamedTuple):
    """A phase: how many stages stand still in it, of all there are, and its epochs."""

    frozen: int
    epochs: int


class TimelineStrip(QWidget):
    """Rows are heads and stages, the stage nearest to the picture at the bottom; columns are phases, wide by epochs.

    Signals:
        depth_wished(int, int): that many stages shall stand still in the phase of that number (from 0).
        epochs_wished(int, int): the phase of that number shall have that many epochs.
    """

    depth_wished = Signal(int, int)
    epochs_wished = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spans: list[Span] = []
        self._stages: list[str] = []
        self._dragged: int | None = None
        self._left = self._per_px = 0.0  # of the dragged phase as it was pressed, so that it follows the pointer
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Phases of the run: heads above, the stage nearest to the picture below"))

    def set_timeline(self, spans: Sequence[Span], stages: Sequence[str]) -> None:
        """Show phases over stages, named from the picture on."""
        self.spans, self._stages = list(spans), list(stages)
        self.setAccessibleDescription("; ".join(self._describe(at) for at in range(len(self.spans))))
        self.updateGeometry()
        self.update()

    def cell(self, phase: int, stage: int) -> QRectF:
        """Where a stage of a phase is drawn; the heads stand above the last stage, as stage number `len(stages)`."""
        left, right = self._bounds()[phase]
        row = len(self._stages) - stage
        return QRectF(left, row * self._row(), right - left, self._row() - 1)

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, round(self._row() * (len(self._stages) + 1)) + self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self.spans) * (_NARROW + _GAP), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            phase, stage = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if phase is None else self._tip(phase, stage), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        edge = self._edge(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif edge is not None:
            left, right = self._bounds()[edge]
            self._dragged, self._left, self._per_px = edge, left, self.spans[edge].epochs / (right - left)
        else:
            phase, stage = self._at(event.position())
            if phase is not None:
                self.depth_wished.emit(phase, stage)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            near = self._edge(event.position().toPoint()) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
            return
        epochs = max(1, min(_MOST, round((event.position().x() - self._left) * self._per_px)))
        if epochs != self.spans[self._dragged].epochs:
            self.epochs_wished.emit(self._dragged, epochs)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("caption", figures=True))
        below = self._row() * (len(self._stages) + 1)
        for phase, (span, (left, right)) in enumerate(zip(self.spans, self._bounds(), strict=True)):
            for stage in range(len(self._stages) + 1):
                trains = stage >= span.frozen or stage == len(self._stages)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours.colour("accent" if trains else "track"))
                painter.drawRoundedRect(self.cell(phase, stage), 2, 2)
            painter.setPen(colours.colour("secondary"))
            where = QRectF(left, below, right - left, self.height() - below)
            text = self._epochs(span.epochs)
            fits = painter.fontMetrics().horizontalAdvance(text) <= right - left
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text if fits else str(span.epochs))
        painter.end()

    def _row(self) -> float:
        return max(_THIN, min(_ROW, _ROWS / (len(self._stages) + 1)))

    def _bounds(self) -> list[tuple[float, float]]:
        """Left and right of each phase, in px."""
        room = self.width() - _GAP * max(0, len(self.spans) - 1) - _NARROW * len(self.spans)
        total, left = sum(span.epochs for span in self.spans), 0.0
        found = []
        for span in self.spans:
            right = left + _NARROW + max(0.0, room) * span.epochs / max(1, total)
            found.append((left, right))
            left = right + _GAP
        return found

    def _at(self, where: QPointF) -> tuple[int | None, int]:
        """The phase and the stage under the pointer; no phase beside all of them."""
        stage = len(self._stages) - int(where.y() / self._row())
        for phase, (left, right) in enumerate(self._bounds()):
            if left <= where.x() < right and 0 <= stage <= len(self._stages):
                return phase, stage
        return None, 0

    def _edge(self, where: QPoint) -> int | None:
        """The phase whose end is under the pointer."""
        for phase, (_, right) in enumerate(self._bounds()):
            if abs(where.x() - right) <= _EDGE:
                return phase
        return None

    def _tip(self, phase: int, stage: int) -> str:
        words = self._describe(phase)
        if stage == len(self._stages):
            return self.tr("{0}. Click here to train heads alone; drag its end to change the epochs.").format(words)
        text = self.tr("{0}. Click to train {1} and all after it; drag its end to change the epochs.")
        return text.format(words, self._stages[stage])

    def _describe(self, phase: int) -> str:
        frozen, epochs = self.spans[phase]
        trained = len(self._stages) - frozen
        words = self.tr("Phase {0}: heads, {1}")
        if trained > 0:
            words = self.tr("Phase {0}: heads and the last {2} of {3} stages, {1}")
        return words.format(phase + 1, self._epochs(epochs), trained, len(self._stages))

    def _epochs(self, epochs: int) -> str:
        return self.tr("1 epoch") if epochs == 1 else self.tr("{0} epochs").format(epochs)
