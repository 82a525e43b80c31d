"""What the backbone knows before training begins: every kind of weights, with a line that says what it means."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.core.backbone_facts import BackboneFacts
from workbench.gui.pages.model.weight_words import Here, download_words, in_a_row
from workbench.gui.pages.model.weights_choices import ASK, FILE, WeightsChoice, weights_choices
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.project.runs import RunInfo

_LINE = Qt.ItemDataRole.UserRole + 1
_LETTERS = 24  # of a choice that the button may stand beside
_WIDEST = 64  # characters of a line in the list


class WeightsChooser(QWidget):
    """Signals:
    chosen(str): the value for `backbone.weights`.
    download_requested(str, str): these weights of that backbone are wanted here.
    """

    chosen = Signal(str)
    download_requested = Signal(str, str)

    def __init__(self, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = here
        self._shown = ""
        self._backbone = ""
        self.combo = _Choice(self)
        self.combo.setAccessibleName(self.tr("Weights"))
        self.combo.setToolTip(self.tr("What the backbone knows before training begins"))
        self._items = QStandardItemModel(self.combo)
        self.combo.setModel(self._items)
        self.combo.setItemDelegate(_Delegate(self.combo))
        self.combo.activated.connect(self._on_activated)
        self.download = Button(self.tr("Download"), parent=self, clicked=self._on_download)
        self.meaning = Label("", "caption", "secondary", wrap=True)
        self.licence = Label("", "caption", "secondary", wrap=True)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GRID)
        self._row.addWidget(self.combo, 1)
        self._row.addWidget(self.download)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(Label(self.tr("Weights"), "caption", "secondary"))
        layout.addLayout(self._row)
        layout.addWidget(self.meaning)
        layout.addWidget(self.licence)

    def show_weights(self, facts: BackboneFacts, weights: str, runs: Sequence[RunInfo]) -> None:
        """Show what is chosen for a backbone, among all that could be.

        Args:
            runs: of the project; those of the same backbone can be gone on from.
        """
        self._shown, self._backbone = weights, facts.name
        choices = weights_choices(facts, weights, runs)
        with QSignalBlocker(self.combo):
            self._items.clear()
            for choice in choices:
                here = not choice.megabytes or self._here(facts, choice.value)
                self._items.appendRow(_item(choice, _place(choice, here)))
            self.combo.setCurrentIndex(self.combo.findData(weights))
        chosen = next(choice for choice in choices if choice.value == weights)
        self._show_chosen(chosen, not chosen.megabytes or self._here(facts, weights))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button goes under the choice where both would be cramped."""
        super().resizeEvent(event)
        beside = self.download.sizeHint().width() + _LETTERS * self.fontMetrics().averageCharWidth() <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def ask_file(self) -> None:
        """Let the user choose a file of weights."""
        title, kinds = self.tr("Weights of a backbone"), self.tr("Weights (*.pt *.pth *.safetensors)")
        path, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        if path:
            self.chosen.emit(FILE + path)

    def _show_chosen(self, choice: WeightsChoice, here: bool) -> None:
        place = _place(choice, here)
        self.meaning.setText(in_a_row(words for words in (choice.meaning, place) if words))
        self.licence.setText(self.tr("Licence: {0}").format(choice.licence))
        self.licence.setVisible(bool(choice.licence))
        self.download.setVisible(not here)
        self.download.setAccessibleName(self.tr("Download {0} of {1}").format(choice.title, self._backbone))
        self.combo.setAccessibleDescription(f"{self.meaning.text()}. {choice.licence}".strip())

    @Slot()
    def _on_download(self) -> None:
        self.download_requested.emit(self._backbone, self._shown)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        value = self.combo.itemData(index)
        if value == ASK:
            with QSignalBlocker(self.combo):
                self.combo.setCurrentIndex(self.combo.findData(self._shown))
            self.ask_file()
        elif value and value != self._shown:
            self.chosen.emit(value)


class _Choice(ComboBox):
    """Arrow keys open the list rather than walk through it: a step of it could ask for a file."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers():
            self.showPopup()
        else:
            super().keyPressEvent(event)


def _item(choice: WeightsChoice, place: str) -> QStandardItem:
    """A complete entry: the list measures it as soon as it holds it."""
    item = QStandardItem(choice.title)
    item.setData(choice.value, Qt.ItemDataRole.UserRole)
    item.setData(" · ".join(words for words in (choice.meaning, place, choice.licence) if words), _LINE)
    item.setToolTip(item.data(_LINE))
    item.setAccessibleText(f"{choice.title}, {item.data(_LINE)}")
    return item


def _place(choice: WeightsChoice, here: bool) -> str:
    """Where they are; empty for those that are never downloaded."""
    if not choice.megabytes:
        return ""
    if here:
        return QCoreApplication.translate("WeightsChooser", "on this computer")
    return download_words(choice.megabytes)


class _Delegate(QStyledItemDelegate):
    """Two lines: what it is called, and what it means."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        title, line = QFontMetrics(font("body")), QFontMetrics(font("caption"))
        wide = max(title.horizontalAdvance(index.data()), line.horizontalAdvance(index.data(_LINE)))
        most = _WIDEST * line.averageCharWidth()
        return QSize(min(wide, most) + 3 * GRID, title.height() + line.height() + 2 * GRID)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = theme().colours()
        painter.save()
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(option.rect, colours.colour("accent_soft"))
        where = option.rect.adjusted(GRID + 4, GRID - 2, -GRID, 0)
        for role, tone, text in (("body", "text", index.data()), ("caption", "secondary", index.data(_LINE))):
            painter.setFont(font(role))  # type: ignore[arg-type]
            painter.setPen(colours.colour(tone))
            metrics = painter.fontMetrics()
            line = QRect(where.left(), where.top(), where.width(), metrics.height())
            painter.drawText(line, 0, metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width()))
            where.setTop(line.bottom() + 3)
        painter.restore()
