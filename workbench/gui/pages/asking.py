"""A question to the engine as a page shows it: how far it is, a way out, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.question import Question
from workbench.gui.pages.working import Working
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace


class Asking(QObject):
    """Puts one question at a time, and shows what becomes of it in widgets that its owner lays out.

    Args:
        owner: the widget that asks.
        bar: what the progress is of, and `cancel` what the button that gives up says, both to screen readers.
        parse: makes what is answered of a document; ValueError: it is none.

    Attributes:
        working: the progress and the button that gives up; in sight while an answer is to come.
        problem: what went wrong; in sight until the next question, or until it is closed.

    Signals:
        answered(object): the document, parsed.
        changed(): a question began or ended, whichever way; `open` says which.
        stopped(): the user gave up.
    """

    answered = Signal(object)
    changed = Signal()
    stopped = Signal()

    def __init__(
        self,
        workspace: Workspace,
        owner: QWidget,
        *,
        bar: str,
        cancel: str,
        parse: Callable[[Any], object] | None = None,
    ) -> None:
        super().__init__(owner)
        self._held = False  # whether the keys were on the button that gives up when the question ended
        self._question = Question(workspace, self, parse)
        self.working = Working(bar, cancel, owner)
        self.problem = NoticeBar("bad", "", closable=True, parent=owner)
        for widget in (self.working, self.problem):
            widget.hide()
        self.working.cancel.clicked.connect(self._on_stop)
        self._question.progressed.connect(self.working.advance)
        self._question.answered.connect(self.answered)
        self._question.failed.connect(self.show_problem)
        self._question.ended.connect(self._on_ended)

    @property
    def open(self) -> bool:
        """Whether an answer is still to come."""
        return self._question.open

    def ask(self, argv: Sequence[str]) -> None:
        """Put a question, a command line as the terminal takes it; an older one is given up."""
        self.problem.hide()
        self._question.ask(argv)
        self._held = False
        self.working.begin()
        self.working.show()
        self.changed.emit()

    @Slot()
    def give_up(self) -> None:
        """Hear nothing more of the question."""
        self._question.give_up()

    @Slot(str)
    def show_problem(self, text: str) -> None:
        """Say what went wrong."""
        self.problem.show_problem(text)

    def swap(self, button: QWidget, *, hide: bool = False) -> None:
        """While an answer is to come, stand in for the button that asks, which is hidden or only cannot be pressed; the
        keys stay with the one that is in sight."""
        cancel = self.working.cancel
        kept = button.hasFocus() or cancel.hasFocus() or self._held
        if kept and self.open:
            cancel.setFocus()
        if hide:
            button.setVisible(not self.open)
        else:
            button.setEnabled(not self.open)
        if kept and not self.open:
            button.setFocus()

    @Slot()
    def _on_stop(self) -> None:
        self.give_up()
        self.stopped.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._held = self.working.cancel.hasFocus()
        self.working.hide()
        self.changed.emit()
