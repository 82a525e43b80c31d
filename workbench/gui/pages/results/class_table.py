"""Per class: how many of those said were right, how many of those that are were found, and how many there are."""

from __future__ import annotations

import math

from PySide6.QtCore import QItemSelection, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.project.scores import class_scores


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
        rows = []
        for index, name in enumerate(result.classes):
            values = (scores.precision[index], scores.recall[index], scores.f1[index])
            cells = [_share(float(value), self.tr("There is nothing to divide by")) for value in values]
            pictures = Cell(count(int(scores.count[index])), float(scores.count[index]))
            rows.append([Cell(name, name.casefold()), *cells, pictures])
        self.model.set_rows(rows)
        self.view.fit_columns(widest=160)

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        if selected.indexes():
            self.class_chosen.emit(self.view.source_row(selected.indexes()[0].row()))


def _share(value: float, missing: str) -> Cell:
    return Cell(percent(value, 0), value, help=missing if math.isnan(value) else "")
