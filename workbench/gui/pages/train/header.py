"""The line above the curves: what the run is doing, and its numbers. How far it is stands in the top bar."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.train.pace import Fact, facts, headline
from workbench.gui.theme import GROUP_GAP
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label
from workbench.project.history import RunHistory


class RunHeader(QWidget):
    """Title and numbers of a run. Time goes on between events by a timer of one second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("", "title", bold=True, parent=self)
        self.doing = ElidedLabel("", "body", "secondary", parent=self)
        self.figures = _Figures(self)
        self._history = RunHistory()
        self._state = "idle"
        self._epochs = -1
        self._before = 0.0
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.refresh_time)
        self._lay_out()

    def set_run(self, name: str, history: RunHistory, state: str) -> None:
        """Show a run as it stands."""
        if history is not self._history or state != self._state or len(history.epochs) != self._epochs:
            self._before = self._elapsed() if history is self._history and len(history.epochs) == self._epochs else 0.0
            self._since.start()
        self._history, self._state, self._epochs = history, state, len(history.epochs)
        live = state in ("starting", "running")
        if live != self._tick.isActive():
            self._tick.start() if live else self._tick.stop()
        self.title.setText(name or self.tr("New run"))
        self.doing.setText(headline(history, state) if state != "idle" else "")
        self.refresh_time()

    @Slot()
    def refresh_time(self) -> None:
        """Show the time that has passed."""
        self.figures.set_facts(facts(self._history, self._elapsed(), self._remaining()))

    def _passed(self) -> float:
        """Seconds since the last epoch ended, without pauses."""
        running = self._state in ("starting", "running", "stopping") and self._since.isValid()
        return self._before_epoch() + (self._since.elapsed() / 1000 if running else 0.0)

    def _before_epoch(self) -> float:
        last = self._history.epochs[-1].elapsed_s if self._history.epochs else 0.0
        return max(0.0, self._before - last)

    def _elapsed(self) -> float:
        ended = self._history.ended
        if self._state == "idle" and ended is not None and ended.elapsed_s:
            return ended.elapsed_s
        return (self._history.epochs[-1].elapsed_s if self._history.epochs else 0.0) + self._passed()

    def _remaining(self) -> float | None:
        if self._state == "idle" or not self._history.epochs:
            return None
        return max(0.0, self._history.epochs[-1].remaining_s - self._passed())

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.doing)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GROUP_GAP)
        row.addLayout(words, 1)
        row.addWidget(self.figures)


class _Figures(QWidget):
    """Numbers with their names below, side by side."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._labels: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUP_GAP)
        self._grid.setVerticalSpacing(0)

    def set_facts(self, facts: list[Fact]) -> None:
        while len(self._labels) < len(facts):
            column = len(self._labels)
            pair = (Label("", "title", figures=True, parent=self), Label("", "caption", "secondary", parent=self))
            for line, label in enumerate(pair):
                self._grid.addWidget(label, line, column)
            self._labels.append(pair)
        for (value, name), fact in zip(self._labels, facts, strict=True):
            for label, text in ((value, fact.value), (name, fact.name)):
                if label.text() != text:
                    label.setText(text)
                label.setToolTip(fact.help)
            value.setAccessibleName(f"{fact.name}: {fact.value}")
