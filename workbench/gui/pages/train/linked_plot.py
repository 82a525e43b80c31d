"""A plot of a run's history whose cross-hair others follow, drawn only while it is in sight."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QCoreApplication, QSize, Signal, Slot
from PySide6.QtGui import QPaintEvent

from workbench.gui.pages.train.curves import Marks
from workbench.gui.pages.train.pace import phase_words
from workbench.gui.widgets.curves import CurvePlot
from workbench.project.history import Curve

_CHANGE_HEIGHT = 0.87
_HEIGHTS = (0.8, 0.66, 0.52)  # of the labels of pauses, one after another, below those of phases


class LinkedPlot(CurvePlot):
    """A plot whose cross-hair tells where it is, so that others follow.

    Signals:
        cursor_moved(object): the step under the cross-hair, a float, or None.
    """

    cursor_moved = Signal(object)

    def __init__(
        self, title: str, y_title: str, empty: str, y_limits: tuple[float, float] | None = None, *, quiet: bool = False
    ) -> None:
        self._following = False
        self._late = False
        self._sent: dict[tuple[str, str], int] = {}
        self._phases_sent = self._pauses_sent = self._changes_sent = 0
        step = _tr("step")  # no tr() before the object is there
        super().__init__(title, y_title, step, empty, y_limits, quiet=quiet)

    def sizeHint(self) -> QSize:
        """Content with its least height, so that a page scrolls only where there is truly no room."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    @Slot()
    def redraw(self) -> None:
        """Draw what has changed, or keep it for when the plot comes into sight."""
        self._late = self.viewport().visibleRegion().isEmpty()
        if self._late:
            self._soon.stop()
        else:
            super().redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._late:
            self._late = False
            self._soon.start()

    def show_cursor(self, x: float) -> None:
        """Put the cross-hair at a place, here and in the linked plots."""
        super().show_cursor(x)
        if not self._following:
            self.cursor_moved.emit(x)

    def hide_cursor(self) -> None:
        """Take the cross-hair away, here and in the linked plots."""
        shown = self.cursor_x is not None
        super().hide_cursor()
        if shown and not self._following:
            self.cursor_moved.emit(None)

    @Slot(object)
    def follow(self, x: float | None) -> None:
        """Show the cross-hair where another plot has it."""
        self._following = True
        super().hide_cursor() if x is None else super().show_cursor(x)
        self._following = False

    def forget(self) -> None:
        """Begin anew with another run."""
        self._sent.clear()
        self._phases_sent = self._pauses_sent = self._changes_sent = 0
        self.clear_curves()

    def feed(self, name: str, part: str, curve: Curve, least: float = -np.inf) -> None:
        """Take in what a curve has grown by since the last time; values below `least` are drawn there."""
        done, size = self._sent.get((name, part), 0), len(curve.x)
        if size > done:
            self.append(name, part, np.array(curve.x[done:]), np.maximum(np.array(curve.y[done:]), least))
            self._sent[name, part] = size

    def mark(self, marked: Marks, *, named: bool, tasks: Collection[str] | None = None) -> None:
        """Draw the hairlines of new phases, pauses and changes, and the ring of the best checkpoint where it has moved.

        Args:
            named: write beside each hairline what it is.
            tasks: whose pauses are marked; None: all tasks'.
        """
        for step, name in marked.phases[self._phases_sent :]:
            if step > 0:
                self.mark_phase(step, phase_words(name) if named else "")
        for number, pause in enumerate(marked.pauses):
            if number >= self._pauses_sent and (tasks is None or pause.task in tasks):
                words = _tr("{0} paused") if pause.paused else _tr("{0} goes on")
                text = words.format(_short(pause.task)) if named else ""
                self.mark_phase(pause.step, text, _HEIGHTS[number % len(_HEIGHTS)])
        for step, words in marked.changes[self._changes_sent :]:
            self.mark_phase(step, _tr("changed") if named else "", _CHANGE_HEIGHT, words)
        self._phases_sent, self._pauses_sent = len(marked.phases), len(marked.pauses)
        self._changes_sent = len(marked.changes)
        if marked.best != self.best:
            self.set_best(marked.best)


def _short(name: str, most: int = 24) -> str:
    """A name cut in its middle where it is long."""
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-most // 2 + 1 :]}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("LinkedPlot", text)
