"""The card of a head that says any number of labels: a bar for each, with the mark from which it is said."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workbench.gui.pages.try_out.cards.base import AnswerCard
from workbench.gui.pages.try_out.said import LabelsAnswer, TaskAnswer
from workbench.gui.theme import theme
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.probability_bars import ProbabilityBars

_MOST = 20  # labels with a bar of their own
_THRESHOLD = 0.5


class LabelsCard(AnswerCard):
    """Labels."""

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(task, parent)
        self.bars = ProbabilityBars(mark=_THRESHOLD)
        self.add(self.bars)
        words = self.tr("A label is said from the line on: probability 0.50.")
        self.add(Label(words, "caption", "secondary", wrap=True))

    def set_answer(self, said: TaskAnswer) -> None:
        assert isinstance(said, LabelsAnswer)
        self.bars.set_probabilities(said.probabilities, most=_MOST)
        self.bars.setVisible(bool(said.probabilities))
        super().set_answer(said)

    def set_place(self, place: int) -> None:
        super().set_place(place)
        self.bars.set_colour(theme().task_colour(place))
