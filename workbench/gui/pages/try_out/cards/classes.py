"""The card of a head that says one class: how sure it is, and the bars of the likeliest classes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.try_out.cards.base import AnswerCard
from workbench.gui.pages.try_out.said import ClassAnswer, TaskAnswer
from workbench.gui.theme import theme
from workbench.gui.widgets.probability_bars import ProbabilityBars


class ClassCard(AnswerCard):
    """One class."""

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(task, parent)
        self.beside.setToolTip(self.tr("Confidence: the probability that the model gives to its answer"))
        self.bars = ProbabilityBars()
        self.add(self.bars)

    def set_answer(self, said: TaskAnswer) -> None:
        assert isinstance(said, ClassAnswer)
        self.beside.setText("" if said.confidence is None else percent(said.confidence))
        self.bars.set_probabilities(said.probabilities)
        self.bars.setVisible(bool(said.probabilities))
        super().set_answer(said)

    def notes(self, said: TaskAnswer) -> list[str]:
        assert isinstance(said, ClassAnswer)
        notes = super().notes(said)
        if said.abstained:
            notes.append(self.tr("Too unsure to count as an answer."))
        others = [name for name in said.members or () if name != said.text]
        if others:
            notes.append(self.tr("It could also be: {0}").format(", ".join(others)))
        return notes

    def set_place(self, place: int) -> None:
        super().set_place(place)
        self.bars.set_colour(theme().task_colour(place))
