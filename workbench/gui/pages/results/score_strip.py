"""The score cards of all tasks, side by side; one of them is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.theme import GRID, GROUP_GAP, font, theme
from workbench.gui.widgets.score_card import ScoreCard

_NARROWEST = 152  # px
_WIDEST = 360


class ScoreStrip(QScrollArea):
    """Score cards in a row that scrolls sideways where there are many.

    Signals:
        chosen(str): the task of a card that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, ScoreCard] = {}
        self._places: Mapping[str, int] = {}
        self._inside = QWidget()
        self._inside.setProperty("page", True)
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Scores of the tasks"))
        self._chosen = ""
        bar = self.horizontalScrollBar()  # cards grow after one is chosen, and lie in their places only then
        bar.rangeChanged.connect(self._show_chosen, Qt.ConnectionType.QueuedConnection)
        theme().changed.connect(self._recolour)

    def set_results(self, results: Mapping[str, TaskResult], places: Mapping[str, int]) -> None:
        """Show a card for each task."""
        self._places = places
        if list(self.cards) != list(results):
            self._rebuild(list(results))
        for name, result in results.items():
            self._fill(self.cards[name], result)
        self._recolour()
        self._share()
        self.updateGeometry()

    def set_chosen(self, task: str) -> None:
        """Mark the card of a task."""
        for name, card in self.cards.items():
            card.set_chosen(name == task)
        self._chosen = task
        self._show_chosen()

    def sizeHint(self) -> QSize:
        inside = self._inside.sizeHint()
        bar = self.horizontalScrollBar().sizeHint().height() if inside.width() > self.width() else 0
        return QSize(inside.width(), inside.height() + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "cards"):
            self._share()
            self.updateGeometry()

    def _share(self) -> None:
        """Where not all cards have room, as many as do share it: none stands there cut."""
        least = max((_width(*card.numbers(), card.caption()) for card in self.cards.values()), default=_NARROWEST)
        room = max(1, (self.width() + GRID) // (least + GRID))
        if room < len(self.cards):
            least = max(least, (self.width() - (room - 1) * GRID) // room)
        for card in self.cards.values():
            card.setMinimumWidth(least)
            card.setMaximumWidth(max(least, _WIDEST))

    def _rebuild(self, names: list[str]) -> None:
        while self._row.count():
            item = self._row.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        self.cards = {}
        for name in names:
            card = ScoreCard(name)
            card.chosen.connect(self.chosen)
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)  # all of one height
            self._row.addWidget(card, 1)
            card.show()  # a hidden card would not count in the height of the row
            self.cards[name] = card
        self._row.addStretch(0)

    def _fill(self, card: ScoreCard, result: TaskResult) -> None:
        says = result.headline()
        card.set_score(says.score, says.doubt, says.caption)
        card.setToolTip(says.tip)

    @Slot()
    def _show_chosen(self) -> None:
        """Bring the whole card of the chosen task into sight."""
        if self._chosen in self.cards:
            self.ensureWidgetVisible(self.cards[self._chosen], 0, 0)

    @Slot()
    def _recolour(self) -> None:
        for name, card in self.cards.items():
            card.chip.set_colour(theme().task_colour(self._places.get(name, 0)))


def _width(score: str, doubt: str, caption: str) -> int:
    """px that a card needs to show its numbers and the lines under them whole."""
    large = QFontMetrics(font("score", bold=True, figures=True)).horizontalAdvance(score)
    small = QFontMetrics(font("title", figures=True)).horizontalAdvance(doubt)
    metrics = QFontMetrics(font("caption", figures=True))
    lines = max(metrics.horizontalAdvance(line) for line in caption.split("\n"))
    return max(_NARROWEST, max(large + small + GRID, lines) + 2 * GROUP_GAP + 4)
