"""What runs that followed each other have forgotten: the accuracy matrix over time as a heat map."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.core.text import percent, signed
from workbench.core.verdict import is_error
from workbench.gui.colours import mix
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.results.tables import Cell, TableModel
from workbench.gui.pages.tools.small_table import SmallTable
from workbench.gui.pages.tools.teach import words
from workbench.gui.theme import theme
from workbench.gui.widgets.agreement_map import ink_on
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace

_Index = QModelIndex | QPersistentModelIndex
_STRONGEST = 0.85
"""How much of the accent is in the ground of a cell of 100 %."""
_NAMED = 3
"""Classes that a column's title names."""


class HeatModel(TableModel):
    """Cells whose ground is the deeper the higher their share, in [0, 1]; those without one have no ground."""

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.ForegroundRole):
            value = self._rows[index.row()][index.column()].value
            if not isinstance(value, float) or not 0 <= value <= 1:
                return None
            colours = theme().colours()
            ground = QColor(mix(colours.surface, colours.accent, _STRONGEST * value))
            return ground if role == Qt.ItemDataRole.BackgroundRole else ink_on(ground)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return int(Qt.AlignmentFlag.AlignCenter)
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and section:
            return int(Qt.AlignmentFlag.AlignCenter)
        return super().headerData(section, orientation, role)


class ForgettingCard(Card):
    """Asks for the matrix of the runs that led to one, and shows it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._run = ""
        self.set_title(self.tr("What was forgotten"))
        self.set_caption(
            self.tr(
                "Rows are runs that followed each other, columns what came with each. Going down a column, what was "
                "known then is kept or lost."
            )
        )
        self.ask = Button(self.tr("Measure"), "play", clicked=self._on_ask, parent=self)
        self.ask.setAccessibleName(self.tr("Measure what was forgotten"))
        self._asking = Asking(
            workspace, self, bar=self.tr("How much of it is measured"), cancel=self.tr("Stop measuring")
        )
        self.sentence = Label("", bold=True, wrap=True)
        self.average = Label("", "body", "secondary", figures=True, wrap=True)
        self.matrix = SmallTable([], self.tr("Right answers of each run to what came with each"), self, HeatModel([]))
        self.add_action(self.ask)
        for widget in (self._asking.problem, self._asking.working, self.sentence, self.matrix, self.average):
            self.add(widget)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_asking)
        self.set_run("")

    def set_run(self, run: str) -> None:
        """The run whose forebears are asked about; what was shown of another goes."""
        if run == self._run and run:
            return
        self._run = run
        self._asking.give_up()
        self._asking.problem.hide()
        for widget in (self.sentence, self.average, self.matrix):
            widget.hide()
        self.ask.setEnabled(bool(run))

    @Slot()
    def _on_ask(self) -> None:
        if self._workspace.folder is not None:
            self._asking.ask(["forgetting", str(self._workspace.folder), "--run", self._run])

    @Slot()
    def _on_asking(self) -> None:
        self._asking.swap(self.ask)

    @Slot(object)
    def _on_answered(self, document: dict[str, Any]) -> None:
        columns = document["columns"]
        titles = [self.tr("After run"), *(self._column(column) for column in columns)]
        rows = [
            [Cell(run), *(self._cell(column, cell) for column, cell in zip(columns, cells, strict=True))]
            for run, cells in zip(document["runs"], document["matrix"], strict=True)
        ]
        self.matrix.set_rows(rows, titles)
        self.sentence.setText(words.forgotten_sentence(document))
        self.average.setText(self._averages(document))
        for widget in (self.sentence, self.average, self.matrix):
            widget.show()

    def _column(self, column: dict[str, Any]) -> str:
        names = column["labels"]
        what = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        pictures = (
            self.tr("1 picture") if column["pictures"] == 1 else self.tr("{0} pictures").format(column["pictures"])
        )
        return f"{column['task']}{f': {what}' if what else ''}\n{pictures}"

    def _cell(self, column: dict[str, Any], cell: dict[str, Any] | None) -> Cell:
        if cell is None:
            return Cell("–", help=self.tr("It came later"))
        if is_error(column["kind"]):
            return Cell(f"{cell['score']:.4g}", help=self.tr("Mean error"))
        low, high = cell["interval"] or (cell["score"], cell["score"])
        said = self.tr("{0}, between {1} and {2} (95 %)").format(percent(cell["score"]), percent(low), percent(high))
        return Cell(percent(cell["score"]), float(cell["score"]), help=said)

    def _averages(self, document: dict[str, Any]) -> str:
        parts = []
        average, transfer = document["average"][-1], document["backward_transfer"]
        if average is not None:
            low, high = (percent(end) for end in average["interval"])
            text = self.tr("Average accuracy {0} ({1} to {2})")
            parts.append(text.format(percent(average["value"]), low, high))
        if transfer is not None:
            low, high = (signed(100 * end) for end in transfer["interval"])
            text = self.tr("backward transfer {0} points ({1} to {2})")
            parts.append(text.format(signed(100 * transfer["value"]), low, high))
        return ", ".join(parts)
