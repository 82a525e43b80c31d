"""A job of many runs that is under way: which run, how far all of it is, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from workbench.core.events import Event, RunFailed, Trial
from workbench.gui.run_progress import time_left
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import JobName, Workspace

_STEPS = 1000


class TrialProgress(Card):
    """Follows the job, and is in sight while it is under way.

    Args:
        title: what a run is called.
        bar: what the bar says to screen readers; stop: what the button says to them.

    Signals:
        failed(str): the job, or one of its runs, has failed; why, and what helps.
    """

    failed = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        job: JobName,
        title: Callable[[Trial], str],
        *,
        bar: str,
        stop: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._workspace, self._job, self._title_of = workspace, job, title
        self.doing = Label("", "title", wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setProperty("thin", True)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(bar)
        self.left = Label("", "body", "secondary", figures=True, wrap=True)
        self.stop = Button(self.tr("Stop"), "stop", clicked=workspace.stop, parent=self)
        self.stop.setToolTip(self.tr("End within seconds; the runs that are done stay, and it can be gone on with"))
        self.stop.setAccessibleName(stop)
        line = QHBoxLayout()
        line.addWidget(self.left, 1)
        line.addWidget(self.stop)
        for item in (self.doing, self.bar, line):
            self.add(item)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        workspace.run_state_changed.connect(self._follow)
        workspace.run_advanced.connect(self._on_advanced)
        self._follow()

    @property
    def under_way(self) -> bool:
        """Whether the job runs now."""
        return self._workspace.run_state != "idle" and self._workspace.job == self._job

    @Slot(list)
    def _on_advanced(self, events: list[Event]) -> None:
        if self._workspace.job != self._job:
            return
        for event in events:
            if isinstance(event, RunFailed):
                self.failed.emit(f"{event.error} {event.advice}".strip())
        self._follow()

    @Slot()
    def _follow(self) -> None:
        state, trial = self._workspace.run_state, self._workspace.history.trial
        self.setVisible(self.under_way)
        if self.under_way and trial is not None:
            self._show_trial(trial, state == "stopping")
        elif self.under_way:
            self._begin(state == "stopping")

    def _begin(self, stopping: bool) -> None:
        """Nothing is known yet."""
        self.doing.setText(self.tr("Ending") if stopping else self.tr("Starting"))
        self.left.setText("")
        self.bar.setRange(0, 0)
        self.stop.setEnabled(not stopping)

    def _show_trial(self, trial: Trial, stopping: bool) -> None:
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
