"""Per class: how many of those said were right, how many of those that are were found, and how many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.metric_words import reaches
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.project.scores import class_scores, wilson


class ClassTable(QWidget):
    """The per-class table of one task.

    Signals:
        class_chosen(int): the user chose a class by its index.
    """

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes = 0
        self.model = TableModel(
            [self.tr("Class"), self.tr("Precise"), self.tr("Found"), self.tr("F1"), self.tr("Count")],
            [
                "",
                self.tr("Precision: of the pictures said to be of this class, the share that is"),
                self.tr("Recall: of the pictures of this class, the share that was said to be"),
                self.tr("F1: the harmonic mean of precision and recall"),
                self.tr("Pictures of this class in this part"),
            ],
            self,
        )
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(self.tr("Scores per class"))
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def set_result(self, result: ClassResult) -> None:
        """Show the classes of a task."""
        scores = class_scores(result.confusion)
        precise = self._shares(scores.precision, result.confusion.sum(axis=0))
        found = self._shares(scores.recall, scores.count)
        nothing = self.tr("There is nothing to divide by")
        f1 = [Cell(percent(value, 0), value, help="" if value == value else nothing) for value in scores.f1.tolist()]
        pictures = [Cell(count(number), float(number)) for number in scores.count.tolist()]
        names = [Cell(name, name.casefold()) for name in result.classes]
        rows = [list(row) for row in zip(names, precise, found, f1, pictures, strict=True)]
        self.model.set_rows(rows)
        self.view.fit_names()

    def _shares(self, shares: NDArray[np.float64], counts: NDArray[np.int64]) -> list[Cell]:
        """Shares (C,) of counts with their 95 % interval, whose ends stand in the tooltip too."""
        low, high = wilson(np.nan_to_num(shares), np.maximum(counts, 1))
        words = self.tr("Of {0} pictures. With 95 % confidence it lies between {1} and {2}.")
        cells = []
        for share, number, least, most in zip(
            shares.tolist(), counts.tolist(), low.tolist(), high.tolist(), strict=True
        ):
            if not number:
                cells.append(Cell(percent(share, 0), share, help=self.tr("There is nothing to divide by")))
                continue
            said = words.format(count(number), percent(least, 0), percent(most, 0))
            reach = reaches(share, (least, most), lambda end: f"{100 * end:.0f}")
            cells.append(Cell(f"{percent(share, 0)} {reach}", share, help=said))
        return cells

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        if selected.indexes():
            self.class_chosen.emit(self.view.source_row(selected.indexes()[0].row()))
