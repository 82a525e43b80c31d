"""What the views of all kinds have: what is measured on the left, the pictures on the right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.gui.pages.results.pictures_panel import PicturesPanel
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.theme import GRID
from workbench.gui.widgets.card import Card

_BESIDE = 90  # characters: the width from which both lie side by side


class KindView(QWidget):
    """Two cards, side by side where both have room, else one below the other.

    Args:
        pictures: the gallery, on the right.
        lines: of text: the least height of each card.
        left: px of 920 that the left card takes, where both lie side by side.

    Attributes:
        left, right: the cards; a kind fills the left one.

    Signals:
        mask_wanted(str): the mask that the model gives a picture is to be shown; `show_said` or `show_failure` answer.
        looking_wanted(str): it is asked where the model looked in a picture.
        neighbours_wanted(str): the training pictures most like a picture are wanted.
        calibrate_wanted(list): the run is to be calibrated, as `calibrate` takes it.
    """

    mask_wanted = Signal(str)
    looking_wanted = Signal(str)
    neighbours_wanted = Signal(str)
    calibrate_wanted = Signal(list)

    def __init__(
        self, pictures: PicturesPanel, parent: QWidget | None = None, *, lines: int = 16, left: int = 480
    ) -> None:
        super().__init__(parent)
        self.pictures = pictures
        pictures.dialog.looking_wanted.connect(self.looking_wanted)
        pictures.dialog.neighbours_wanted.connect(self.neighbours_wanted)
        self._lines = lines
        self._sizes = [left, 920 - left]
        self.left, self.right = Card(), Card()
        self.right.add(pictures, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GRID)
        for card in (self.left, self.right):
            self.splitter.addWidget(card)
        self.splitter.splitterMoved.connect(self._fit)
        self.splitter.setSizes(self._sizes)
        self._fit()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def set_result(self, result: TaskResult, folder: Path, place: int) -> None:
        """Show a task; `folder` is the project's, `place` the task's, which gives its colour."""
        raise NotImplementedError

    def show_said(self, image: str, mask: str) -> None:
        """The mask that the model gives a picture lies in that file; kinds without masks do not care."""

    def show_failure(self, image: str, problem: str) -> None:
        """The model gave no mask for a picture."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # what a card says may take more lines now
            self._fit()
        return super().event(event)

    @Slot()
    def _fit(self) -> None:
        """Neither is ever too low to use, nor lower than what it holds."""
        metrics = self.fontMetrics()
        beside = self.width() >= _BESIDE * metrics.averageCharWidth()
        wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if wanted != self.splitter.orientation():
            self.splitter.setOrientation(wanted)
            self.splitter.setSizes(self._sizes)
        for place in range(self.splitter.count()):
            card = self.splitter.widget(place)
            held = card.layout().minimumHeightForWidth(card.width())
            card.setMinimumHeight(max(self._lines * metrics.height(), held))
