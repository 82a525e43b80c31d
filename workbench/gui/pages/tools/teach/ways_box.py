"""The ways in which the pictures can be learned: those that can be gone, and the others greyed with the reason."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from workbench.gui.pages.tools.teach import words
from workbench.gui.theme import GRID
from workbench.gui.widgets.label import Label
from workbench.project.ways import Learner, Way, WayName

_INDENT = 31  # px: as far as the text of a round button


class WaysBox(QWidget):
    """A round button for each way, with what it does below it.

    Signals:
        changed(): another way is chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self._group = QButtonGroup(self)
        self.buttons: dict[WayName, QRadioButton] = {}
        self._told: dict[WayName, Label] = {}

    def set_ways(self, learner: Learner | None, task: str) -> None:
        """Offer the ways of a run's task; the choice stays where it can."""
        ways = learner.ways(task) if learner is not None else []
        kept = self.current()
        for way in ways:
            if learner is not None:
                self._offer(way, words.against(way, learner, task) or words.way_sentence(way, learner))
        self.setVisible(bool(ways))
        open_ways = [way.name for way in ways if not way.against]
        wanted = kept if kept in open_ways else next(iter(open_ways), None)
        self._group.setExclusive(False)
        for name, button in self.buttons.items():
            button.setChecked(name == wanted)
        self._group.setExclusive(True)
        self.changed.emit()

    def current(self) -> WayName | None:
        """The way that is chosen; None where none can be gone."""
        return next((name for name, button in self.buttons.items() if button.isChecked()), None)

    def _offer(self, way: Way, sentence: str) -> None:
        if way.name not in self.buttons:
            button, told = QRadioButton(words.way_title(way), self), Label("", "caption", "secondary", wrap=True)
            told.setContentsMargins(_INDENT, 0, 0, GRID // 2)
            button.clicked.connect(self.changed)
            self._group.addButton(button)
            self._column.addWidget(button)
            self._column.addWidget(told)
            self.buttons[way.name], self._told[way.name] = button, told
        button, told = self.buttons[way.name], self._told[way.name]
        told.setText(sentence)
        button.setEnabled(not way.against)
        for widget in (button, told):  # a way that a better one makes needless is no choice at all
            widget.setVisible(way.against != "at once")
        button.setAccessibleDescription(told.text())
