"""Per class: what would be answered, and how well, if the model had to be as sure as the slider says."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.scored.confidence import Answered
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.gui.theme import GRID
from workbench.gui.widgets.label import Label


class ThresholdTable(QWidget):
    """Coverage, precision and recall of every class at one threshold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TableModel(
            [self.tr("Class"), self.tr("Answered"), self.tr("Precise"), self.tr("Found")],
            [
                "",
                self.tr("Coverage: of the pictures of this class, the share that is answered"),
                self.tr("Precision: of the pictures answered with this class, the share that is of it"),
                self.tr("Recall: of all pictures of this class, answered or not, the share that is answered rightly"),
            ],
            self,
        )
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(self.tr("What would be answered, per class"))
        header = self.view.horizontalHeader()  # names share what the numbers leave, so that nothing scrolls sideways
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.means = Label("", "caption", "secondary", figures=True, wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.means)

    def set_answered(self, classes: list[str], found: Answered) -> None:
        """Show what would be answered of classes."""
        self.model.set_rows([self._row(name, found, at) for at, name in enumerate(classes)])
        words = self.tr("Mean over classes: {0} precise, {1} found.")
        shares = (found.macro_precision, found.macro_recall)
        self.means.setText(words.format(*(percent(each) for each in shares)))

    def _row(self, name: str, found: Answered, at: int) -> list[Cell]:
        of = self.tr("Of {0} pictures of this class")
        said = self.tr("Of {0} pictures answered with this class")
        true = count(int(found.count[at]))
        return [
            Cell(name, name.casefold()),
            self._share(found.coverage[at], of.format(true)),
            self._share(found.precision[at], said.format(count(int(found.said[at])))),
            self._share(found.recall[at], of.format(true)),
        ]

    def _share(self, share: np.float64, words: str) -> Cell:
        value = float(share)
        return Cell(
            percent(value, 0), value, help=words if value == value else self.tr("There is nothing to divide by")
        )
