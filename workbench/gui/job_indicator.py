"""The running job in sight on every page: where it is, how long it takes, pause and stop."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.gui.icons import SIZE, set_icon
from workbench.gui.run_progress import progress_of
from workbench.gui.theme import GRID, font, grown, theme
from workbench.gui.workspace import Workspace

_STEPS = 1000
_LETTERS = 56  # of room for the line


class JobIndicator(QWidget):
    """Hidden while nothing trains.

    Signals:
        activated(): the user wants to see the run.
    """

    activated = Signal()

    def __init__(self, workspace: Workspace, pause: QAction, stop: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.line = _Line(self)
        self.line.clicked.connect(self.activated)
        self.bar = QProgressBar(self)
        self.bar.setProperty("thin", True)
        self.bar.setTextVisible(False)
        for part in (self.line, self.bar):
            part.setMaximumWidth(_LETTERS * self.fontMetrics().averageCharWidth())
        self.bar.setAccessibleName(self.tr("How much of the run is done"))
        self.pause = _ActionButton(pause, self)
        self.stop = _ActionButton(stop, self)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addStretch(1)
        layout.addLayout(column, 100)
        layout.addWidget(self.pause)
        layout.addWidget(self.stop)
        workspace.run_state_changed.connect(self.refresh)
        workspace.run_advanced.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show where the run is now."""
        state = self._workspace.run_state
        self.setVisible(state != "idle")
        if state == "idle":
            return
        progress = progress_of(self._workspace.history, self._workspace.run_name, state, self._workspace.job)
        self.line.show_text(progress.text)
        busy = progress.share is None
        self.bar.setRange(0, 0 if busy else _STEPS)
        if progress.share is not None:
            self.bar.setValue(round(progress.share * _STEPS))


class _Line(QPushButton):
    """The dot and the line of text; it gives way where the window is narrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self.setProperty("role", "flat")
        self.setToolTip(self.tr("Show the run"))
        self.setAccessibleName(self.toolTip())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QPushButton { text-align: left; padding-left: 6px; min-height: 0px; }")
        self.setMinimumWidth(120)
        set_icon(self, "play", "accent", 12)
        theme().changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setFont(font("body", figures=True))
        self._fit()

    def show_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(60, self.width() - 36)
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room))
        self.setToolTip(self._text)


class _ActionButton(QToolButton):
    """A button that does what an action does and follows its text, icon and state."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDefaultAction(action)
        action.changed.connect(self._follow)
        theme().changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setIconSize(QSize(grown(SIZE), grown(SIZE)))
        self.setToolTip(self.defaultAction().text())
        self.setAccessibleName(self.defaultAction().text())
