"""The head of each task, and what all hidden layers share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.project import HEADS, Kind, Recipe, Task
from workbench.gui.pages.data.words import meaning, plain
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox, SpinBox
from workbench.gui.widgets.label import Label


class HeadsPanel(QWidget):
    """Signals:
    head_requested(str, str): task and head.
    recipe_requested(str, object): setting and value.
    """

    head_requested = Signal(str, str)
    recipe_requested = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combos: dict[str, ComboBox] = {}
        self._shown: list[tuple[str, Kind]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 1)
        self.hidden = SpinBox(self)
        self.hidden.setRange(1, 8192)
        self.hidden.setAccessibleName(self.tr("Hidden width"))
        self.hidden.valueChanged.connect(self._on_hidden)
        self.dropout = DoubleSpinBox(self)
        self.dropout.setRange(0.0, 0.95)
        self.dropout.setAccessibleName(self.tr("Dropout"))
        self.dropout.valueChanged.connect(self._on_dropout)
        self._shared = QWidget(self)
        row = QHBoxLayout(self._shared)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for text, field in ((self.tr("Width"), self.hidden), (self.tr("Dropout"), self.dropout)):
            row.addWidget(Label(text, "body", "secondary"))
            row.addWidget(field, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._grid)
        layout.addWidget(self._shared)

    def show_heads(self, tasks: Sequence[Task], recipe: Recipe) -> None:
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
        with QSignalBlocker(self.hidden), QSignalBlocker(self.dropout):
            self.hidden.setValue(recipe.hidden)
            self.dropout.setValue(recipe.dropout)
        self._shared.setVisible(any(task.head == "mlp" for task in tasks))

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

    def _on_hidden(self, width: int) -> None:
        self.recipe_requested.emit("hidden", width)

    def _on_dropout(self, share: float) -> None:
        self.recipe_requested.emit("dropout", share)
