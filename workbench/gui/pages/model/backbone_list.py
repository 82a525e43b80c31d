"""The backbones as a list: each with its size, where its weights come from, and four facts."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.core.catalogue import BackboneFacts
from workbench.gui.icons import pixmap
from workbench.gui.numbers import amount
from workbench.gui.pages.model.weight_files import on_this_computer, where_from
from workbench.gui.theme import CORNER, GRID, font, theme

Index = QModelIndex | QPersistentModelIndex
_FACTS = Qt.ItemDataRole.UserRole
_HERE = Qt.ItemDataRole.UserRole + 1
_MARK = 16  # px


class BackboneModel(QAbstractListModel):
    """Backbones in the order in which they are listed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[BackboneFacts] = []
        self._here: dict[str, bool] = {}

    def set_rows(self, rows: list[BackboneFacts]) -> None:
        """List these."""
        self.beginResetModel()
        self.rows = rows
        for facts in rows:
            if facts.name not in self._here:
                self._here[facts.name] = on_this_computer(facts)
        self.endResetModel()

    def look_again(self) -> None:
        """Look anew which weights are on this computer."""
        self._here = {facts.name: on_this_computer(facts) for facts in self.rows}
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        facts = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return facts.title
        if role == _FACTS:
            return facts
        if role == _HERE:
            return self._here[facts.name]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{facts.name}\n{facts.licence}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            weights = where_from(facts, self._here[facts.name])
            return f"{facts.title}, {amount(facts.parameters)}, {weights}, {' '.join(facts_line(facts, self.tr))}"
        return None


def facts_line(facts: BackboneFacts, tr: object) -> list[str]:
    """The four facts: accuracy on ImageNet, work for a picture, picture size, year."""
    assert callable(tr)
    return [
        tr("{0:.1f} % on ImageNet").format(facts.accuracy),
        tr("{0} MACs").format(amount(facts.macs)),
        tr("{0} px").format(facts.input_size),
        str(facts.year),
    ]


class BackboneList(QListView):
    """One is chosen at a time.

    Signals:
        chosen(str): the user chose the backbone of that name.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Backbones"))
        self.backbones = BackboneModel(self)
        self.setModel(self.backbones)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._current = ""
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_backbones(self, rows: list[BackboneFacts]) -> None:
        """List these; what was chosen stays chosen."""
        self.blockSignals(True)
        self.backbones.set_rows(rows)
        self.set_current(self._current)
        self.blockSignals(False)

    def set_current(self, name: str) -> None:
        """Mark a backbone."""
        self._current = name
        for row, facts in enumerate(self.backbones.rows):
            if facts.name == name:
                self.setCurrentIndex(self.backbones.index(row))
                self.scrollTo(self.backbones.index(row))

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            name = self.backbones.rows[index.row()].name
            if name != self._current:
                self._current = name
                self.chosen.emit(name)


class _Delegate(QStyledItemDelegate):
    """Three lines a row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _line("body") + 2 * _line("caption") + 3 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = theme().colours()
        where = option.rect.adjusted(2, 1, -2, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or hovered:
            painter.setPen(QPen(colours.colour("accent"), 1) if chosen else Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(where, CORNER, CORNER)
        self._paint_lines(painter, where.adjusted(GRID + 4, GRID, -GRID - 4, -GRID), index)
        painter.restore()

    def _paint_lines(self, painter: QPainter, where: QRect, index: Index) -> None:
        facts: BackboneFacts = index.data(_FACTS)
        here = bool(index.data(_HERE))
        size = amount(facts.parameters)
        top = QRect(where.left(), where.top(), where.width(), _line("body"))
        painter.setFont(font("body", figures=True))
        used = _write(painter, top, size, "secondary", Qt.AlignmentFlag.AlignRight)
        painter.setFont(font("body", bold=True))
        _write(painter, top.adjusted(0, 0, -used - GRID, 0), facts.title, "text", Qt.AlignmentFlag.AlignLeft)
        line = _line("caption")
        second = QRect(where.left(), top.bottom() + GRID // 2, where.width(), line)
        painter.setFont(font("caption", figures=True))
        if here:
            mark = pixmap("check", "good", _MARK, painter.device().devicePixelRatioF())
            painter.drawPixmap(second.left(), second.center().y() - _MARK // 2, mark)
        shown = second.adjusted(_MARK + 4 if here else 0, 0, 0, 0)
        _write(painter, shown, where_from(facts, here), "good" if here else "secondary", Qt.AlignmentFlag.AlignLeft)
        third = QRect(where.left(), second.bottom() + GRID // 2, where.width(), line)
        text = " · ".join(facts_line(facts, index.model().tr))
        _write(painter, third, text, "secondary", Qt.AlignmentFlag.AlignLeft)


def _line(role: str) -> int:
    return QFontMetrics(font(role)).height()  # type: ignore[arg-type]


def _write(painter: QPainter, where: QRect, text: str, tone: str, side: Qt.AlignmentFlag) -> int:
    """Write one line, elided where it must be; how wide it is, in px."""
    painter.setPen(theme().colours().colour(tone))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return painter.fontMetrics().horizontalAdvance(shown)
