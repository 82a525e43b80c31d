"""The card of a head that says of every pixel what it is: how much of the picture each class covers."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.try_out.cards.base import AnswerCard
from workbench.gui.pages.try_out.said import MaskAnswer, TaskAnswer
from workbench.gui.theme import theme
from workbench.gui.widgets.mask_image import class_colour
from workbench.gui.widgets.probability_bars import ProbabilityBars

_MOST = 8


class MaskCard(AnswerCard):
    """Areas per class, in the colours that the mask has over the picture."""

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(task, parent)
        self._classes: list[str] = []
        self.bars = ProbabilityBars()
        self.bars.setAccessibleName(self.tr("Share of the picture"))
        self.look.hide()  # the mask itself says it
        self.add(self.bars)
        theme().changed.connect(self._colour)

    def set_answer(self, said: TaskAnswer) -> None:
        assert isinstance(said, MaskAnswer)
        self._classes = list(said.areas)
        self._colour()
        self.bars.set_probabilities(said.areas, most=_MOST)
        super().set_answer(said)

    @Slot()
    def _colour(self) -> None:
        quiet = theme().colours().colour("secondary")
        size = len(self._classes)
        colours = {name: class_colour(at, size) or quiet for at, name in enumerate(self._classes)}
        self.bars.set_row_colours(colours)
