"""The answers to one picture: a card for each head, with its bars."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.try_out.answer import Answer, TaskAnswer
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.probability_bars import ProbabilityBars
from workbench.gui.widgets.score_card import Chip


class AnswersPanel(QScrollArea):
    """Cards of all tasks, one below the other. Cards stay where they are from one picture to the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, AnswerCard] = {}
        self._places: Mapping[str, int] = {}
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

    def set_answer(self, answer: Answer, places: Mapping[str, int]) -> None:
        """Show the answers to a picture."""
        self._places = places
        if list(self.cards) != list(answer.tasks):
            self._rebuild(list(answer.tasks))
        for name, said in answer.tasks.items():
            self.cards[name].set_answer(said)
        self._recolour()

    def fade(self, faded: bool) -> None:
        """Whether what is shown belongs to an older picture."""
        self.setEnabled(not faded)
        for card in self.cards.values():
            card.set_stale(faded)

    def clear(self) -> None:
        """Show nothing."""
        self._rebuild([])

    def _rebuild(self, names: list[str]) -> None:
        for card in self.cards.values():
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {}
        for name in names:
            self.cards[name] = AnswerCard(name)
            self._column.insertWidget(self._column.count() - 1, self.cards[name])

    def _recolour(self) -> None:
        for name, card in self.cards.items():
            card.set_place(self._places.get(name, 0))


class AnswerCard(Card):
    """One head's answer: the label, how sure it is, and the bars of the likeliest classes."""

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.chip = Chip()
        self.label = ElidedLabel("", "title", bold=True)
        self.confidence = Label("", "title", figures=True)
        self.note = Label("", "caption", "caution", wrap=True)
        self.bars = ProbabilityBars()
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.chip)
        head.addWidget(ElidedLabel(task, "body", "secondary"), 1)
        said = QHBoxLayout()
        said.setSpacing(GRID)
        said.addWidget(self.label, 1)
        said.addWidget(self.confidence)
        for item in (head, said, self.note, self.bars):
            self.add(item)
        self._task = task

    def set_answer(self, said: TaskAnswer) -> None:
        """Show an answer."""
        self.label.setText(said.text)
        self.confidence.setText("" if said.confidence is None else percent(said.confidence))
        self.confidence.setToolTip(self.tr("Confidence: the probability that the model gives to its answer"))
        self.note.setText(self.tr("This picture looks like nothing the model was trained on.") if said.unknown else "")
        self.note.setVisible(bool(said.unknown))
        self.bars.set_probabilities(said.probabilities)
        self.bars.setVisible(bool(said.probabilities))
        self.setAccessibleName(f"{self._task}: {said.text} {self.confidence.text()}".strip())

    def set_stale(self, stale: bool) -> None:
        """Whether the answer belongs to an older picture."""
        for label in (self.label, self.confidence):
            label.set_tone("secondary" if stale else "text")

    def set_place(self, place: int) -> None:
        """Take the colour of the task's place."""
        colour = theme().task_colour(place)
        self.chip.set_colour(colour)
        self.bars.set_colour(colour)
