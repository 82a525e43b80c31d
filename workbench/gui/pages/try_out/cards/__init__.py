"""The card of one head's answer, one file for each kind of task."""

from __future__ import annotations

from workbench.gui.pages.try_out.cards.base import AnswerCard
from workbench.gui.pages.try_out.cards.classes import ClassCard
from workbench.gui.pages.try_out.cards.labels import LabelsCard
from workbench.gui.pages.try_out.cards.mask import MaskCard
from workbench.gui.pages.try_out.cards.number import NumberCard
from workbench.gui.pages.try_out.said import ClassAnswer, LabelsAnswer, MaskAnswer, NumberAnswer, TaskAnswer

CARDS: dict[type[TaskAnswer], type[AnswerCard]] = {
    ClassAnswer: ClassCard,
    LabelsAnswer: LabelsCard,
    NumberAnswer: NumberCard,
    MaskAnswer: MaskCard,
}
"""Which card shows an answer."""
