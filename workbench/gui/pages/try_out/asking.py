"""One run's answers to what lies on the bench: asked for, and read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.pages.loading import Loader
from workbench.gui.pages.mask_values import mask_values
from workbench.gui.pages.question import Question
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.temporary_folder import TemporaryFolder
from workbench.gui.pages.try_out.answer import Answer, parse_answers
from workbench.gui.pages.try_out.incoming import Incoming
from workbench.gui.workspace import Workspace

_AT_ONCE = 100  # pictures whose answers are read without a worker: a millisecond


class RunAnswers(QObject):
    """Asks one run after another; only the answers of the latest question are heard.

    Attributes:
        run: that was asked last; empty where none was.
        answers: what it said; empty until it has answered.

    Signals:
        progressed(Progress): how far the answers are.
        answered(): `answers` are there.
        failed(str): what is wrong and how to mend it.
        ended(): nothing more will come of the question.
    """

    progressed = Signal(object)
    answered = Signal()
    failed = Signal(str)
    ended = Signal()

    def __init__(self, workspace: Workspace, runs: RunList, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runs = workspace, runs
        self.run = ""
        self.answers: list[Answer] = []
        self._out = TemporaryFolder(self)
        self._parsing = Loader(self)
        self._parsing.loaded.connect(self._on_parsed)
        self._parsing.failed.connect(self.failed)
        self._question = Question(workspace, self)
        self._question.progressed.connect(self.progressed)
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self.failed)
        self._question.ended.connect(self.ended)

    @property
    def open(self) -> bool:
        """Whether an answer is still to come."""
        return self._question.open

    def ask(self, run: str, incoming: Incoming) -> None:
        """Let a run answer pictures; what was asked before is given up."""
        self.give_up()
        self.run, self.answers = run, []
        pictures = [str(path) for path in incoming.pictures]
        out = ["--out", self._out.fresh()] if self._has_masks() else []
        self._question.ask(["predict", str(self._workspace.folder), "--run", run, *out, *pictures])

    def give_up(self) -> None:
        """Want no answer any more."""
        self._parsing.drop()
        self._question.give_up()

    def forget(self) -> None:
        """Give up, and know nothing of any run; its masks are deleted."""
        self.give_up()
        self._out.remove()
        self.run, self.answers = "", []

    def mask_values(self) -> dict[str, list[int]]:
        """For each mask task of the run the pixel value of each class."""
        info = self._runs.run(self.run)
        return mask_values(info.folder) if info is not None and self._has_masks() else {}

    def _has_masks(self) -> bool:
        """Whether one of the run's heads draws masks."""
        info = self._runs.run(self.run)
        return info is not None and any(task.get("kind") == "mask" for task in info.settings.get("tasks", []))

    @Slot(object)
    def _on_answered(self, document: list[dict[str, Any]]) -> None:
        if len(document) > _AT_ONCE:
            self._parsing.load(parse_answers, document)
            return
        try:
            self._on_parsed(parse_answers(document))
        except ValueError as error:
            self.failed.emit(str(error))

    @Slot(object)
    def _on_parsed(self, answers: list[Answer]) -> None:
        self.answers = answers
        self.answered.emit()
