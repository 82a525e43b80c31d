"""The verdicts or the transfer reports on disk, read on a thread of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.pages.loading import Loader
from workbench.gui.workspace import Workspace
from workbench.project.trials import TrialsInfo, TrialsKind, list_trials


class TrialList(QObject):
    """All of a kind in the open project.

    Signals:
        changed(): they were read anew.
        failed(str): they could not be read.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, workspace: Workspace, kind: TrialsKind, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._kind = workspace, kind
        self._found: list[TrialsInfo] = []
        self._loader = Loader(self)
        self._loader.loaded.connect(self._take)
        self._loader.failed.connect(self.failed)
        workspace.opened.connect(self._on_opened)
        workspace.runs_changed.connect(self.refresh)

    @property
    def finished(self) -> list[TrialsInfo]:
        """Those that came to their end, newest first."""
        return [info for info in reversed(self._found) if info.document is not None]

    def begun(self, recipe: str) -> TrialsInfo | None:
        """The latest, where it was stopped, is of this recipe and has runs that are done."""
        latest = self._found[-1] if self._found else None
        if latest is None or latest.document is not None or latest.plan.get("recipe") != recipe:
            return None
        return latest if latest.done else None

    @Slot()
    def refresh(self) -> None:
        """Look again at what is on disk."""
        if self._workspace.folder is None:
            self._loader.drop()
            self._take([])
        else:
            self._loader.load(list_trials, self._kind, self._workspace.folder)

    @Slot()
    def _on_opened(self) -> None:
        self._found = []
        self.refresh()

    @Slot(object)
    def _take(self, found: list[TrialsInfo]) -> None:
        self._found = found
        self.changed.emit()
