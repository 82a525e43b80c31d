"""How many pictures each class has, per part, as stacked bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from workbench.gui.colours import mix
from workbench.gui.numbers import count
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.matrix_grid import told_apart

PARTS = ("train", "validation", "test")
SHOWN = 14  # classes shown before "and … more"


@dataclass(frozen=True)
class ClassCount:
    """One class and its pictures in each part, in the order of PARTS."""

    name: str
    parts: tuple[int, int, int]

    @property
    def total(self) -> int:
        """Pictures in all parts."""
        return sum(self.parts)


class ClassBars(QWidget):
    """Bars per class in compact columns, a legend with the totals, and a button that shows all of many.

    Args:
        labels: the bars are labels, of which a picture can have several, rather than classes.
    """

    def __init__(self, parent: QWidget | None = None, *, labels: bool = False) -> None:
        super().__init__(parent)
        self._labels = labels
        self._all: list[ClassCount] = []
        self._expanded = False
        self._bars = _Bars(self)
        self._more = Button("", role="link", clicked=self._toggle, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._bars)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(self.tr("Pictures per label") if labels else self.tr("Pictures per class"))
        self._show()

    def set_counts(
        self, counts: Mapping[str, Mapping[str, int]], totals: Mapping[str, int] | None = None
    ) -> None:
        """Show counts, given as {part: {class: pictures}} with the parts "train", "validation" and "test".

        Args:
            totals: pictures in each part, where they are not the sums over the classes.
        """
        names = list(dict.fromkeys(name for part in PARTS for name in counts.get(part, {})))
        self._all = [ClassCount(name, _three(counts, name)) for name in names]
        self._bars.set_totals(totals or {part: sum(counts.get(part, {}).values()) for part in PARTS})
        self._show()

    def set_colour(self, colour: QColor | None) -> None:
        """Draw in the colour of a task instead of the accent."""
        self._bars.colour = colour
        self._bars.update()

    def shown(self) -> list[ClassCount]:
        """The classes that have a bar now."""
        return list(self._bars.rows)

    def _toggle(self) -> None:
        self._expanded = not self._expanded
        self._show()

    def _show(self) -> None:
        rest = len(self._all) - SHOWN
        many = rest > 2  # a button for one or two classes takes as much room as they do
        self._bars.set_rows(self._all if self._expanded or not many else self._all[:SHOWN], self._all)
        self._more.setVisible(many)
        self._more.setText(self.tr("Show fewer") if self._expanded else self.tr("and {0} more").format(rest))
        spoken = (f"{row.name} {count(row.total)}" for row in self._all[:SHOWN])
        words = self.tr("{0} labels: {1}") if self._labels else self.tr("{0} classes: {1}")
        text = words.format(len(self._all), ", ".join(spoken))
        self.setAccessibleDescription(text if self._all else self.tr("No pictures yet"))


class _Bars(QWidget):
    """The painted part of ClassBars: columns of rows (name, bar, total) above a legend."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ClassCount] = []
        self.colour: QColor | None = None
        self._largest = 1
        self._totals = (0, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, rows: list[ClassCount], everything: list[ClassCount]) -> None:
        self.rows = rows
        self._largest = max((row.total for row in everything), default=1) or 1
        self.updateGeometry()
        self.update()

    def set_totals(self, totals: Mapping[str, int]) -> None:
        first, second, third = (totals.get(part, 0) for part in PARTS)
        self._totals = (first, second, third)

    def heightForWidth(self, width: int) -> int:
        return self._lines(width) * self._row_height() + self._legend_height()

    def sizeHint(self) -> QSize:
        width = max(self.width(), self._column_width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._column_width(), 160), self._row_height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self.describe(row) if row else "", self)
            return True
        return super().event(event)

    def describe(self, row: ClassCount) -> str:
        """The sentence of a row's tooltip."""
        words = self.tr("{0}: {1} pictures (train {2}, validation {3}, test {4})")
        return words.format(row.name, count(row.total), *(count(part) for part in row.parts))

    def row_at(self, x: int, y: int) -> ClassCount | None:
        """The class under a point, in px from the top left."""
        for index, row in enumerate(self.rows):
            if self._rectangle(index).contains(x, y):
                return row
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("caption", figures=True))
        brushes = self._brushes()
        room = self._room_for_names(painter.fontMetrics())
        names = told_apart([row.name for row in self.rows], painter.fontMetrics(), room - GRID)
        for index, (row, name) in enumerate(zip(self.rows, names, strict=True)):
            rectangle = self._rectangle(index)
            if rectangle.intersects(event.rect()):
                self._paint_row(painter, rectangle, row, name, room, brushes)
        self._paint_legend(painter, brushes)

    def _room_for_names(self, metrics: QFontMetrics) -> int:
        """px that each row gives to its name; 0 where there is no row."""
        if not self.rows:
            return 0
        number = metrics.horizontalAdvance(count(self._largest)) + GRID
        widest = max(metrics.horizontalAdvance(each.name) for each in self.rows) + GRID + 1
        return min(widest, max(40, (self._rectangle(0).width() - number) * 2 // 5))

    def _paint_row(
        self, painter: QPainter, where: QRect, row: ClassCount, name: str, name_width: int, brushes: list[QBrush]
    ) -> None:
        colours = theme().colours()
        metrics = painter.fontMetrics()
        number = metrics.horizontalAdvance(count(self._largest)) + GRID
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.colour("text"))
        painter.drawText(where, int(middle | Qt.AlignmentFlag.AlignLeft), name)
        length = where.width() - name_width - number
        bar = QRect(where.left() + name_width, 0, length, max(8, metrics.height() // 2))
        bar.moveTop(where.center().y() - bar.height() // 2)
        painter.fillRect(bar, colours.colour("track"))
        self._paint_parts(painter, bar, row, brushes)
        painter.setPen(colours.colour("secondary"))
        painter.drawText(where, int(middle | Qt.AlignmentFlag.AlignRight), count(row.total))

    def _paint_parts(self, painter: QPainter, bar: QRect, row: ClassCount, brushes: list[QBrush]) -> None:
        before = 0
        for part, brush in zip(row.parts, brushes, strict=True):
            left = bar.left() + round(bar.width() * before / self._largest)
            before += part
            right = bar.left() + round(bar.width() * before / self._largest)
            if part:
                _fill(painter, QRect(left, bar.top(), max(2, right - left), bar.height()), brush)

    def _paint_legend(self, painter: QPainter, brushes: list[QBrush]) -> None:
        metrics = painter.fontMetrics()
        side = metrics.height() * 2 // 3
        x = 0
        y = self._lines(self.width()) * self._row_height() + GRID // 2
        names = (self.tr("train"), self.tr("validation"), self.tr("test"))
        painter.setPen(theme().colours().colour("secondary"))
        for name, total, brush in zip(names, self._totals, brushes, strict=True):
            if not total:
                continue
            text = f"{name} {count(total)}"
            _fill(painter, QRect(x, y + (metrics.height() - side) // 2, side, side), brush)
            painter.drawText(x + side + GRID // 2, y + metrics.ascent(), text)
            x += side + GRID // 2 + metrics.horizontalAdvance(text) + 2 * GRID

    def _brushes(self) -> list[QBrush]:
        """Train is solid, validation pale, test hatched: told apart without colour."""
        colours = theme().colours()
        main = self.colour if self.colour is not None else colours.colour("accent")
        return [
            QBrush(main),
            QBrush(QColor(mix(main.name(), colours.surface, 0.55))),
            QBrush(main, Qt.BrushStyle.BDiagPattern),
        ]

    def _rectangle(self, index: int) -> QRect:
        columns = self._columns(self.width())
        lines = max(1, self._lines(self.width()))
        column, line = index // lines, index % lines
        width = (self.width() - (columns - 1) * 3 * GRID) // columns
        return QRect(column * (width + 3 * GRID), line * self._row_height(), width, self._row_height())

    def _columns(self, width: int) -> int:
        fitting = max(1, (width + 3 * GRID) // (self._column_width() + 3 * GRID))
        return max(1, min(fitting, -(-len(self.rows) // 3)))

    def _lines(self, width: int) -> int:
        return -(-len(self.rows) // self._columns(width))

    def _column_width(self) -> int:
        return 16 * self.fontMetrics().averageCharWidth() + 96

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 6

    def _legend_height(self) -> int:
        return self.fontMetrics().height() + GRID if any(self._totals) else 0


def _fill(painter: QPainter, where: QRect, brush: QBrush) -> None:
    painter.fillRect(where, brush)
    if brush.style() != Qt.BrushStyle.SolidPattern:  # a hatched part needs an edge to be seen
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(brush.color())
        painter.drawRect(where.adjusted(0, 0, -1, -1))
        painter.restore()


def _three(counts: Mapping[str, Mapping[str, int]], name: str) -> tuple[int, int, int]:
    first, second, third = (counts.get(part, {}).get(name, 0) for part in PARTS)
    return first, second, third
