"""The cross-hair of a plot and the panel that reads all curves at it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.curve_read_out import Reading, ReadOut
from workbench.gui.widgets.plotting import pg


class Cursor:
    """A hairline at x; `x` is None while it is hidden."""

    def __init__(self, plot: pg.PlotItem, parent: QWidget) -> None:
        self.x: float | None = None
        self._plot = plot
        self._read_out = ReadOut(parent)
        self._hair = pg.InfiniteLine(angle=90)
        self._hair.setZValue(15)
        self._hair.hide()
        plot.addItem(self._hair, ignoreBounds=True)

    def show(self, x: float, head: str, lines: Sequence[Reading]) -> None:
        """Put the hairline at x, and these readings beside it; without readings both are hidden."""
        self.x = x if lines else None
        self._hair.setVisible(bool(lines))
        self._hair.setPos(x)
        self._read_out.show_readings(head, lines)
        self.place()

    def hide(self) -> None:
        """Take the hairline and the panel away."""
        self.x = None
        self._hair.hide()
        self._read_out.hide()

    def text(self) -> str:
        """What the panel says; empty while it is hidden."""
        return self._read_out.text() if self.x is not None else ""

    def set_colours(self) -> None:
        """Take the colours of the theme."""
        self._hair.setPen(pg.mkPen(theme().colours().secondary, width=1))

    def place(self) -> None:
        """Put the panel beside the hairline, on the side where there is room."""
        if self.x is None:
            return
        box = self._plot.vb.sceneBoundingRect()
        at = self._plot.vb.mapViewToScene(QPointF(self.x, 0)).x()
        width = self._read_out.width()
        left = at + GRID if at + GRID + width <= box.right() else at - GRID - width
        self._read_out.move(int(max(2, left)), int(box.top()) + 4)
