"""One question at a time to the long-lived engine child: a new one makes the answer to the old one void."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.events import Progress
from workbench.gui.answers import Reply
from workbench.gui.workspace import Workspace


class Question(QObject):
    """What a page wants to know of a model.

    Args:
        parse: makes what is answered of the document that `--json` would print; a ValueError of its is a failure.
            Without it the document itself is answered.

    Signals:
        progressed(Progress): how far the answer is.
        warned(str): something that whoever reads the answer should know.
        answered(object): the document, parsed.
        failed(str): what is wrong and how to mend it.
        ended(): nothing more will come, whether answered, failed or given up.
    """

    progressed = Signal(object)
    warned = Signal(str)
    answered = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(
        self, workspace: Workspace, parent: QObject | None = None, parse: Callable[[Any], object] | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._parse = parse
        self._reply: Reply | None = None

    @property
    def open(self) -> bool:
        """Whether an answer is still to come."""
        return self._reply is not None

    def ask(self, argv: Sequence[str]) -> None:
        """Put a question, a command line as the terminal takes it; an older one is given up."""
        self.give_up()
        reply = self._workspace.model_answers.ask(argv)
        self._reply = reply
        reply.progressed.connect(self._on_progressed)
        reply.warned.connect(self._on_warned)
        reply.answered.connect(self._on_answered)
        reply.failed.connect(self._on_failed)
        reply.ended.connect(self._on_ended)

    def give_up(self) -> None:
        """Hear nothing more of the question, and let the child go on to the next."""
        if self._reply is not None:
            self._workspace.model_answers.cancel(self._reply)
            self._reply = None
            self.ended.emit()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self.sender() is self._reply:
            self.progressed.emit(progress)

    @Slot(str)
    def _on_warned(self, text: str) -> None:
        if self.sender() is self._reply:
            self.warned.emit(text)

    @Slot(object)
    def _on_answered(self, document: object) -> None:
        if self.sender() is not self._reply:
            return
        try:
            found = document if self._parse is None else self._parse(document)
        except ValueError as error:
            self.failed.emit(str(error))
        else:
            self.answered.emit(found)

    @Slot(str, str)
    def _on_failed(self, text: str, fix: str) -> None:
        if self.sender() is self._reply:
            self.failed.emit(f"{text} {fix}".strip())

    @Slot()
    def _on_ended(self) -> None:
        if self.sender() is self._reply:
            self._reply = None
            self.ended.emit()
