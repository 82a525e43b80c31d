"""The stages of a backbone as a ladder, with a handle that sets how many of them stay frozen.

The input is at the top. Stages above the handle are frozen (their weights do not change), stages below it
train. The handle is a slider to Qt: it takes the arrow keys, Home, End and the mouse, and screen readers
know its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSlider,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.icons import pixmap
from workbench.gui.numbers import amount
from workbench.gui.theme import CORNER, GRID, font, theme
from workbench.gui.widgets.label import Label

_GAP = 4  # px between rungs: where the handle's line lies
_KNOB = 22  # px
_SCROLL_BAR = 12  # px


@dataclass(frozen=True)
class Rung:
    """One stage: its name and its number of parameters."""

    name: str
    parameters: int


class StageLadder(QWidget):
    """The ladder in a scroll area, above a line that says how much trains.

    Signals:
        freeze_changed(int): the user froze that many stages, counted from the input.
    """

    freeze_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = 0
        self._heads_label = Label("", "caption", "secondary", figures=True, wrap=True)
        self._summary = Label("", "body", "text", figures=True, wrap=True)
        self.handle = _Ladder(self)
        self.handle.setToolTip(self.tr("Freeze depth: the stages whose weights do not change"))
        self.handle.valueChanged.connect(self._say)
        self.handle.moved.connect(self.freeze_changed)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.handle)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self.handle.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._scroll, 1000)
        layout.addWidget(self._heads_label)
        layout.addWidget(self._summary)
        layout.addStretch(1)
        self.setFocusProxy(self.handle)
        self._fit()
        self._say()

    def set_stages(self, stages: Sequence[tuple[str, int]]) -> None:
        """Show these stages (name, parameters) from the input on; the depth is kept if it fits."""
        self.handle.set_rungs([Rung(name, parameters) for name, parameters in stages])
        self._fit()
        self._say()

    def set_heads(self, names: Sequence[str], parameters: int) -> None:
        """Say which heads stand on the last stage, and how many parameters they have together."""
        self._heads = parameters
        text = self.tr("Heads, always trained: {0} · {1}").format(", ".join(names), amount(parameters))
        self._heads_label.setText(text if names else "")
        self._heads_label.setVisible(bool(names))
        self._say()

    def set_freeze(self, depth: int | Literal["all"]) -> None:
        """Freeze that many stages, or all of them; `freeze_changed` is not emitted."""
        wanted = self.handle.maximum() if depth == "all" else depth
        self.handle.setValue(max(0, min(wanted, self.handle.maximum())))

    def freeze(self) -> int:
        """How many stages are frozen; as many as there are means the whole backbone."""
        return self.handle.value()

    def trainable(self) -> tuple[int, int]:
        """Parameters that train and parameters in all, heads included."""
        sizes = [rung.parameters for rung in self.handle.rungs]
        return sum(sizes[self.freeze() :]) + self._heads, sum(sizes) + self._heads

    def summary(self) -> str:
        """The line under the ladder."""
        return self._summary.text()

    def sizeHint(self) -> QSize:
        inner = self.handle.sizeHint()
        rest = self._summary.sizeHint().height() + self._heads_label.sizeHint().height() + 3 * GRID
        return QSize(max(240, inner.width() + GRID), inner.height() + rest)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_scroll"):
            self._fit()

    def _fit(self) -> None:
        """The ladder takes the height that it needs where there is room, and scrolls otherwise."""
        self._scroll.setVisible(bool(self.handle.rungs))
        self._scroll.setMaximumHeight(self.handle.sizeHint().height())
        self._scroll.setMinimumWidth(self.handle.minimumSizeHint().width() + _SCROLL_BAR)
        self.updateGeometry()

    @Slot()
    def _say(self) -> None:
        training, total = self.trainable()
        stages, frozen = len(self.handle.rungs), self.freeze()
        if not stages:
            text = self.tr("The stages of the chosen backbone appear here.")
        elif frozen == stages:
            text = self.tr("The whole backbone is frozen: trains {0} of {1} parameters")
        else:
            text = self.tr("trains {0} of {1} parameters")
        text = text.format(amount(training), amount(total))
        self._summary.setText(text)
        self.handle.setAccessibleName(self.tr("Freeze depth"))
        spoken = self.tr("{0} of {1} stages are frozen. {2}").format(frozen, stages, text)
        self.handle.setAccessibleDescription(spoken if stages else text)


class _Ladder(QAbstractSlider):
    """The painted rungs and the handle. Value: how many stages are frozen.

    Signals:
        moved(int): the user changed the value (setValue by the program does not emit it).
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rungs: list[Rung] = []
        self._dragging = False
        self.setOrientation(Qt.Orientation.Vertical)
        self.setInvertedControls(True)  # Down, towards the output, freezes more
        self.setSingleStep(1)
        self.setPageStep(3)
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMouseTracking(True)
        self.actionTriggered.connect(self._acted)
        self.valueChanged.connect(self._changed)

    def set_rungs(self, rungs: list[Rung]) -> None:
        self.rungs = rungs
        self.setRange(0, len(rungs))
        self.updateGeometry()
        self.update()

    def rung_rectangle(self, index: int) -> QRect:
        """Where a stage is drawn, in px."""
        top = _KNOB // 2 + index * self._pitch()
        return QRect(2, top, self.width() - 4, self._pitch() - _GAP)

    def handle_centre(self) -> QPointF:
        """The middle of the handle, in px."""
        return QPointF(self.width() - _KNOB, self._boundary(self.value()))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        names = max((metrics.horizontalAdvance(rung.name) for rung in self.rungs), default=80)
        width = names + metrics.horizontalAdvance("999.9 M") + 90
        return QSize(width, len(self.rungs) * self._pitch() + _KNOB)

    def minimumSizeHint(self) -> QSize:
        wanted = self.sizeHint()
        return QSize(min(wanted.width(), 20 * self.fontMetrics().averageCharWidth() + 90), wanted.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(event.pos().y()), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.rungs:
            event.ignore()
            return
        self._dragging = True
        self.setSliderDown(True)
        self._drag_to(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._drag_to(event.position().y())
            return
        near = abs(event.position().y() - self.handle_centre().y()) < _KNOB
        self.setCursor(Qt.CursorShape.SizeVerCursor if near and self.rungs else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._dragging:
            self._dragging = False
            self.setSliderDown(False)
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls, it does not freeze

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

    def _paint_handle(self, painter: QPainter) -> None:
        colours = theme().colours()
        centre = self.handle_centre()
        accent = colours.colour("accent")
        painter.setPen(QPen(accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(2, centre.y()), QPointF(self.width() - 2, centre.y()))
        if self.hasFocus():
            painter.setPen(QPen(accent, 2))
            ring = _KNOB / 2 + 3
            painter.setBrush(QBrush(colours.colour("surface")))
            painter.drawEllipse(centre, ring, ring)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent_hover") if self._dragging else accent)
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

    def _drag_to(self, y: float) -> None:
        depth = round((y - _KNOB / 2 + _GAP / 2) / self._pitch())
        before = self.value()
        self.setValue(max(0, min(depth, self.maximum())))
        if self.value() != before:
            self.moved.emit(self.value())

    @Slot(int)
    def _acted(self, action: int) -> None:
        """Keys come as actions; the new value stands in the slider's position and is set after this slot."""
        if self.sliderPosition() != self.value():
            self.setValue(self.sliderPosition())
            self.moved.emit(self.value())

    @Slot()
    def _changed(self) -> None:
        self.update()

    def _boundary(self, depth: int) -> float:
        return _KNOB / 2 + depth * self._pitch() - _GAP / 2

    def _pitch(self) -> int:
        return max(32, self.fontMetrics().height() + 12) + _GAP
