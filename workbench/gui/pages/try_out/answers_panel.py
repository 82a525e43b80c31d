"""The answers to one picture: a card for each head, and beside it that of a second run."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from workbench.gui.pages.try_out.answer import Answer
from workbench.gui.pages.try_out.cards import CARDS, AnswerCard
from workbench.gui.pages.try_out.said import TaskAnswer
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.elided_label import ElidedLabel


class AnswersPanel(QScrollArea):
    """Cards of all tasks, one below the other. Cards stay where they are from one picture to the next.

    Attributes:
        cards: by task, of the run that answers.
        others: by task, of the run beside it.

    Signals:
        looking_wanted(str, bool): it is asked where the head of a task looked; whether that of the run beside.
        teaching_wanted(str): the head of a task is to be told what the picture is.
    """

    looking_wanted = Signal(str, bool)
    teaching_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, AnswerCard] = {}
        self.others: dict[str, AnswerCard] = {}
        self._said: tuple[Mapping[str, TaskAnswer], Mapping[str, TaskAnswer]] = ({}, {})
        self._places: Mapping[str, int] = {}
        self._teachable: frozenset[str] = frozenset()
        self._ranges: Mapping[str, tuple[float, float]] = {}
        self.headings = (ElidedLabel("", "body", bold=True), ElidedLabel("", "body", bold=True))
        inside = QWidget()
        inside.setProperty("page", True)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, GRID, 0)
        self._grid.setSpacing(GRID)
        for column, heading in enumerate(self.headings):
            self._grid.addWidget(heading, 0, column)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Answers"))
        self.set_runs("", "")
        theme().changed.connect(self._recolour)

    def set_ranges(self, ranges: Mapping[str, tuple[float, float]]) -> None:
        """The least and the greatest training number of tasks that say a number, where they are known."""
        self._ranges = ranges

    def set_teachable(self, tasks: frozenset[str]) -> None:
        """The tasks whose heads, of the run that answers, can be told what a picture is."""
        self._teachable = tasks
        for name, card in self.cards.items():
            card.teach.setVisible(name in tasks)

    def set_runs(self, run: str, other: str) -> None:
        """Which run answers, and which beside it; empty for none."""
        for heading, name in zip(self.headings, (run, other), strict=True):
            heading.setText(name)
            heading.setVisible(bool(other))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if other else 0)
        if not other:
            self._show(self._said[0], {})

    def set_answer(self, answer: Answer, places: Mapping[str, int]) -> None:
        """Show the answers to a picture."""
        self._places = places
        self._show(answer.tasks, self._said[1])

    def set_other(self, answer: Answer | None) -> None:
        """Show beside them what the other run says; what differs is marked."""
        self._show(self._said[0], {} if answer is None else answer.tasks)

    def fade(self, faded: bool) -> None:
        """Whether what is shown belongs to an older picture."""
        self.setEnabled(not faded)
        for card in (*self.cards.values(), *self.others.values()):
            card.set_stale(faded)

    def clear(self) -> None:
        """Show nothing."""
        self._show({}, {})

    def _show(self, said: Mapping[str, TaskAnswer], beside: Mapping[str, TaskAnswer]) -> None:
        before, self._said = self._said, (said, beside)
        if [_shape(each) for each in before] != [_shape(each) for each in self._said]:
            self._rebuild()
        for cards, answers, others in ((self.cards, said, beside), (self.others, beside, said)):
            for name, each in answers.items():
                other = others.get(name)
                cards[name].set_range(self._ranges.get(name))
                if other is None:
                    cards[name].set_other("", "")
                else:
                    cards[name].set_other(other.text, each.apart(other), differs=each.differs(other))
                cards[name].set_answer(each)
        self._recolour()

    def _rebuild(self) -> None:
        for card in (*self.cards.values(), *self.others.values()):
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        names = list(dict.fromkeys([*self._said[0], *self._said[1]]))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(names) + 1, 1)
        self.cards, self.others = (self._column(names, column) for column in (0, 1))

    def _column(self, names: list[str], column: int) -> dict[str, AnswerCard]:
        """The cards of one run, each in its task's row."""
        cards = {}
        for name, said in self._said[column].items():
            card = cards[name] = CARDS[type(said)](name)
            card.looking_wanted.connect(self._on_other_look if column else self._on_look)
            if not column:
                card.teaching_wanted.connect(self.teaching_wanted)
                card.teach.setVisible(name in self._teachable)
            self._grid.addWidget(card, names.index(name) + 1, column, Qt.AlignmentFlag.AlignTop)
        return cards

    @Slot(str)
    def _on_look(self, task: str) -> None:
        self.looking_wanted.emit(task, False)

    @Slot(str)
    def _on_other_look(self, task: str) -> None:
        self.looking_wanted.emit(task, True)

    @Slot()
    def _recolour(self) -> None:
        for cards in (self.cards, self.others):
            for name, card in cards.items():
                card.set_place(self._places.get(name, 0))


def _shape(answers: Mapping[str, TaskAnswer]) -> list[tuple[str, type[TaskAnswer]]]:
    """What decides which cards there are."""
    return [(name, type(said)) for name, said in answers.items()]
