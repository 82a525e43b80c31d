"""The answers to many pictures: one row each, any number of them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.gui.pages.try_out.answer import Answer


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
        tasks = list(dict.fromkeys(task for answer in answers for task in answer.tasks))
        titles = [self.tr("Picture"), *(title for task in tasks for title in (task, self.tr("sure")))]
        sure = self.tr("Confidence: the probability that the model gives to its answer")
        helps = ["", *(text for task in tasks for text in (task, sure))]
        self.model.set_rows([self._row(answer, tasks) for answer in answers], titles, helps)
        self.view.fit_columns(widest=260)
        if answers:
            self.view.selectRow(0)

    def _row(self, answer: Answer, tasks: Sequence[str]) -> list[Cell]:
        cells = [Cell(os.path.basename(answer.image), help=answer.image)]
        if answer.error:
            problem = Cell(self.tr("cannot be read"), help=answer.error)
            return cells + [problem, Cell("–", float("nan"))] * max(1, len(tasks))
        for task in tasks:
            said = answer.tasks.get(task)
            if said is None:
                cells += [Cell("–"), Cell("–", float("nan"))]
                continue
            confidence = float("nan") if said.confidence is None else said.confidence
            cells += [Cell(said.text), Cell(percent(said.confidence, 0), confidence)]
        return cells

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.picture_chosen.emit(self.view.source_row(current.row()))
