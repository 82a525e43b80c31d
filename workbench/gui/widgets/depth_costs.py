"""Beside the rungs of the stage ladder: what one training step costs with the first so many stages frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.numbers import answer_time
from workbench.gui.theme import GRID, font, theme

if TYPE_CHECKING:
    from workbench.gui.widgets.depth_scores import Depth
    from workbench.gui.widgets.freeze_handle import FreezeHandle


class DepthCosts(QWidget):
    """Time and memory of a step on the line of every depth; those of the chosen depth stand out."""

    def __init__(self, rungs: FreezeHandle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rungs = rungs
        self._texts: list[tuple[str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setToolTip(self.tr("Time and memory of one training step at every depth"))
        rungs.valueChanged.connect(self.update)

    def set_depths(self, depths: Sequence[Depth]) -> None:
        """Show what was measured at depths 0, 1, …; none takes all away."""
        self._texts = [_texts(depth) for depth in depths]
        self.updateGeometry()
        self.update()

    @property
    def has_costs(self) -> bool:
        """Whether there is anything to draw."""
        return any(time or memory for time, memory in self._texts)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 3 * GRID, self._rungs.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.has_costs or not self._rungs.rungs:
            return
        painter = QPainter(self)
        colours = theme().colours()
        for depth, texts in enumerate(self._texts):
            chosen = depth == self._rungs.value()
            painter.setFont(font("caption", figures=True, bold=chosen))
            painter.setPen(colours.colour("text" if chosen else "secondary"))
            self._write(painter, texts, self._rungs.boundary(depth))
        painter.setFont(font("caption"))
        painter.setPen(colours.colour("secondary"))
        under = self._rungs.boundary(len(self._rungs.rungs)) + 2 * GRID + painter.fontMetrics().height() / 2
        self._write(painter, self._titles(), under)

    def _write(self, painter: QPainter, texts: tuple[str, str], middle: float) -> None:
        """Two texts at the right ends of their columns."""
        high, x = painter.fontMetrics().height(), float(GRID)
        for text, wide in zip(texts, self._widths(), strict=True):
            where = QRectF(x, middle - high / 2, wide, high)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            x += wide + GRID

    def _widths(self) -> tuple[int, int]:
        metrics = QFontMetrics(font("caption", figures=True, bold=True))
        columns = zip(self._titles(), *self._texts, strict=True)
        first, second = (max(metrics.horizontalAdvance(text) for text in column) for column in columns)
        return first, second

    def _titles(self) -> tuple[str, str]:
        return self.tr("step"), self.tr("memory")


def _texts(depth: Depth) -> tuple[str, str]:
    """Time and memory, as far as they were measured."""
    time = "" if depth.step_ms is None else answer_time(round(depth.step_ms))
    return time, "" if depth.memory_mb is None else f"{depth.memory_mb:,.0f} MB"
