"""What the colours of points mean: names that can be clicked away and back, in lines that wrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.map.colouring import Kinds
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.point_canvas import Mark, point_canvas

_RADIUS = 5.0  # px of the marker beside a name
_NAME = 28  # characters of a name; longer ones are cut


@dataclass(frozen=True)
class Entry:
    """One kind of point: its name, how many there are, and how they are drawn."""

    name: str
    count: int
    mark: Mark


def entries(kinds: Kinds) -> list[Entry]:
    """What a legend shows of kinds of points."""
    counts = np.bincount(kinds.of[kinds.of >= 0], minlength=len(kinds.names)).tolist()
    return [Entry(*row) for row in zip(kinds.names, counts, kinds.marks, strict=True)]


class PointLegend(FlowRow):
    """The kinds of points; a click hides those of one, or shows them again.

    Signals:
        hidden_changed(): other kinds are hidden.
    """

    hidden_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, GRID // 2)
        self.setAccessibleName(self.tr("What the colours mean"))
        self._buttons: list[_Button] = []

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, none hidden."""
        while len(self._buttons) < len(entries):
            self._buttons.append(_Button(self))
            self._buttons[-1].toggled.connect(self._on_toggled)
            self.flow.addWidget(self._buttons[-1])
        for button in self._buttons[len(entries) :]:
            button.hide()
        for button, entry in zip(self._buttons, entries, strict=False):
            button.set_entry(entry)
            button.show()
        self.refit()

    def hidden(self) -> set[int]:
        """The places of the kinds that are hidden."""
        return {place for place, button in enumerate(self._buttons) if not button.isHidden() and not button.isChecked()}

    def names(self) -> list[str]:
        """The names that are shown."""
        return [button.text() for button in self._buttons if not button.isHidden()]

    @Slot()
    def _on_toggled(self) -> None:
        self.hidden_changed.emit()


class _Button(QAbstractButton):
    """A marker with a name and a number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count, self._mark = 0, Mark(theme().colours().colour("text"))
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_entry(self, entry: Entry) -> None:
        self._count, self._mark = entry.count, entry.mark
        self.setText(entry.name)
        tip = self.tr("{0}: {1} pictures. Click to hide or show them.").format(entry.name, count(entry.count))
        self.setToolTip(tip)
        self.setAccessibleName(self.tr("{0}, {1} pictures").format(entry.name, count(entry.count)))
        self.blockSignals(True)
        self.setChecked(True)
        self.blockSignals(False)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self._name()) + metrics.horizontalAdvance(f" {count(self._count)}")
        return QSize(width + self._side() + 2 * GRID, max(24, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("hover"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if not self.isChecked():
            painter.setOpacity(0.45)
        side, ratio = self._side(), self.devicePixelRatioF()
        painter.drawImage(QPointF(GRID / 2, (self.height() - side) / 2), self._marker(side, ratio))
        metrics, left = painter.fontMetrics(), GRID + side
        name = self._name()
        base = (self.height() + metrics.ascent() - metrics.descent()) // 2
        painter.setPen(colours.colour("text"))
        painter.drawText(left, base, name)
        wide = metrics.horizontalAdvance(name)
        painter.setPen(colours.colour("secondary"))
        painter.drawText(left + wide, base, f" {count(self._count)}")
        if not self.isChecked():
            painter.drawLine(left, self.height() // 2, left + wide, self.height() // 2)
        if self.hasFocus():
            painter.setOpacity(1.0)
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)

    def _marker(self, side: int, ratio: float) -> QImage:
        pixels = math.ceil(side * ratio)
        middle = np.array([pixels // 2], np.float64)
        image = point_canvas(
            middle, middle, np.zeros(1, np.int64), [self._mark], (pixels, pixels), _RADIUS * ratio
        )
        image.setDevicePixelRatio(ratio)
        return image

    def _name(self) -> str:
        longest = _NAME * self.fontMetrics().averageCharWidth()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, longest)

    def _side(self) -> int:
        return 2 * math.ceil(_RADIUS) + 3
