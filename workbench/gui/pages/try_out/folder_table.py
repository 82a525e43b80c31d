"""The answers to many pictures: one row each, any number of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.gui.pages.try_out.answer import Answer, first_answers


class FolderTable(QWidget):
    """A table of pictures with each task's answer.

    Signals:
        picture_chosen(int): the picture at that place of the answers became current.
    """

    picture_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TableModel([], parent=self)
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(self.tr("Answers to the pictures of the folder"))
        self.view.selectionModel().currentChanged.connect(self._on_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def set_answers(self, answers: Sequence[Answer]) -> None:
        """Show these."""
        columns = {task: said.columns() for task, said in first_answers(answers).items()}
        titles, helps = [self.tr("Picture")], [""]
        for task, its in columns.items():
            titles += [column.title or task for column in its]
            helps += [f"{task}: {column.help}" if column.help else task for column in its]
        counts = {task: len(its) for task, its in columns.items()}
        self.model.set_rows([self._row(answer, counts) for answer in answers], titles, helps)
        self.view.fit_columns(widest=260)
        if answers:
            self.view.selectRow(0)

    def _row(self, answer: Answer, counts: Mapping[str, int]) -> list[Cell]:
        cells = [Cell(os.path.basename(answer.image), help=answer.image)]
        for task, number in counts.items():
            said = answer.tasks.get(task)
            if said is not None:
                cells += [Cell(column.text, column.value) for column in said.columns()]
            elif answer.error:
                problem = Cell(self.tr("cannot be read"), help=answer.error)
                cells += [problem, *[Cell("–", float("nan"))] * (number - 1)]
            else:
                cells += [Cell("–", float("nan"))] * number
        return cells

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.picture_chosen.emit(self.view.source_row(current.row()))
