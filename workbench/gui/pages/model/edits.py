"""What the model page changes in the project."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.run_weights import RUN
from workbench.gui.workspace import Workspace

_FOR_ANY = ("none",)
"""Weights that mean the same for every backbone; all others belong to the one that they were chosen for."""
_UNASKED = ("default", "starter", "hub")


class ModelEdits(QObject):
    """Writes `[backbone]` and the tasks' heads.

    Signals:
        refused(): a change was not allowed; the workspace has said why, and what is shown must be set back.
    """

    refused = Signal()

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace

    @Slot(str)
    def choose_backbone(self, name: str) -> None:
        """Take a backbone; what was chosen for the other and does not fit is set back."""
        project = self._workspace.project
        if project is None or name == project.backbone.name:
            return
        weights = project.backbone.weights
        written = project.written().get("backbone", {}).get("weights")
        if written is None or weights in _FOR_ANY:
            self._take(name)
            return
        self._take(name, catalogue.default_weights(name))
        if weights not in _UNASKED:
            self._workspace.said.emit(self.tr("The weights were set back: they belong to the other backbone."))

    @Slot(str, str)
    def choose(self, name: str, weights: str) -> None:
        """Take a backbone with these weights."""
        self._take(name, weights)

    @Slot(str)
    def choose_weights(self, weights: str) -> None:
        """Take other weights; those of a run with its size of pictures."""
        if not weights.startswith(RUN):
            self._set(weights=weights)
        elif not self._workspace.begin_with_run(weights.removeprefix(RUN)):
            self.refused.emit()

    @Slot()
    def choose_balanced(self) -> None:
        """Take the preset that obeys the freeze depth."""
        self._workspace.set_values("recipe", preset="balanced")

    @Slot(int)
    def freeze(self, depth: int) -> None:
        """Freeze that many stages; as many as there are means all."""
        project = self._workspace.project
        if project is not None:
            everything = depth >= len(catalogue.get(project.backbone.name).stages)
            self._set(freeze="all" if everything else depth)

    @Slot()
    def freeze_nothing(self) -> None:
        """Let every stage train."""
        self._set(freeze=0)

    @Slot(str, str, object)
    def set_task(self, task: str, setting: str, value: object) -> None:
        """Change a setting of a task."""
        if not self._workspace.set_task_values(task, **{setting: value}):
            self.refused.emit()

    def _take(self, name: str, weights: str = "") -> None:
        project = self._workspace.project
        if project is None:
            return
        try:
            stages = len(catalogue.get(name).stages)
        except RequestError as error:  # such as advice of another version of the program
            self._workspace.failed.emit(error.text, error.fix)
            return
        values: dict[str, Any] = {"name": name, **({"weights": weights} if weights else {})}
        freeze = project.backbone.freeze
        if isinstance(freeze, int) and freeze > stages:
            values["freeze"] = "all"
        self._set(**values)
        for task in project.tasks:
            if task.own_stages > stages:
                self.set_task(task.name, "own_stages", stages)

    def _set(self, **values: Any) -> None:
        if not self._workspace.set_values("backbone", **values):
            self.refused.emit()
