"""A job of many runs that is under way: which run, how far all of it is, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from workbench.core.events import Trial
from workbench.gui.run_progress import time_left
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import JobName, Workspace

_STEPS = 1000


class TrialProgress(Card):
    """The job.

    Args:
        title: what a run is called.
        bar: what the bar says to screen readers; stop: what the button says to them.

    Signals:
        stop_requested(): the button was pressed.
    """

    stop_requested = Signal()

    def __init__(self, title: Callable[[Trial], str], bar: str, stop: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title_of = title
        self.doing = Label("", "title", wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setProperty("thin", True)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(bar)
        self.left = Label("", "body", "secondary", figures=True, wrap=True)
        self.stop = Button(self.tr("Stop"), "stop", clicked=self.stop_requested.emit, parent=self)
        self.stop.setToolTip(self.tr("End within seconds; the runs that are done stay, and it can be gone on with"))
        self.stop.setAccessibleName(stop)
        line = QHBoxLayout()
        line.addWidget(self.left, 1)
        line.addWidget(self.stop)
        for item in (self.doing, self.bar, line):
            self.add(item)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def begin(self, stopping: bool = False) -> None:
        """Nothing is known yet."""
        self.doing.setText(self.tr("Ending") if stopping else self.tr("Starting"))
        self.left.setText("")
        self.bar.setRange(0, 0)
        self.stop.setEnabled(not stopping)

    def follow(self, workspace: Workspace, job: JobName) -> bool:
        """Be in sight while that job is under way, and show how far it is; whether it is."""
        state, trial = workspace.run_state, workspace.history.trial
        under_way = state != "idle" and workspace.job == job
        self.setVisible(under_way)
        if under_way and trial is not None:
            self.set_trial(trial, state == "stopping")
        elif under_way:
            self.begin(state == "stopping")
        return under_way

    def set_trial(self, trial: Trial, stopping: bool) -> None:
        """Show how far it is."""
        self.doing.setText(self._title_of(trial))
        words = [self.tr("Run {0} of {1}").format(trial.number, trial.total)]
        if stopping:
            words.append(self.tr("ending"))
        elif trial.remaining_s is not None:
            words.append(time_left(trial.remaining_s))
        self.left.setText(" · ".join(words))
        self.bar.setRange(0, _STEPS)
        self.bar.setValue(round(trial.share * _STEPS))
        self.stop.setEnabled(not stopping)
