"""The painted grid of a confusion matrix, with labels that stay in sight while it is scrolled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from workbench.gui.colours import mix
from workbench.gui.numbers import count
from workbench.gui.theme import GRID, font, theme

_LARGEST_CELL = 64  # px
_SMALLEST_CELL = 3  # px: where nothing is written
_UNCUT = int(Qt.TextFlag.TextDontClip)  # a capital with an accent rises above the line of some fonts
Written = Literal["counts", "rows", "columns", "nothing"]
_STEPS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
Cell = tuple[int, int]


class MatrixGrid(QAbstractScrollArea):
    """Cells shaded by their share of the row, or of the column where those are written; arrow keys move, Enter or a
    click chooses, Escape clears.

    Signals:
        chosen(int, int): row and column.
        cleared(): the choice was undone by the user.
    """

    chosen = Signal(int, int)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._short: list[str] = []
        self._counts = np.zeros((0, 0), dtype=np.int64)
        self._rows = self._columns = np.zeros((0, 0))
        self._what: Written = "counts"
        self._current: Cell = (0, 0)
        self._choice: Cell | None = None
        self._side = 32
        self._label = 60
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Confusion matrix"))
        self._say()

    def set_matrix(self, names: list[str], counts: np.ndarray) -> None:
        """counts: (C, C) int64, true class by said class."""
        self._names, self._counts = names, counts
        self._rows = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        self._columns = counts / np.maximum(counts.sum(axis=0, keepdims=True), 1)
        self._current, self._choice = (0, 0), None
        self._measure()
        self._say()
        self.viewport().update()

    def write(self, what: Written) -> None:
        """Write counts, percentages of the row or of the column, or nothing: then all classes have room."""
        self._what = what
        self._measure()
        self._say()
        self.viewport().update()

    def choose(self, cell: Cell | None) -> None:
        """Mark a cell as chosen, or none; nothing is emitted."""
        self._choice = cell
        if cell is not None:
            self._current = cell
        self._say()
        self.viewport().update()

    def choice(self) -> Cell | None:
        """The chosen cell."""
        return self._choice

    def current(self) -> Cell:
        """Row and column of the cell that the keys are on."""
        return self._current

    def describe(self, cell: Cell) -> str:
        """A cell in words."""
        number = int(self._counts[cell])
        words = (
            self.tr("true {0}, said {1}: {2} picture") if number == 1 else self.tr("true {0}, said {1}: {2} pictures")
        )
        return words.format(self._names[cell[0]], self._names[cell[1]], count(number)) + self._share(cell)

    def cell_rectangle(self, row: int, column: int) -> QRect:
        """Where a cell is, in px of the viewport."""
        x = self._label + column * self._side - self.horizontalScrollBar().value()
        y = self._label + row * self._side - self.verticalScrollBar().value()
        return QRect(x, y, self._side, self._side)

    def cell_at(self, point: QPoint) -> Cell | None:
        """The cell under a point of the viewport."""
        if point.x() < self._label or point.y() < self._label:
            return None
        row = (point.y() - self._label + self.verticalScrollBar().value()) // self._side
        column = (point.x() - self._label + self.horizontalScrollBar().value()) // self._side
        size = len(self._names)
        return (row, column) if row < size and column < size else None

    def sizeHint(self) -> QSize:
        side = self._label + len(self._names) * self._side + 4
        return QSize(min(side, 560), min(side, 560))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_side"):
            self._measure()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._toggle(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        size = len(self._names)
        key = Qt.Key(event.key())
        if not size:
            super().keyPressEvent(event)
        elif key in _STEPS:
            row, column = (now + step for now, step in zip(self._current, _STEPS[key], strict=True))
            self._move((max(0, min(size - 1, row)), max(0, min(size - 1, column))))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move((self._current[0], 0 if key == Qt.Key.Key_Home else size - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._toggle(self._current)
        elif key == Qt.Key.Key_Escape and self._choice is not None:
            self.choose(None)
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().colours().colour("surface"))
        if not self._names:
            self._paint_empty(painter)
            return
        rows = self._seen(self.verticalScrollBar().value(), self.viewport().height())
        columns = self._seen(self.horizontalScrollBar().value(), self.viewport().width())
        inside = self.viewport().rect().adjusted(self._label, self._label, 0, 0)
        painter.setClipRect(inside)
        self._paint_cells(painter, rows, columns)
        self._paint_marks(painter)
        painter.setClipping(False)
        self._paint_labels(painter, rows, columns)

    def _paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        colours = theme().colours()
        ramp = [QColor(mix(colours.surface, colours.accent, step / 64)) for step in range(65)]
        small = font("caption", figures=True)
        painter.setFont(small)
        written = self._what != "nothing" and QFontMetrics(small).height() <= self._side
        line = 1 if self._side > 2 * _SMALLEST_CELL else 0
        for row in rows:
            for column in columns:
                where = self.cell_rectangle(row, column).adjusted(0, 0, -line, -line)
                share = self._shares[row, column]
                shade = round(64 * float(share) ** 0.6)  # the eye tells small shares apart better this way
                painter.fillRect(where, ramp[shade] if self._counts[row, column] else colours.colour("hover"))
                if written and self._counts[row, column]:
                    painter.setPen(QColor(_readable(ramp[shade].name(), colours.text, colours.surface)))
                    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), self._written(row, column))

    def _paint_marks(self, painter: QPainter) -> None:
        colours = theme().colours()
        painter.setPen(QPen(colours.colour("secondary"), 1))
        for index in range(len(self._names) if self._side > 2 * _SMALLEST_CELL else 0):  # right is on the diagonal
            painter.drawRect(self.cell_rectangle(index, index).adjusted(0, 0, -2, -2))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._choice is not None:
            painter.setPen(QPen(colours.colour("text"), 2))
            painter.drawRect(QRectF(self.cell_rectangle(*self._choice)).adjusted(1, 1, -2, -2))
        if self.hasFocus():
            where = QRectF(self.cell_rectangle(*self._current))
            painter.setPen(QPen(colours.colour("surface"), 4))
            painter.drawRect(where.adjusted(0, 0, -1, -1))
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRect(where.adjusted(0, 0, -1, -1))

    def _paint_labels(self, painter: QPainter, rows: range, columns: range) -> None:
        colours = theme().colours()
        small = font("caption")
        metrics = QFontMetrics(small)
        every = max(1, -(-metrics.height() // self._side))  # labels that would overlap are left out
        painter.fillRect(0, 0, self._label, self.viewport().height(), colours.colour("surface"))
        painter.fillRect(0, 0, self.viewport().width(), self._label, colours.colour("surface"))
        room = self._label - GRID
        for row in rows:
            where = self.cell_rectangle(row, 0)
            if (row % every == 0 or row == self._current[0]) and where.center().y() > self._label:
                self._pen(painter, row == self._current[0], small)
                line = QRect(0, where.center().y() - metrics.height() // 2, room, metrics.height())
                side = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) | _UNCUT
                painter.drawText(line, side, self._short[row])
        for column in columns:
            where = self.cell_rectangle(0, column)
            if (column % every == 0 or column == self._current[1]) and where.center().x() > self._label:
                self._pen(painter, column == self._current[1], small)
                painter.save()
                painter.translate(where.center().x(), room)
                painter.rotate(-90)
                line = QRect(0, -metrics.height() // 2, room, metrics.height())
                side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | _UNCUT
                painter.drawText(line, side, self._short[column])
                painter.restore()

    def _pen(self, painter: QPainter, current: bool, small: QFont) -> None:
        lit = current and self.hasFocus()
        painter.setFont(font("caption", bold=True) if lit else small)
        painter.setPen(theme().colours().colour("text" if lit else "secondary"))

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(theme().colours().colour("secondary"))
        where = self.viewport().rect().adjusted(16, 16, -16, -16)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._nothing())

    def _nothing(self) -> str:
        return self.tr("After a run, this shows which classes are taken for which others.")

    def _written(self, row: int, column: int) -> str:
        return f"{self._shares[row, column] * 100:.0f}" if self._as_shares else str(self._counts[row, column])

    @property
    def _as_shares(self) -> bool:
        return self._what in ("rows", "columns")

    @property
    def _shares(self) -> NDArray[np.float64]:
        """(C, C) what the cells are shaded by."""
        return self._columns if self._what == "columns" else self._rows

    def _share(self, cell: Cell, decimals: int = 0) -> str:
        """A cell's share in words, of what is written; nothing of an empty cell."""
        if not self._counts[cell]:
            return ""
        words = self.tr(" ({0} % of what was said)") if self._what == "columns" else " ({0} %)"
        return words.format(f"{self._shares[cell] * 100:.{decimals}f}")

    def _least(self) -> int:
        """The smallest side of a cell, px, that has room for its text."""
        if self._what == "nothing":
            return _SMALLEST_CELL
        metrics = QFontMetrics(font("caption", figures=True))
        return max(metrics.height(), metrics.horizontalAdvance(self._widest())) + 4

    def _widest(self) -> str:
        """The longest text that stands in a cell."""
        return str(100 if self._as_shares else int(self._counts.max(initial=0)))

    def _toggle(self, cell: Cell) -> None:
        if cell == self._choice:
            self.choose(None)
            self.cleared.emit()
        else:
            self.choose(cell)
            self.chosen.emit(*cell)

    def _move(self, cell: Cell) -> None:
        self._current = cell
        where = self.cell_rectangle(*cell)
        for bar, near, far, size in (
            (self.horizontalScrollBar(), where.left(), where.right(), self.viewport().width()),
            (self.verticalScrollBar(), where.top(), where.bottom(), self.viewport().height()),
        ):
            if near < self._label:
                bar.setValue(bar.value() + near - self._label)
            elif far > size - 2:
                bar.setValue(bar.value() + far - size + 2)
        self._say()
        self.viewport().update()

    def _measure(self) -> None:
        """Choose the side of a cell: all fit if their numbers do, else the grid scrolls."""
        metrics = QFontMetrics(font("caption", figures=True))
        longest = max((metrics.horizontalAdvance(name) for name in self._names), default=0)
        room = self.viewport().size()
        most = max(12 * metrics.averageCharWidth(), room.width() // 6)
        self._label = min(longest + 4, most, room.width() // 3) + GRID + 4
        self._short = told_apart(self._names, QFontMetrics(font("caption")), self._label - GRID)
        size = max(1, len(self._names))
        least = self._least()
        fitting = (min(room.width(), room.height()) - self._label - 2) // size
        self._side = max(least, min(fitting, max(_LARGEST_CELL, 2 * least)))
        whole = self._label + size * self._side + 2
        for bar, length in ((self.horizontalScrollBar(), room.width()), (self.verticalScrollBar(), room.height())):
            bar.setRange(0, max(0, whole - length))
            bar.setPageStep(length)
            bar.setSingleStep(self._side)

    def _seen(self, offset: int, length: int) -> range:
        first = max(0, offset // self._side)
        last = min(len(self._names), (offset + length - self._label) // self._side + 1)
        return range(first, max(first, last))

    def _tip(self, point: QPoint) -> str:
        cell = self.cell_at(point)
        if cell is not None:
            return self.describe(cell)
        for index, name in enumerate(self._names):
            where = self.cell_rectangle(index, index)
            if where.top() <= point.y() <= where.bottom() or where.left() <= point.x() <= where.right():
                return name
        return ""

    def _say(self) -> None:
        self.setAccessibleDescription(self.describe(self._current) if self._names else self._nothing())


def told_apart(names: Sequence[str], metrics: QFontMetrics, room: int) -> list[str]:
    """The names as short as `room` px asks for, cut in the middle, or at the end or the beginning where more of them
    can then be told apart."""
    modes = (Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideLeft)
    cuts = [[metrics.elidedText(name, mode, room) for name in names] for mode in modes]
    return max(cuts, key=lambda cut: len(set(cut)))


def _readable(ground: str, *inks: str) -> str:
    """Of some colours, the one with the strongest contrast on `ground`."""
    return max(inks, key=lambda ink: abs(luminance(ink) - luminance(ground)))


def luminance(colour: str) -> float:
    """How bright a colour looks, from 0 (black) to 1 (white)."""
    shade = QColor(colour)
    parts = (shade.redF(), shade.greenF(), shade.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    # square root: nearer to how the eye grades contrast between a dark and a light ink
    return float((0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]) ** 0.5)
