"""Search, filters and order of the list of backbones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.gui.pages.model.choice import SIZES, SORTS, Filter
from workbench.gui.theme import GRID
from workbench.gui.widgets.flow_layout import FlowLayout
from workbench.gui.widgets.inputs import ComboBox


class FilterBar(QWidget):
    """Signals:
    changed(): another wish.
    """

    changed = Signal()

    def __init__(self, families: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search backbones"))
        self.search.setAccessibleName(self.tr("Search backbones"))
        self.search.setClearButtonEnabled(True)
        self.family = self._combo(
            self.tr("Family"), [("", self.tr("any family")), *((name, name) for name in families)]
        )
        self.size_ = self._combo(self.tr("Size"), [(name, _tr(text)) for name, text, _ in SIZES])
        self.sort = self._combo(self.tr("Order"), [(name, _tr(text)) for name, (text, _) in SORTS.items()])
        self.search.textChanged.connect(self._say)
        QShortcut(QKeySequence.StandardKey.Find, self.parentWidget() or self, self.search.setFocus)
        row = FlowLayout(gap=GRID)
        for combo in (self.family, self.size_, self.sort):
            row.addWidget(combo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.search)
        layout.addLayout(row)

    def wanted(self) -> Filter:
        """What is wanted now."""
        return Filter(self.search.text(), self.family.currentData(), self.size_.currentData(), self.sort.currentData())

    def clear(self) -> None:
        """Want everything."""
        self.search.clear()
        self.family.setCurrentIndex(0)
        self.size_.setCurrentIndex(0)

    def _combo(self, name: str, choices: list[tuple[str, str]]) -> ComboBox:
        combo = ComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        for value, text in choices:
            combo.addItem(text, value)
        combo.currentIndexChanged.connect(self._say)
        return combo

    def _say(self, *_: object) -> None:
        self.changed.emit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Choice", text)
