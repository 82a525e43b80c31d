"""The card of a head that says a number: where it may lie, on the scale of the training pictures."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workbench.gui.pages.try_out.cards.base import AnswerCard
from workbench.gui.pages.try_out.said import NumberAnswer, TaskAnswer
from workbench.gui.theme import theme
from workbench.gui.widgets.interval_bar import IntervalBar
from workbench.gui.widgets.label import Label


class NumberCard(AnswerCard):
    """A number."""

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(task, parent)
        self._range: tuple[float, float] | None = None
        self._said: NumberAnswer | None = None
        self.bar = IntervalBar()
        self.words = Label("", "caption", "secondary", figures=True, wrap=True)
        self.add(self.bar)
        self.add(self.words)

    def set_range(self, ends: tuple[float, float] | None) -> None:
        self._range = ends
        self._draw()

    def set_answer(self, said: TaskAnswer) -> None:
        assert isinstance(said, NumberAnswer)
        self._said = said
        self.beside.setText(said.reach)
        self.beside.setToolTip(self.tr("How far the 90 % interval reaches to each side"))
        self._draw()
        super().set_answer(said)

    def set_place(self, place: int) -> None:
        super().set_place(place)
        self.bar.set_colour(theme().task_colour(place))

    def _draw(self) -> None:
        said = self._said
        if said is None:
            return
        text = ""
        if said.interval is not None:
            low, high = (said.rounded(end) for end in said.interval)
            text = self.tr("90 % interval: {0} to {1}.").format(low, high)
        self.bar.setVisible(self._range is not None and said.value == said.value)
        if self._range is not None and said.value == said.value:
            least, most = (said.rounded(end) for end in self._range)
            text += self.tr(" Scale: the training pictures, {0} to {1}.").format(least, most)
            self.bar.set_answer(said.value, said.interval, self._range, (least, most))
            if not self._range[0] <= said.value <= self._range[1]:
                text += self.tr(" The answer lies outside of it.")
        self.words.setText(text.strip())
        self.words.setVisible(bool(text))
