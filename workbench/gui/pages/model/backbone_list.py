"""The backbones as a list: each with its size, where its weights come from, and four facts."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.core.backbone_facts import BackboneFacts
from workbench.core.catalogue import default_weights
from workbench.gui.icons import pixmap
from workbench.gui.numbers import amount
from workbench.gui.pages.model.weight_words import Here, where
from workbench.gui.theme import CORNER, GRID, font, theme

Index = QModelIndex | QPersistentModelIndex
_FACTS = Qt.ItemDataRole.UserRole
_HERE = Qt.ItemDataRole.UserRole + 1
_TAKEN = Qt.ItemDataRole.UserRole + 2
_MARK = 16  # px


class BackboneModel(QAbstractListModel):
    """Backbones in the order in which they are listed."""

    def __init__(self, here: Here, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[BackboneFacts] = []
        self.taken = ""
        self._here = here

    def set_rows(self, rows: list[BackboneFacts]) -> None:
        """List these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def set_taken(self, name: str) -> None:
        """Mark the backbone that the project takes."""
        self.taken = name
        self.refresh()

    def refresh(self) -> None:
        """Which weights are on this computer may have changed."""
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def row_of(self, name: str) -> int:
        """Where a backbone is listed; -1 where it is not."""
        return next((row for row, facts in enumerate(self.rows) if facts.name == name), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        facts = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return facts.title
        if role == _FACTS:
            return facts
        if role == _HERE:
            return self._here(facts)
        if role == _TAKEN:
            return facts.name == self.taken
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(line for line in (facts.name, " · ".join(facts_line(facts)), facts.licence) if line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            weights = where(facts, self._here(facts))
            return f"{facts.title}, {amount(facts.parameters)}, {weights}, {' '.join(facts_line(facts))}"
        return None


def facts_line(facts: BackboneFacts) -> list[str]:
    """The facts in short: accuracy on ImageNet, work for a picture, its size, the year; as far as they are known."""
    own = default_weights(facts.name) != "starter"
    accuracy = _tr("{0:.1f} % on ImageNet") if own else _tr("{0:.1f} % on ImageNet once downloaded")
    known = [] if facts.accuracy is None else [accuracy.format(facts.accuracy)]
    known += [_tr("{0} MACs").format(amount(facts.macs)), _tr("{0} px").format(facts.input_size)]
    return [*known, str(facts.year)] if facts.year else known


def _tr(text: str) -> str:
    return QCoreApplication.translate("BackboneList", text)


class BackboneList(QListView):
    """One is chosen at a time.

    Signals:
        chosen(str): the user chose the backbone of that name.
    """

    chosen = Signal(str)

    def __init__(self, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Backbones"))
        self.backbones = BackboneModel(here, self)
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
        self._mark()
        self.blockSignals(False)

    def set_current(self, name: str, follow: bool = True) -> None:
        """Mark the backbone that the project takes, and go to it."""
        self.backbones.set_taken(name)
        if follow:
            self.blockSignals(True)
            self._current = name
            self._mark()
            self.blockSignals(False)

    def current_facts(self) -> BackboneFacts | None:
        """The backbone that the user is at."""
        index = self.currentIndex()
        return self.backbones.rows[index.row()] if index.isValid() else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here is not choosing: Qt goes to the first row by itself where the chosen one is not listed."""
        with QSignalBlocker(self.selectionModel()):
            nowhere = not self.currentIndex().isValid()
            super().focusInEvent(event)
            if nowhere:
                self.selectionModel().clearCurrentIndex()

    def _mark(self) -> None:
        row = self.backbones.row_of(self._current)
        if row < 0:
            self.scrollToTop()
        elif row != self.currentIndex().row():
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
        if index.data(_TAKEN):  # seen even where the user is at another row
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent"))
            painter.drawRoundedRect(where.adjusted(1, GRID, 4 - where.width(), -GRID), 2, 2)
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
        _write(painter, shown, _where(facts, here), "good" if here else "secondary", Qt.AlignmentFlag.AlignLeft)
        third = QRect(where.left(), second.bottom() + GRID // 2, where.width(), line)
        text = " · ".join(facts_line(facts))
        _write(painter, third, text, "secondary", Qt.AlignmentFlag.AlignLeft)


def _where(facts: BackboneFacts, here: bool) -> str:
    words = where(facts, here)
    return f"timm · {words}" if facts.source == "timm" else words


def _line(role: str) -> int:
    return QFontMetrics(font(role)).height()  # type: ignore[arg-type]


def _write(painter: QPainter, where: QRect, text: str, tone: str, side: Qt.AlignmentFlag) -> int:
    """Write one line, elided where it must be; how wide it is, in px."""
    painter.setPen(theme().colours().colour(tone))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return painter.fontMetrics().horizontalAdvance(shown)
