"""Per label: how many pictures have it, and how well it is found; any number of labels."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.scored.labels import LabelsResult
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.gui.theme import GRID

_MANY = 12  # labels from which one wants to search


class LabelTable(QWidget):
    """The table of one task's labels, with a field to search where there are many.

    Signals:
        labels_chosen(list): the indices of the labels that are chosen, the one chosen last at the end.
    """

    labels_chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search labels"))
        self.search.setAccessibleName(self.tr("Search labels"))
        self.search.setClearButtonEnabled(True)
        at_half = self.tr("at the threshold 0.50")
        self.model = TableModel(
            [
                self.tr("Label"),
                self.tr("Pictures"),
                self.tr("Precise"),
                self.tr("Found"),
                self.tr("F1"),
                self.tr("AP"),
            ],
            [
                "",
                self.tr("Pictures of this part that have the label"),
                self.tr("Precision: of the pictures said to have the label, the share that has it") + f", {at_half}",
                self.tr("Recall: of the pictures that have the label, the share that was said to") + f", {at_half}",
                self.tr("F1: the harmonic mean of precision and recall") + f", {at_half}",
                self.tr("Average precision: the mean precision over all thresholds"),
            ],
            self,
        )
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(self.tr("Scores per label"))
        self.view.sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view.selectionModel().selectionChanged.connect(self._on_selected)
        self.search.textChanged.connect(self.view.sorted.setFilterFixedString)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)

    def set_result(self, result: LabelsResult) -> None:
        """Show the labels of a task."""
        scores, nothing = result.scores, self.tr("There is nothing to divide by")
        rows = []
        for index, name in enumerate(result.classes):
            values = (scores.precision, scores.recall, scores.f1, scores.average_precision)
            shares = [float(each[index]) for each in values]
            cells = [Cell(percent(share, 0), share, help="" if share == share else nothing) for share in shares]
            pictures = Cell(count(int(scores.count[index])), float(scores.count[index]))
            rows.append([Cell(name, name.casefold()), pictures, *cells])
        self.search.clear()
        self.search.setVisible(len(rows) > _MANY)
        self.model.set_rows(rows)
        self.view.fit_names()

    def choose(self, index: int) -> None:
        """Choose one label."""
        source = self.model.index(index, 0)
        self.view.selectRow(self.view.sorted.mapFromSource(source).row())

    @Slot(QItemSelection, QItemSelection)
    def _on_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = [self.view.source_row(index.row()) for index in self.view.selectionModel().selectedRows()]
        current = self.view.currentIndex()
        last = self.view.source_row(current.row()) if current.isValid() else -1
        self.labels_chosen.emit(sorted(rows, key=lambda row: (row == last, row)))
