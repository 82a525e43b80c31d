"""The rungs of the stage ladder and the handle that is dragged along them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.icons import pixmap
from workbench.gui.numbers import amount
from workbench.gui.theme import CORNER, GRID, font, theme
from workbench.gui.widgets.step_handle import StepHandle

_GAP = 4  # px between rungs: where the handle's line lies
_KNOB = 22  # px
_MANY = 16
"""Rungs, as of a transformer's blocks; more of them stand closer, so that all are in sight together."""
_FLAG = 8  # px: half the height of the mark of a suggestion


@dataclass(frozen=True)
class Rung:
    """One stage: its name and its number of parameters."""

    name: str
    parameters: int


class FreezeHandle(StepHandle):
    """The painted rungs and the handle. Value: how many stages are frozen.

    Signals:
        moved(int): the user changed the value (setValue by the program does not emit it).
    """

    moved = Signal(int)
    reach = _KNOB

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rungs: list[Rung] = []
        self._suggestion: int | None = None
        self._foot = 0
        self.setInvertedControls(True)  # Down, towards the output, freezes more
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.stepped.connect(self._on_stepped)
        self.valueChanged.connect(self._changed)

    def set_rungs(self, rungs: list[Rung]) -> None:
        self.rungs = rungs
        self.setRange(0, len(rungs))
        self.updateGeometry()
        self.update()

    def set_suggestion(self, depth: int | None) -> None:
        """Mark a depth that is advised; None marks none."""
        self._suggestion = depth
        self.update()

    def set_foot(self, height: int) -> None:
        """Leave room below the rungs for what stands beside them, in px."""
        self._foot = height
        self.updateGeometry()

    def rung_rectangle(self, index: int) -> QRect:
        """Where a stage is drawn, in px."""
        top = _KNOB // 2 + index * self._pitch()
        return QRect(2, top, self.width() - 4, self._pitch() - _GAP)

    def knob_centre(self) -> QPointF:
        """The middle of the handle, in px."""
        return QPointF(self.width() - _KNOB, self.boundary(self.value()))

    def boundary(self, depth: int) -> float:
        """The height below the first `depth` rungs, in px from the top."""
        return _KNOB / 2 + depth * self._pitch() - _GAP / 2

    def depth_at(self, y: float) -> int:
        """How many rungs lie above a height, in px from the top; from 0 to their number."""
        return max(0, min(round((y - _KNOB / 2 + _GAP / 2) / self._pitch()), len(self.rungs)))

    def value_at(self, y: float) -> int:
        return self.depth_at(y)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        names = max((metrics.horizontalAdvance(rung.name) for rung in self.rungs), default=80)
        width = names + metrics.horizontalAdvance("999.9 M") + 90
        return QSize(width, len(self.rungs) * self._pitch() + _KNOB + self._foot)

    def minimumSizeHint(self) -> QSize:
        wanted = self.sizeHint()
        return QSize(min(wanted.width(), 10 * self.fontMetrics().averageCharWidth() + 90), wanted.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(event.pos().y()), self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(self.rungs)):
            self._paint_rung(painter, index)
        if self._suggestion is not None and self._suggestion <= len(self.rungs):
            self._paint_suggestion(painter, self.boundary(self._suggestion))
        if self.rungs:
            self._paint_handle(painter)

    def _paint_rung(self, painter: QPainter, index: int) -> None:
        colours = theme().colours()
        frozen = index < self.value()
        where = QRectF(self.rung_rectangle(index)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.colour("border" if frozen else "accent"), 1))
        painter.setBrush(colours.colour("hover" if frozen else "accent_soft"))
        painter.drawRoundedRect(where, CORNER, CORNER)
        inner = where.adjusted(10, 0, -2 * _KNOB, 0)
        if frozen:
            side = 16
            flake = pixmap("snowflake", "secondary", side, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(inner.left(), inner.center().y() - side / 2), flake)
        inner.setLeft(inner.left() + 24)
        self._paint_text(painter, inner, self.rungs[index], frozen)

    def _paint_text(self, painter: QPainter, where: QRectF, rung: Rung, frozen: bool) -> None:
        colours = theme().colours()
        figures = font("caption", figures=True)
        size = amount(rung.parameters)
        width = QFontMetrics(figures).horizontalAdvance(size) + GRID
        painter.setFont(figures)
        painter.setPen(colours.colour("secondary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, int(middle | Qt.AlignmentFlag.AlignRight), size)
        painter.setFont(self.font())
        painter.setPen(colours.colour("secondary" if frozen else "text"))
        metrics = self.fontMetrics()
        name = metrics.elidedText(rung.name, Qt.TextElideMode.ElideMiddle, int(where.width() - width))
        painter.drawText(where, int(middle | Qt.AlignmentFlag.AlignLeft), name)

    def _paint_suggestion(self, painter: QPainter, y: float) -> None:
        """A flag at the left edge and a broken line: where to freeze to by what was measured."""
        good = theme().colours().colour("good")
        painter.setPen(QPen(good, 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(2, y), QPointF(self.width() - 2, y))
        painter.setPen(QPen(theme().colours().colour("surface"), 1))
        painter.setBrush(good)
        painter.drawPolygon(QPolygonF(flag(y)))

    def _paint_handle(self, painter: QPainter) -> None:
        colours = theme().colours()
        centre = self.knob_centre()
        accent = colours.colour("accent")
        painter.setPen(QPen(accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(2, centre.y()), QPointF(self.width() - 2, centre.y()))
        if self.hasFocus():
            painter.setPen(QPen(accent, 2))
            ring = _KNOB / 2 + 3
            painter.setBrush(QBrush(colours.colour("surface")))
            painter.drawEllipse(centre, ring, ring)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent_hover") if self.dragging else accent)
        painter.drawEllipse(centre, _KNOB / 2, _KNOB / 2)
        painter.setPen(QPen(colours.colour("on_accent"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for dy in (-2.5, 2.5):
            painter.drawLine(centre + QPointF(-4, dy), centre + QPointF(4, dy))

    def _tip(self, y: int) -> str:
        for index, rung in enumerate(self.rungs):
            if self.rung_rectangle(index).top() <= y <= self.rung_rectangle(index).bottom():
                state = self.tr("frozen") if index < self.value() else self.tr("trains")
                return self.tr("{0}: {1:,} parameters, {2}").format(rung.name, rung.parameters, state)
        return self.toolTip()

    @Slot()
    def _on_stepped(self) -> None:
        self.moved.emit(self.value())

    @Slot()
    def _changed(self) -> None:
        self.update()

    def _pitch(self) -> int:
        line = self.fontMetrics().height()
        if len(self.rungs) > _MANY:
            return max(20, line + 4) + _GAP
        return max(32, line + 12) + _GAP


def flag(y: float) -> list[QPointF]:
    """The corners of the mark of a suggestion at a height, at the left edge."""
    return [QPointF(1, y - _FLAG), QPointF(1, y + _FLAG), QPointF(1 + 1.5 * _FLAG, y)]
