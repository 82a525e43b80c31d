"""The runs on disk as the later pages need them, read on a thread of its own and kept until their files change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from workbench.core.resolved import RESOLVED_FILE
from workbench.gui.pages.loading import Loader
from workbench.gui.workspace import Workspace
from workbench.project.recorder import EVENTS_FILE
from workbench.project.runs import RunInfo, read_run, run_names, runs_dir

ANSWERING = ("finished", "stopped")
"""States in which a run surely has a model that answers."""

_Stamp = tuple[int, ...]


class RunList(QObject):
    """All runs of the open project.

    Signals:
        changed(): `runs` was read anew.
        failed(str): it could not be read.

    Attributes:
        runs: newest first.
        known: whether `runs` is of the project that is open now.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.runs: list[RunInfo] = []
        self.known = False
        self._kept: dict[Path, tuple[_Stamp, RunInfo]] = {}
        self._loader = Loader(self)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self.failed)
        workspace.opened.connect(self._on_opened)
        workspace.runs_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again at what is on disk."""
        if self._workspace.folder is None:
            self._loader.drop()
            self._take([])
            return
        self._loader.load(_read, self._workspace.folder, dict(self._kept))

    @property
    def names(self) -> list[str]:
        """The runs' names, newest first."""
        return [run.run for run in self.runs]

    def run(self, name: str) -> RunInfo | None:
        """The run of that name."""
        return next((run for run in self.runs if run.run == name), None)

    @property
    def answering(self) -> list[RunInfo]:
        """The runs whose model can answer, newest first."""
        return [run for run in self.runs if run.status in ANSWERING]

    def latest_answering(self) -> RunInfo | None:
        """The newest run whose model can answer."""
        return next(iter(self.answering), None)

    @Slot()
    def _on_opened(self) -> None:
        self._kept.clear()
        self.runs, self.known = [], False
        self.refresh()

    @Slot(object)
    def _on_loaded(self, kept: dict[Path, tuple[_Stamp, RunInfo]]) -> None:
        self._kept = kept
        self._take([info for _, info in kept.values()])

    def _take(self, runs: Sequence[RunInfo]) -> None:
        self.runs = sorted(runs, key=lambda run: (run.number, run.run), reverse=True)
        self.known = True
        self.changed.emit()


def _read(project_dir: Path, kept: dict[Path, tuple[_Stamp, RunInfo]]) -> dict[Path, tuple[_Stamp, RunInfo]]:
    """Read the runs whose files have changed since they were kept."""
    result = {}
    for name in run_names(project_dir):
        folder = runs_dir(project_dir) / name
        stamp = _stamp(folder)
        old = kept.get(folder)
        fresh = old is not None and old[0] == stamp and old[1].status != "running"
        result[folder] = old if fresh and old is not None else (stamp, read_run(project_dir, name))
    return result


def _stamp(folder: Path) -> _Stamp:
    files = (folder / EVENTS_FILE, folder / RESOLVED_FILE, folder / "results" / "metrics.json")
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


def status_words(status: str) -> str:
    """A run's state in words."""
    return {
        "finished": QCoreApplication.translate("RunList", "finished"),
        "stopped": QCoreApplication.translate("RunList", "stopped, best kept"),
        "failed": QCoreApplication.translate("RunList", "failed"),
        "interrupted": QCoreApplication.translate("RunList", "interrupted"),
        "running": QCoreApplication.translate("RunList", "running"),
        "queued": QCoreApplication.translate("RunList", "queued"),
    }[status]
