"""An answer is wrong: the head is told what the picture is, and takes it in at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.kinds import CLOSED_FORM
from workbench.core.resolved import load_resolved
from workbench.gui.pages.question import Question
from workbench.gui.workspace import Workspace


class Teaching(QObject):
    """Asks what a picture is, and makes the run that knows it.

    Signals:
        made(str, str): a run was made, of the run that answered before.
        failed(str): what is wrong and how to mend it.
        said(str): what goes on.
    """

    made = Signal(str, str)
    failed = Signal(str)
    said = Signal(str)

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._window = workspace, window
        self._run = self._task = self._made = ""
        self._image = Path()
        self._question = Question(workspace, self)
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self.failed)
        self._question.ended.connect(self._on_ended)
        self.dialog: QInputDialog | None = None

    def ask(self, run: str, image: str, task: str, classes: Sequence[str]) -> None:
        """Ask what a picture is: one of the known classes, or a new one that is typed."""
        self._run, self._image, self._task = run, Path(image), task
        dialog = self.dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("What is it?"))
        dialog.setLabelText(
            self.tr(
                "What does {0} show ({1})? Choose a class, or type a new one.\nA new run learns it in seconds; this "
                "one stays as it is."
            ).format(self._image.name, task)
        )
        dialog.setComboBoxItems(list(classes))
        dialog.setComboBoxEditable(True)
        dialog.setOkButtonText(self.tr("Teach it"))
        dialog.textValueSelected.connect(self._on_said)
        dialog.open()

    @Slot(str)
    def _on_said(self, label: str) -> None:
        if not label.strip() or self._workspace.folder is None:
            return
        words = [f"{label.strip()}={self._image}", "--run", self._run, "--task", self._task, "--validation", "0"]
        self.said.emit(self.tr("Learning that it is {0}").format(label.strip()))
        self._question.ask(["teach", str(self._workspace.folder), *words])

    @Slot(object)
    def _on_answered(self, document: dict[str, Any]) -> None:
        self._made = document["run"]

    @Slot()
    def _on_ended(self) -> None:
        if self._made:  # only now the run is whole
            made, self._made = self._made, ""
            self.made.emit(made, self._run)
            self._workspace.runs_changed.emit()


def teachable(run_dir: Path) -> frozenset[str]:
    """The tasks of a run whose heads take pictures in at once."""
    try:
        resolved = load_resolved(run_dir)
    except WorkbenchError:
        return frozenset()
    tasks = resolved.tasks
    return frozenset(
        task.name for task in tasks if task.head in CLOSED_FORM and not resolved.project.task(task.name).own_stages
    )
