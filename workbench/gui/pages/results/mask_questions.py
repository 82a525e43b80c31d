"""Asks the model for the masks of single pictures, and keeps them until the window closes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.pages.question import Question
from workbench.gui.pages.temporary_folder import TemporaryFolder
from workbench.gui.workspace import Workspace


class MaskQuestions(QObject):
    """One question at a time, answered from memory where it was asked before.

    Signals:
        answered(str, object): the picture, and for each mask task the file of its mask.
        failed(str, str): the picture, and why there is no mask.
    """

    answered = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._question = Question(workspace, self)
        self._folder = TemporaryFolder(self)
        self._known: dict[tuple[str, str], dict[str, str]] = {}
        self._asked = ("", "")
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self._on_failed)

    def ask(self, run: str, image: str) -> None:
        """Ask for a picture's masks; an older question is given up."""
        key = (run, image)
        if key in self._known:
            self._question.give_up()
            self.answered.emit(image, self._known[key])
            return
        if self._workspace.folder is None:
            return
        self._asked = key
        out = self._folder.fresh()  # pictures of two folders may have one name
        self._question.ask(["predict", str(self._workspace.folder), image, "--run", run, "--out", out])

    def forget(self) -> None:
        """Know nothing any more: another project was opened."""
        self._question.give_up()
        self._known.clear()
        self._folder.remove()

    @Slot(object)
    def _on_answered(self, document: list[dict[str, Any]]) -> None:
        image = self._asked[1]
        said = document[0] if document else {}
        if said.get("error"):
            self.failed.emit(image, self.tr("The picture cannot be read: {0}").format(said["error"]))
            return
        tasks: dict[str, Any] = said.get("tasks") or {}
        masks = {name: str(task["mask"]) for name, task in tasks.items() if task.get("mask")}
        if not masks:
            self.failed.emit(image, self.tr("The model gave no mask for this picture."))
            return
        self._known[self._asked] = masks
        self.answered.emit(image, masks)

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.failed.emit(self._asked[1], problem)
