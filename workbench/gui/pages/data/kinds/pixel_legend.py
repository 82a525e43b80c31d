"""Which colour of a mask is which class of pixels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.mask_strip import class_colour

_SHOWN = 12  # classes: the bars name them all


class PixelLegend(FlowRow):
    """A coloured square and a name for each class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, 2 * GRID)
        self.names: list[str] = []
        self.hide()

    def set_classes(self, names: Sequence[str]) -> None:
        """Show these, in the order of their values; none where they are not known."""
        if list(names) == self.names:
            return
        self.names = list(names)
        while (item := self.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, name in enumerate(self.names[:_SHOWN]):
            entry = _entry(name, class_colour(place, len(self.names)), self)
            self.flow.addWidget(entry)
            entry.show()
        self.setVisible(bool(self.names))
        self.refit()


class _Square(QWidget):
    """The colour of a class; only a frame where it has none."""

    def __init__(self, colour: QColor | None) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        side = max(10, self.fontMetrics().height() * 2 // 3)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._colour is not None:
            painter.fillRect(self.rect(), self._colour)
        painter.setPen(QPen(theme().colours().colour("control_border"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _entry(name: str, colour: QColor | None, parent: QWidget) -> QWidget:
    entry = QWidget(parent)
    row = QHBoxLayout(entry)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    row.addWidget(_Square(colour))
    row.addWidget(ElidedLabel(name, "caption", "secondary"))
    return entry
