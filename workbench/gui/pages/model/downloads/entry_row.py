"""One file of weights that is on this computer."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.weights_cache import Entry
from workbench.gui.pages.model.downloads import words
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.elided_label import ElidedLabel


class EntryRow(QWidget):
    """Says whose weights they are, how large, and under which licence.

    Signals:
        remove_requested(Entry): it is wanted no more.
        download_requested(str, str): the rest of it is wanted, of a backbone and a version.
    """

    remove_requested = Signal(object)
    download_requested = Signal(str, str)

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        title = words.title(entry)
        self.title = ElidedLabel(title, parent=self)
        self.facts = ElidedLabel(words.facts(entry), "caption", "secondary" if entry.complete else "caution")
        self.go_on = Button(self.tr("Go on"), clicked=self._on_go_on, parent=self)
        self.go_on.setAccessibleName(self.tr("Go on downloading {0}").format(title))
        self.go_on.setVisible(not entry.complete and bool(entry.backbone))
        self.remove = IconButton("trash", self.tr("Remove {0}").format(title), self._on_remove, self, "secondary")
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self.title)
        text.addWidget(self.facts)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        line.setSpacing(GRID)
        line.addLayout(text, 1)
        line.addWidget(self.go_on)
        line.addWidget(self.remove)

    @Slot()
    def _on_go_on(self) -> None:
        self.download_requested.emit(self.entry.backbone, self.entry.version)

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self.entry)
