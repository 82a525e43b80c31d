"""Search, filters and order of the list of backbones."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.gui.pages.model.choice import SIZES, SORTS, SOURCES, Filter, families
from workbench.gui.theme import GRID
from workbench.gui.widgets.flow_layout import FlowLayout
from workbench.gui.widgets.inputs import ComboBox


class FilterBar(QWidget):
    """Signals:
    changed(): another wish.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search backbones"))
        self.search.setAccessibleName(self.tr("Search backbones"))
        self.search.setClearButtonEnabled(True)
        self.source = self._combo(self.tr("Source"), [(name, _tr(text)) for name, (text, _) in SOURCES.items()])
        self.family = self._combo(self.tr("Family"), [])
        self._fill_families()
        self.source.currentIndexChanged.connect(self._fill_families)
        self.size_ = self._combo(self.tr("Size"), [(name, _tr(text)) for name, text, _ in SIZES])
        self.sort = self._combo(self.tr("Order"), [(name, _tr(text)) for name, (text, _) in SORTS.items()])
        self.search.textChanged.connect(self._say)
        for combo in (self.source, self.family, self.size_, self.sort):
            combo.currentIndexChanged.connect(self._say)
        QShortcut(QKeySequence.StandardKey.Find, self.parentWidget() or self, self.search.setFocus)
        row = FlowLayout(gap=GRID)
        for combo in (self.source, self.family, self.size_, self.sort):
            row.addWidget(combo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.search)
        layout.addLayout(row)

    def wanted(self) -> Filter:
        """What is wanted now."""
        return Filter(
            words=self.search.text(),
            source=self.source.currentData(),
            family=self.family.currentData(),
            size=self.size_.currentData(),
            sort=self.sort.currentData(),
        )

    def clear(self) -> None:
        """Want everything that torchvision has."""
        self.search.clear()
        self.source.setCurrentIndex(0)
        self.family.setCurrentIndex(0)
        self.size_.setCurrentIndex(0)

    def _fill_families(self, *_: object) -> None:
        """Offer the families of the source; one that it has too stays chosen."""
        self.family.set_choices([(self.tr("any family"), ""), *families(self.source.currentData())])

    def _combo(self, name: str, choices: list[tuple[str, str]]) -> ComboBox:
        combo = ComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        for value, text in choices:
            combo.addItem(text, value)
        return combo

    def _say(self, *_: object) -> None:
        self.changed.emit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Choice", text)
