"""Train, queue, pause, stop, cancel: which of them can be pressed follows the run's state."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMessageBox, QToolButton, QVBoxLayout, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.switch import Switch
from workbench.gui.workspace import RunState


class Controls(QWidget):
    """The buttons of a run.

    Signals:
        train_requested(), queue_requested(), pause_requested(), release_requested(), go_on_requested(),
        stop_requested(), cancel_requested(): what was pressed; a cancel has been confirmed.
    """

    train_requested = Signal()
    queue_requested = Signal()
    pause_requested = Signal()
    release_requested = Signal()
    go_on_requested = Signal()
    stop_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: RunState = "idle"
        self._verdict = False
        self._ready = False
        self._question: QMessageBox | None = None
        self.plan = Label("", "body", "secondary", wrap=True, parent=self)
        self.train = _TrainButton(self.tr("Train"), self)
        self.train.clicked.connect(self.train_requested)
        self.queue = Button(self.tr("Add to the queue"), "plus", clicked=self.queue_requested.emit, parent=self)
        self.stop = Button(self.tr("Keep the best and stop"), "stop", clicked=self.stop_requested.emit, parent=self)
        self.pause = Button(self.tr("Pause"), "pause", clicked=self._on_pause, parent=self)
        self.more = IconButton("chevron-down", self.tr("Other ways to pause"), parent=self)
        self.cancel = Button(self.tr("Cancel"), "cancel", "danger", clicked=self._on_cancel, parent=self)
        self.another = Button(self.tr("Set up another run"), parent=self)
        self.another.setCheckable(True)
        self.another.toggled.connect(self._show)
        self.notify = Switch(self.tr("Tell me when it has ended"), self)
        self._lay_out()
        self._name()
        self._show()

    @property
    def setting_up(self) -> bool:
        """Whether the settings of a further run are shown while one trains."""
        return self.another.isChecked() and self._state != "idle"

    def set_state(self, state: RunState, *, verdict: bool = False) -> None:
        """Follow the run, or the verdict, of which no model is kept."""
        self._state, self._verdict = state, verdict
        if state == "idle" and self._question is not None:  # of a run that has ended; the next of a queue is not meant
            self._question.reject()
        self._show()

    def set_ready(self, ready: bool, plan: str) -> None:
        """Whether a run could start, and what it would do, or why it cannot."""
        self._ready = ready
        self.plan.setText(plan)
        self._show()

    def confirm_cancel(self) -> bool:
        """Ask before work is thrown away; no where the run ends before that is answered."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Cancel this run"))
        box.setText(self.tr("Cancel this run?"))
        kept = self.tr("Its last checkpoint stays, so it can be resumed later, but no results are written.")
        other = self.tr("To use the model as it is now, choose “Keep the best and stop” instead.")
        box.setInformativeText(f"{kept} {other}")
        yes = box.addButton(self.tr("Cancel the run"), QMessageBox.ButtonRole.DestructiveRole)
        no = box.addButton(self.tr("Let it train"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        box.setEscapeButton(no)
        self._question = box
        box.exec()
        self._question = None
        return box.clickedButton() is yes

    def _lay_out(self) -> None:
        small = QHBoxLayout()
        small.setSpacing(GRID)
        small.addWidget(self.pause, 1)
        small.addWidget(self.more)
        small.addWidget(self.cancel, 1)
        begin = QHBoxLayout()
        begin.setSpacing(GRID)
        begin.addWidget(self.train, 1)
        begin.addWidget(self.queue, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.plan)
        layout.addLayout(begin)
        layout.addWidget(self.stop)
        layout.addLayout(small)
        layout.addWidget(self.another)
        layout.addWidget(self.notify)

    def _name(self) -> None:
        ways = QMenu(self.more)
        ways.setToolTipsVisible(True)
        self.release = ways.addAction(self.tr("Pause and free the memory"), self.release_requested.emit)
        self.release.setToolTip(self.tr("The run lies on disk meanwhile; the graphics card is free for others"))
        self.more.setMenu(ways)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.train.setShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return))
        self.train.setToolTip(self.tr("Start a run with these settings (Ctrl+Return)"))
        self.stop.setToolTip(self.tr("End within seconds and keep the best model so far"))
        self.cancel.setToolTip(self.tr("End within seconds; the run can be resumed later"))
        self.queue.setToolTip(self.tr("Let a run with these settings wait for its turn"))
        self.another.setToolTip(self.tr("Show the settings while this run trains, to queue a further one"))
        self.notify.setToolTip(self.tr("A notice on the desktop, here or wherever you are working then"))
        self.notify.setAccessibleName(self.notify.text())
        for button in (self.train, self.queue, self.stop, self.pause, self.cancel, self.another):
            button.setAccessibleName(button.text())

    @Slot()
    def _show(self) -> None:
        idle = self._state == "idle"
        for widget in (self.plan, self.queue):
            widget.setVisible(idle or self.setting_up)
        self.train.setVisible(idle)
        for button in (self.train, self.queue):
            button.setEnabled(self._ready)
        for widget in (self.stop, self.pause, self.more, self.cancel, self.notify):
            widget.setVisible(not idle and not self.setting_up)
        self.another.setVisible(not idle)
        self.another.setText(self.tr("Back to the notices") if self.setting_up else self.tr("Set up another run"))
        self.another.setAccessibleName(self.another.text())
        for widget in (self.more, self.cancel):
            widget.setVisible(not idle and not self.setting_up and not self._verdict)
        self.stop.setText(self.tr("Stop the verdict") if self._verdict else self.tr("Keep the best and stop"))
        self.stop.setAccessibleName(self.stop.text())
        moving = self._state in ("running", "paused")
        self.stop.setEnabled(moving)
        self.pause.setEnabled(moving)
        self.more.setEnabled(moving)
        self.cancel.setEnabled(moving or self._state == "starting")
        paused = self._state == "paused"
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        self.pause.set_icon("play" if paused else "pause")
        self.pause.setAccessibleName(self.pause.text())

    @Slot()
    def _on_pause(self) -> None:
        (self.go_on_requested if self._state == "paused" else self.pause_requested).emit()

    @Slot()
    def _on_cancel(self) -> None:
        if self.confirm_cancel():
            self.cancel_requested.emit()


class _TrainButton(Button):
    """The one big button of the page."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, "play", "primary", parent=parent)
        self.setObjectName("train")

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width(), size.height() + GRID)
