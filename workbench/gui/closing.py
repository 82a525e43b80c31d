"""Closing the window while a run trains: asked once, then carried out without blocking."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.gui.workspace import Workspace

PATIENCE_MS = 10_000


class Closing(QObject):
    """Decides whether the window may close now."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._window = window
        self._question: QMessageBox | None = None
        self._agreed = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(window.close)

    @property
    def question(self) -> QMessageBox | None:
        """The question while it is open."""
        return self._question

    def agree(self) -> None:
        """Close at the next opportunity without asking."""
        self._agreed = True

    def may_close(self) -> bool:
        """Whether nothing trains, or the user has decided; else the question is put."""
        if self._workspace.run_state == "idle" or self._agreed:
            return True
        if self._question is None:
            self._ask()
        return False

    def _ask(self) -> None:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("A run is training"))
        box.setText(self.tr("A run is training. What should become of it?"))
        box.setInformativeText(
            self.tr("Cancelled, it keeps its last checkpoint and can be resumed. The pictures are never touched.")
        )
        if waiting := len(self._workspace.queue.queue.runs):
            wait = self.tr("1 run waits") if waiting == 1 else self.tr("{0} runs wait").format(waiting)
            box.setInformativeText(
                f"{box.informativeText()} {wait} " + self.tr("in the queue and will wait there the next time.")
            )
        if self._workspace.job != "train":
            verdict = self.tr("A verdict is under way. What should become of it?")
            report = self.tr("A transfer report is under way. What should become of it?")
            box.setText(verdict if self._workspace.job == "verdict" else report)
            box.setInformativeText(self.tr("Ended now, it keeps the runs that are done and can be gone on with."))
        keep = box.addButton(self.tr("Keep the best and stop"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(self.tr("Cancel the run"), QMessageBox.ButtonRole.DestructiveRole)
        keep.setVisible(self._workspace.job == "train")
        stay = box.addButton(self.tr("Keep the window open"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep if self._workspace.job == "train" else stay)
        box.setEscapeButton(stay)
        keep.clicked.connect(lambda: self._end(self._workspace.stop))
        cancel.clicked.connect(lambda: self._end(self._workspace.cancel))
        box.finished.connect(self._answered)
        self._question = box
        box.open()

    def _answered(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _end(self, act: object) -> None:
        assert callable(act)
        self._agreed = True
        self._workspace.queue.hold()
        self._workspace.run_state_changed.connect(self._close_when_idle)
        act()
        self._patience.start()
        self._close_when_idle()

    def _close_when_idle(self) -> None:
        if self._workspace.run_state == "idle":
            self._patience.stop()
            QTimer.singleShot(0, self._window.close)
