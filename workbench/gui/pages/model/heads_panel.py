"""The head of each task."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.core.kinds import HEADS, Kind
from workbench.core.project import Task
from workbench.gui.pages.data.words import meaning, plain
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox


class HeadsPanel(QWidget):
    """Signals:
    head_requested(str, str): task and head.
    """

    head_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combos: dict[str, ComboBox] = {}
        self._shown: list[tuple[str, Kind]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._grid)

    def show_heads(self, tasks: Sequence[Task]) -> None:
        """Show the heads of these tasks."""
        names = [(task.name, task.kind) for task in tasks]
        if names != self._shown:
            self._build(tasks)
            self._shown = names
        for task in tasks:
            combo = self.combos[task.name]
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(task.head))
            combo.setToolTip(meaning(task.head))

    def _build(self, tasks: Sequence[Task]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.combos = {}
        for row, task in enumerate(tasks):
            combo = ComboBox(self)
            combo.setAccessibleName(self.tr("Head of {0}").format(task.name))
            for head in HEADS[task.kind]:
                combo.addItem(plain(head), head)
            combo.setProperty("task", task.name)
            combo.currentIndexChanged.connect(self._on_head)
            self._grid.addWidget(ElidedLabel(task.name), row, 0)
            self._grid.addWidget(combo, row, 1)
            self.combos[task.name] = combo

    def _on_head(self, index: int) -> None:
        combo = self.sender()
        assert isinstance(combo, ComboBox)
        self.head_requested.emit(combo.property("task"), combo.itemData(index))
