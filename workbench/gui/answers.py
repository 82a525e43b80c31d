"""Questions to a long-lived engine child: read the data, answer a picture. One after another."""

from __future__ import annotations

import queue
from collections.abc import Sequence

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from workbench.core.events import Event, Notice, Progress, Result, RunFailed
from workbench.project.engine_process import EngineProcess

IDLE_MS = 60_000
PATIENCE_MS = 3_000
"""How long a child may take to give an answer up. Then it is ended by force: some steps, such as writing an ONNX file,
cannot be broken off."""


class Reply(QObject):
    """The reply to one question.

    Signals:
        progressed(Progress): how far the answer is.
        warned(str): something that whoever reads the answer should know, such as pictures that are left out of it.
        answered(object): the document that `--json` would print.
        failed(str, str): what is wrong, and how to mend it.
        ended(): nothing more will come, whether answered, failed or cancelled.
    """

    progressed = Signal(object)
    warned = Signal(str)
    answered = Signal(object)
    failed = Signal(str, str)
    ended = Signal()

    def __init__(self, argv: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self.argv = [str(word) for word in argv]
        self.cancelled = False


class _AnswerThread(QThread):
    """Waits for questions and plays the child's events back; `None` ends it."""

    heard = Signal(object, object)  # Reply, Event

    def __init__(self, preload: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.questions: queue.SimpleQueue[Reply | str | None] = queue.SimpleQueue()
        self._preload = preload
        self.process: EngineProcess | None = None

    def run(self) -> None:
        while (question := self.questions.get()) is not None:
            if isinstance(question, str):  # "release" or "warm"
                self._end_process() if question == "release" else self._start_process()
            elif question.cancelled:
                self.heard.emit(question, None)
            else:
                self._answer(question)
        self._end_process()

    def _answer(self, reply: Reply) -> None:
        heard, complete = self._play(reply)
        if not heard and not reply.cancelled:  # the child had died while nobody asked it anything
            self._end_process()
            _, complete = self._play(reply)
        if not complete and self.process is not None:
            reason, _, told = self.process.exit_reason().partition("\n")
            self._end_process()
            if not reply.cancelled:
                self.heard.emit(reply, RunFailed(error=reason, advice="Try again.", traceback=told))
        self.heard.emit(reply, None)

    def _play(self, reply: Reply) -> tuple[bool, bool]:
        """Ask, and play the events back; whether any came, and whether they came to their end."""
        process = self._start_process()
        process.ask(reply.argv)
        heard = complete = False
        for event in process.events():
            heard, complete = True, event.event == "run_ended"
            if not complete:
                self.heard.emit(reply, event)
        return heard, complete

    def _start_process(self) -> EngineProcess:
        if self.process is None or not self.process.alive:
            self._end_process()
            self.process = EngineProcess(preload=self._preload)
        return self.process

    def _end_process(self) -> None:
        if self.process is not None:
            self.process.end()
            self.process = None


class Answers(QObject):
    """One line of questions to one engine child, started with the first question and ended after a minute of idling.

    Args:
        preload: the child loads the tensor library at its start, so that the first answer of a model is quick.

    Signals:
        released(): the child ends, and with it what it had loaded.
    """

    released = Signal()

    def __init__(self, *, preload: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Reply] = []
        self._thread = _AnswerThread(preload, self)
        self._thread.heard.connect(self._on_heard)
        self._thread.start()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._on_no_patience)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.release)

    def ask(self, argv: Sequence[str]) -> Reply:
        """Put a question, a command line as the terminal takes it; connect to the reply at once."""
        reply = Reply(argv, self)
        self._idle.stop()
        self._waiting.append(reply)
        self._thread.questions.put(reply)
        return reply

    def cancel(self, reply: Reply | None) -> None:
        """Give an answer up; nothing of it is heard any more but `ended`."""
        if reply is None or reply not in self._waiting:
            return
        reply.cancelled = True
        process = self._thread.process
        if self._waiting[0] is reply and process is not None:
            process.command("cancel")
            if process.listening:  # its imports are of use to the next question; this one has not begun
                self._patience.start()

    def warm(self) -> None:
        """Start the child now, so that the first answer need not wait for its imports."""
        self._thread.questions.put("warm")

    def release(self) -> None:
        """End the child as soon as it has answered: its memory and the device are given back."""
        self._idle.stop()
        self._thread.questions.put("release")
        self.released.emit()

    def close(self) -> None:
        """End the child and the thread."""
        self._idle.stop()
        for reply in list(self._waiting):
            self.cancel(reply)
        self._patience.stop()
        self._thread.questions.put(None)
        if not self._thread.wait(3000) and self._thread.process is not None:
            self._thread.process.end()
            self._thread.wait()

    @Slot()
    def _on_no_patience(self) -> None:
        process = self._thread.process
        if process is not None and self._waiting and self._waiting[0].cancelled:
            process.kill()

    @Slot(object, object)
    def _on_heard(self, reply: Reply, event: Event | None) -> None:
        if event is None:
            self._patience.stop()
            self._waiting.remove(reply)
            reply.ended.emit()
            reply.deleteLater()
            if not self._waiting:
                self._idle.start()
        elif reply.cancelled:
            return
        elif isinstance(event, Progress):
            reply.progressed.emit(event)
        elif isinstance(event, Notice) and event.level == "warning":
            reply.warned.emit(event.text)
        elif isinstance(event, Result):
            reply.answered.emit(event.document)
        elif isinstance(event, RunFailed):
            reply.failed.emit(event.error, event.advice)
