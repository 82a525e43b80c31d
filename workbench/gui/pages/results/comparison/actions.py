"""What can be done with the chosen runs: compare them, or repeat one with other seeds or in folds."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import SpinBox
from workbench.project.repeats import MOST


class ComparisonActions(FlowRow):
    """Buttons in a line that wraps.

    Signals:
        compare_requested(): the chosen runs are to be compared.
        repeats_requested(): the runs that repeat them are to be chosen, too.
        seeds_requested(int), folds_requested(int): the chosen run is to be repeated so often.
    """

    compare_requested = Signal()
    repeats_requested = Signal()
    seeds_requested = Signal(int)
    folds_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, 2 * GRID)
        self.compare = Button(self.tr("Compare the chosen runs"), "compare", "primary", parent=self)
        self.compare.clicked.connect(self.compare_requested)
        self.alike = Button(self.tr("Choose their repeats too"), "check", parent=self)
        self.alike.setToolTip(self.tr("Choose the runs that differ from a chosen one in the seed or the fold alone"))
        self.alike.clicked.connect(self.repeats_requested)
        self.seeds, self.more_seeds = self._pair(3, 1, self.tr("Repeat with other seeds"))
        self.folds, self.cross = self._pair(5, 2, self.tr("Cross-validate"))
        self.seeds.setAccessibleName(self.tr("How many other seeds"))
        self.folds.setAccessibleName(self.tr("How many folds"))
        self.more_seeds.setToolTip(
            self.tr("So many runs like the chosen one, each with a seed that none has had: how much is chance?")
        )
        self.cross.setToolTip(
            self.tr("So many runs like the chosen one, each with other pictures to validate: every picture scores once")
        )
        for button in (self.compare, self.alike, self.more_seeds, self.cross):
            button.setAccessibleName(button.text())
        self.more_seeds.clicked.connect(self._on_seeds)
        self.cross.clicked.connect(self._on_folds)
        self.flow.addWidget(self.compare)
        self.flow.addWidget(self.alike)
        for field, button in ((self.seeds, self.more_seeds), (self.folds, self.cross)):
            self.flow.addWidget(_together(field, button, self))

    def set_chosen(self, runs: int, repeats: int, *, asking: bool, trained: bool = True) -> None:
        """How many runs are chosen, how many repeat their recipes, whether a comparison is under way, and whether
        the chosen ones were trained: one that was made of others is not repeated by training.
        """
        self.alike.setEnabled(repeats > runs)
        self.compare.setEnabled(runs > 1 and not asking)
        for widget in (self.seeds, self.more_seeds, self.folds, self.cross):
            widget.setEnabled(runs == 1 and trained)

    def _pair(self, value: int, least: int, text: str) -> tuple[SpinBox, Button]:
        field = SpinBox(self)
        field.setRange(least, MOST)
        field.setValue(value)
        return field, Button(text, "plus", parent=self)

    @Slot()
    def _on_seeds(self) -> None:
        self.seeds_requested.emit(self.seeds.value())

    @Slot()
    def _on_folds(self) -> None:
        self.folds_requested.emit(self.folds.value())


def _together(field: QWidget, button: QWidget, parent: QWidget) -> QWidget:
    pair = QWidget(parent)
    inside = QHBoxLayout(pair)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(GRID)
    inside.addWidget(field)
    inside.addWidget(button)
    return pair
