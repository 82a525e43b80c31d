"""How the Train page is laid out: what is set on the left, what happens on the right."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.pages.train.change_card import ChangeCard
from workbench.gui.pages.train.controls import Controls
from workbench.gui.pages.train.header import RunHeader
from workbench.gui.pages.train.notices import NoticesCard
from workbench.gui.pages.train.outcome import Outcome
from workbench.gui.pages.train.queue_card import QueueCard
from workbench.gui.pages.train.recipe import RecipeCard
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.card import Card

_LEFT = 372  # px


class TrainColumns(QSplitter):
    """The widgets of the page in two columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.recipe = RecipeCard(self)
        self.controls = Controls(self)
        self.queue = QueueCard(self)
        self.notices = NoticesCard(self)
        self.header = RunHeader(self)
        self.outcome = Outcome(self)
        self.change = ChangeCard(self)
        self._training = False
        self.controls.another.toggled.connect(self._arrange)
        left, right = self._make_left(), self._make_right()
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GROUP_GAP)
        self.addWidget(left)
        self.addWidget(right)
        self.setStretchFactor(1, 1)
        self.setSizes([max(_LEFT, left.minimumSizeHint().width()), 800])

    def add_plots(self, plots: QWidget) -> None:
        """Put the curves under the header, once they are made."""
        self._right.addWidget(plots, 1)

    def set_training(self, training: bool) -> None:
        """While a run trains, its notices take the room of the recipe, unless another is set up meanwhile."""
        self._training = training
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        watching = self._training and not self.controls.setting_up
        self.recipe.setVisible(not watching)
        self.change.setVisible(watching and self.change.form is not None)
        self._left.setStretchFactor(self.notices, 4 if watching else 1)
        said = self.notices.model.rowCount() > 0  # an empty list takes no room
        self.notices.setVisible(watching or (said and not self.controls.setting_up))

    def _make_left(self) -> QWidget:
        buttons, inside = Card(), Column(self)
        buttons.add(self.controls)
        self._left = QVBoxLayout(inside)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.setSpacing(GROUP_GAP)
        self._left.addWidget(self.recipe, 3)
        self._left.addWidget(buttons)
        self._left.addWidget(self.change)
        self._left.addWidget(self.queue)
        self._left.addWidget(self.notices, 1)
        return Scrolled(inside, self)

    def _make_right(self) -> QWidget:
        inside = QWidget(self)
        right = Scrolled(inside, self)
        self._right = QVBoxLayout(inside)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.setSpacing(GRID)
        self._right.addWidget(self.header)
        self._right.addWidget(self.outcome)
        return right
