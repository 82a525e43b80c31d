"""The table of compared backbones: scores as intervals on one scale a column, and what can be done with each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.pages.model.advice.document import Advice, Compared, Way
from workbench.gui.pages.model.advice.rows import (
    ACTION,
    BACKBONE,
    FIRST_TASK,
    AdviceCell,
    Now,
    Span,
    TaskColumn,
    rows,
    titles,
)
from workbench.gui.pages.results.tables import TableModel, TableView
from workbench.gui.theme import GRID, font, grown, theme

_CELL = Qt.ItemDataRole.UserRole + 1
_BAR = 8  # px
_LEAST_ROWS = 4  # that are in sight however little room there is
_ARROW = 12  # px: beside the title of the column that sorts
Index = QModelIndex | QPersistentModelIndex


class AdviceModel(TableModel):
    """Rows of two-line cells."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == _CELL:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self._rows[index.row()][index.column()]
            assert isinstance(cell, AdviceCell)
            return ", ".join(text for text in (cell.text, cell.second) if text)
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and self._rows and orientation == Qt.Orientation.Horizontal:
            cell = self._rows[0][section]
            assert isinstance(cell, AdviceCell)
            return int(cell.side | Qt.AlignmentFlag.AlignVCenter)
        return super().headerData(section, orientation, role)


class AdviceTable(TableView):
    """Sorted by a click on a title; Enter on a row, or a click on its action, takes it or downloads it.

    Signals:
        use_requested(str, str): take that backbone with these weights.
        download_requested(str, str): these weights of that backbone are wanted here.
        row_changed(Compared): the user is at another row.
    """

    use_requested = Signal(str, str)
    download_requested = Signal(str, str)
    row_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.cells = AdviceModel([])
        super().__init__(self.cells, parent)
        self.cells.setParent(self)
        self._advice: tuple[Compared, ...] = ()
        self._tasks = 0
        self.setAccessibleName(self.tr("Backbones compared on your pictures"))
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentRowChanged.connect(self._on_row)

    def show_advice(self, advice: Advice, tasks: Sequence[TaskColumn], now: Now, way: Way = "probe") -> None:
        """Show a comparison; what the user sorted by stays."""
        row = max(0, self.currentIndex().row()) if self._advice == advice.rows else 0
        self._advice = advice.rows
        names, helps = titles(tasks, way, advice.memory)
        self.cells.set_rows(rows(advice, tasks, now, way), names, helps)  # type: ignore[arg-type]
        self.selectRow(row)
        self._tasks = len(tasks)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Columns as wide as what they hold; what lacks is the backbone's, what is left over the tasks' too."""
        self._fit_rows()
        header, letters = self.horizontalHeader(), self.fontMetrics().averageCharWidth()
        titles = QFontMetrics(header.font())
        tasks = range(FIRST_TASK, FIRST_TASK + self._tasks)
        for column in range(header.count()):
            title = titles.horizontalAdvance(str(self.cells.headerData(column, Qt.Orientation.Horizontal)))
            wide = max(self.sizeHintForColumn(column), title + 2 * GRID + _ARROW)
            if column in tasks:
                wide = min(max(13 * letters, wide), 18 * letters)
            header.resizeSection(column, wide)
        wide = header.sectionSize(BACKBONE)
        spare = self.viewport().width() - header.length()
        least = min(wide, 17 * letters)
        if wide + spare < least:  # it scrolls in any case
            header.resizeSection(BACKBONE, min(wide, 28 * letters))
        else:
            header.resizeSection(BACKBONE, min(wide + spare, 40 * letters))
        left = max(0, self.viewport().width() - header.length()) // max(1, self._tasks)
        for column in tasks:
            header.resizeSection(column, header.sectionSize(column) + left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._act(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_changed.emit(self._advice[self.source_row(index.row())])

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == ACTION:
            self._act(index.row())

    def _act(self, row: int) -> None:
        at = self.source_row(row)
        cell = self.cells.index(at, ACTION).data(_CELL)
        signals = {"use": self.use_requested, "download": self.download_requested}
        if cell.action in signals:
            signals[cell.action].emit(self._advice[at].name, self._advice[at].weights)

    def _fit_rows(self) -> None:
        lines = QFontMetrics(font("body")).height() + QFontMetrics(font("caption")).height()
        self.verticalHeader().setDefaultSectionSize(max(44, lines + GRID + 6))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows = _LEAST_ROWS * self.verticalHeader().defaultSectionSize()
        self.setMinimumHeight(rows + self.horizontalHeader().sizeHint().height())


class _Delegate(QStyledItemDelegate):
    """Paints a text over a second one, or over an interval."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell: AdviceCell = index.data(_CELL)
        first = QFontMetrics(font("body", bold=cell.strong or bool(cell.action), figures=True))
        second = QFontMetrics(font("caption"))
        wide = max(first.horizontalAdvance(cell.text), second.horizontalAdvance(cell.second))
        return QSize(wide + 2 * GRID + 2, grown(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = theme().colours()
        cell: AdviceCell = index.data(_CELL)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colours.colour("accent_soft"))
        where = option.rect.adjusted(GRID, 4, -GRID, -4)
        painter.setFont(font("body", bold=cell.strong or bool(cell.action), figures=cell.number))
        tone = "accent" if cell.action else "secondary" if cell.faint else "text"
        painter.setPen(colours.colour(tone))
        under = cell.second or cell.span
        line = painter.fontMetrics().height()
        first = QRect(where.left(), where.top(), where.width(), line if under else where.height())
        shown = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideMiddle, where.width())
        painter.drawText(first, cell.side | Qt.AlignmentFlag.AlignVCenter, shown)
        below = QRect(where.left(), first.bottom() + 1, where.width(), where.bottom() - first.bottom())
        if cell.span is not None:
            self._paint_span(painter, below, cell.span)
        elif cell.second:
            painter.setFont(font("caption"))
            painter.setPen(colours.colour("secondary"))
            shown = painter.fontMetrics().elidedText(cell.second, Qt.TextElideMode.ElideMiddle, where.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _paint_span(self, painter: QPainter, where: QRect, span: Span) -> None:
        """The column's scale as a track, one standard error to both sides as a bar, the score as a line."""
        colours = theme().colours()
        top = where.center().y() - _BAR / 2
        painter.fillRect(QRectF(where.left(), top + _BAR / 4, where.width(), _BAR / 2), colours.colour("track"))
        low, high = (_place(span, span.value + side * span.error, where) for side in (-1, 1))
        pale = span.colour
        painter.setOpacity(0.55)
        painter.fillRect(QRectF(low, top, max(1.0, high - low), _BAR), pale)
        painter.setOpacity(1.0)
        painter.setPen(QPen(colours.colour("text"), 2))
        at = _place(span, span.value, where)
        painter.drawLine(QPointF(at, top - 1), QPointF(at, top + _BAR + 1))


def _place(span: Span, value: float, where: QRect) -> float:
    share = (min(span.high, max(span.low, value)) - span.low) / (span.high - span.low)
    return where.left() + share * where.width()
