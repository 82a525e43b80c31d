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

    def set_answers(
        self, answers: Sequence[Answer], others: Sequence[Answer] = (), names: tuple[str, str] = ("", "")
    ) -> None:
        """Show these, and beside them what another run says of the same pictures; `names` are the two runs'."""
        runs = [answers, others] if others else [answers]
        titles, helps = [self.tr("Picture")], [""]
        if others:
            titles.append(self.tr("Differs"))
            helps.append(self.tr("In how many tasks the two runs say something else"))
        counts = []
        for name, its in zip(names, runs, strict=False):
            columns = {task: said.columns() for task, said in first_answers(its).items()}
            counts.append({task: len(each) for task, each in columns.items()})
            behind = f" · {name}" if others else ""
            for task, each in columns.items():
                titles += [(column.title or task) + behind for column in each]
                helps += [f"{task}: {column.help}" if column.help else task for column in each]
        rows = [self._row(each, counts) for each in zip(*runs, strict=True)]
        self.model.set_rows(rows, titles, helps)
        self.view.fit_columns(widest=260)
        if answers:
            self.view.selectRow(0)

    def _row(self, answers: tuple[Answer, ...], counts: Sequence[Mapping[str, int]]) -> list[Cell]:
        """The row of a picture, from each run's answer."""
        cells = [Cell(os.path.basename(answers[0].image), help=answers[0].image)]
        if len(answers) == 2:
            differing = answers[0].differing(answers[1])
            cells.append(Cell(str(len(differing)), len(differing), help=", ".join(differing)))
        for answer, each in zip(answers, counts, strict=True):
            for task, number in each.items():
                cells += self._cells(answer, task, number)
        return cells

    def _cells(self, answer: Answer, task: str, number: int) -> list[Cell]:
        said = answer.tasks.get(task)
        if said is not None:
            return [Cell(column.text, column.value) for column in said.columns()]
        if answer.error:
            problem = Cell(self.tr("cannot be read"), help=answer.error)
            return [problem, *[Cell("–", float("nan"))] * (number - 1)]
        return [Cell("–", float("nan"))] * number

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.picture_chosen.emit(self.view.source_row(current.row()))
