"""A plot in the window's looks: axes with titles, a thin grid, the theme's colours, a ring where the focus is.

Importing this module loads pyqtgraph (about half a second): import it when a plot is first needed.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.curve_axes import Axis, Grid
from workbench.gui.widgets.plotting import pg


class Chart(pg.PlotWidget):
    """The ground of a plot; what is in it, a subclass draws.

    Args:
        title: what the plot shows, for screen readers.
        x_title, y_title: the axes, with their units.
        empty_text: what stands in it while there is nothing to draw.
    """

    def __init__(
        self, title: str, x_title: str, y_title: str, empty_text: str, parent: QWidget | None = None
    ) -> None:
        axes = {side: Axis(side) for side in ("left", "bottom")}
        super().__init__(parent=parent, plotItem=pg.PlotItem(enableMenu=False, axisItems=axes))
        self._titles = {"left": y_title, "bottom": x_title}
        self._empty_text = empty_text
        menu = self.plotItem.ctrlMenu  # made even where menus are off; without a parent it outlives the plot
        menu.setParent(self, menu.windowFlags())  # still a window: as a mere child it would be shown in the plot
        self.setAccessibleName(title)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(120)
        self.plotItem.setMouseEnabled(False, False)
        self.plotItem.hideButtons()
        self._grid = Grid(self.plotItem)
        self.plotItem.layout.setContentsMargins(6, GRID, 2 * GRID, 6)
        self.plotItem.vb.disableAutoRange()
        self.plotItem.vb.setDefaultPadding(0.0)
        for side in ("left", "bottom"):
            self.plotItem.getAxis(side).enableAutoSIPrefix(False)
        theme().changed.connect(self._on_theme)

    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return True

    def set_titles(self, x_title: str, y_title: str) -> None:
        """Change the titles of the axes."""
        self._titles = {"left": y_title, "bottom": x_title}
        self.set_colours()

    @Slot()
    def _on_theme(self) -> None:
        """An overridden slot would stay connected after the plot is gone, so this one calls what is overridden."""
        self.set_colours()

    def set_colours(self) -> None:
        """Take the colours of the theme."""
        colours = theme().colours()
        self.setBackground(colours.surface)
        small = font("caption", figures=True)
        for side in ("left", "bottom"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.secondary))
            axis.setStyle(tickFont=small, tickLength=4)
            axis.setLabel(self._titles[side], color=colours.secondary, **{"font-size": f"{small.pointSizeF():.1f}pt"})

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """The part of the plane that is seen."""
        self.plotItem.vb.setRange(xRange=x, yRange=y, padding=0)

    def close(self) -> bool:
        """Close as any widget does; pyqtgraph's own would tear down a scene that may still be painted."""
        return QGraphicsView.close(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the page

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours = theme().colours()
        painter = QPainter(self.viewport())
        if self.is_empty():
            painter.setPen(colours.colour("secondary"))
            where = self.viewport().rect().adjusted(64, GRID, -GRID, -GRID)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty_text)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()
