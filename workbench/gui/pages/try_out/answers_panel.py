"""The answers to one picture: a card for each head."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.pages.try_out.answer import Answer
from workbench.gui.pages.try_out.cards import CARDS, AnswerCard
from workbench.gui.pages.try_out.said import TaskAnswer
from workbench.gui.theme import GRID, theme


class AnswersPanel(QScrollArea):
    """Cards of all tasks, one below the other. Cards stay where they are from one picture to the next.

    Signals:
        looking_wanted(str): it is asked where the head of a task looked.
    """

    looking_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, AnswerCard] = {}
        self._places: Mapping[str, int] = {}
        self._ranges: Mapping[str, tuple[float, float]] = {}
        inside = QWidget()
        inside.setProperty("page", True)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(GRID)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Answers"))
        theme().changed.connect(self._recolour)

    def set_ranges(self, ranges: Mapping[str, tuple[float, float]]) -> None:
        """The least and the greatest training number of tasks that say a number, where they are known."""
        self._ranges = ranges

    def set_answer(self, answer: Answer, places: Mapping[str, int]) -> None:
        """Show the answers to a picture."""
        self._places = places
        if [(name, type(card)) for name, card in self.cards.items()] != [
            (name, CARDS[type(said)]) for name, said in answer.tasks.items()
        ]:
            self._rebuild(answer.tasks)
        for name, said in answer.tasks.items():
            self.cards[name].set_range(self._ranges.get(name))
            self.cards[name].set_answer(said)
        self._recolour()

    def fade(self, faded: bool) -> None:
        """Whether what is shown belongs to an older picture."""
        self.setEnabled(not faded)
        for card in self.cards.values():
            card.set_stale(faded)

    def clear(self) -> None:
        """Show nothing."""
        self._rebuild({})

    def _rebuild(self, answers: Mapping[str, TaskAnswer]) -> None:
        for card in self.cards.values():
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {}
        for name, said in answers.items():
            self.cards[name] = CARDS[type(said)](name)
            self.cards[name].looking_wanted.connect(self.looking_wanted)
            self._column.insertWidget(self._column.count() - 1, self.cards[name])

    def _recolour(self) -> None:
        for name, card in self.cards.items():
            card.set_place(self._places.get(name, 0))
