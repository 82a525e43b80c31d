"""Making, opening and copying projects: what asks the user before the workspace acts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.events import Progress
from workbench.core.parsing import resolve_source, validate_project
from workbench.core.project import Project
from workbench.gui.demo_thread import DemoThread, unused_folder
from workbench.gui.new_project import NewProjectDialog
from workbench.gui.preferences import Preferences
from workbench.gui.workspace import Workspace
from workbench.project.store import ProjectFile


class ProjectDesk(QObject):
    """The acts of the File menu.

    Signals:
        demo_ready(): the demo is open and its training was asked for.
    """

    demo_ready = Signal()

    def __init__(self, workspace: Workspace, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._preferences = preferences
        self._window = window
        self._demo: DemoThread | None = None
        self._progress: QProgressDialog | None = None
        workspace.opened.connect(self._remember)

    def ask_new(
        self, suggestion: str = "", reason: str = "", then: Callable[[], object] | None = None
    ) -> NewProjectDialog:
        """Ask for a new project's name and place, make it, and go on with `then`."""
        dialog = NewProjectDialog(self._preferences, suggestion or self.tr("My pictures"), reason, self._window)

        def make() -> None:
            if self._workspace.create(dialog.folder, dialog.folder.name) and then is not None:
                then()

        dialog.accepted.connect(make)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_open(self) -> None:
        """Let the user choose a project's folder and open it."""
        start = str(self._preferences.last_folder)
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Open a project's folder"), start)
        if chosen:
            self.open(Path(chosen))

    def open(self, folder: Path) -> bool:
        """Open a project; whether that went well."""
        return self._workspace.open(folder)

    def ask_copy(self) -> None:
        """Let the user choose where a copy of the project's settings goes; runs are not copied."""
        project = self._workspace.project
        if project is None:
            return
        name = self.tr("{0} copy").format(project.name or self.tr("Project"))
        reason = self.tr("The copy asks for the same tasks and settings. Runs are not copied.")
        dialog = NewProjectDialog(self._preferences, name, reason, self._window)
        dialog.accepted.connect(lambda: self.copy_to(dialog.folder))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy_to(self, folder: Path) -> bool:
        """Write the open project's settings to a new folder; whether that went well."""
        project, here = self._workspace.project, self._workspace.folder
        if project is None or here is None:
            return False
        try:
            ProjectFile.create(folder, standing_alone(project, here, folder.name))
        except WorkbenchError as error:
            self._workspace.failed.emit(error.text, error.fix)
            return False
        self._workspace.said.emit(self.tr("A copy is kept in {0}.").format(folder))
        return True

    def show_folder(self) -> None:
        """Show the project's folder in the system's file manager."""
        if self._workspace.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._workspace.folder)))

    def start_demo(self, folder: Path | None = None) -> None:
        """Draw the demo into `folder` (a new one by default), open it and start its training."""
        if self._demo is not None:
            return
        if self._workspace.run_state != "idle":
            self._workspace.failed.emit(
                self.tr("A run is training."), self.tr("Stop it before opening another project.")
            )
            return
        wanted = folder or unused_folder(self._preferences.projects_folder, self.tr("Demo"))
        self._progress = QProgressDialog(self.tr("Drawing the demo's pictures"), self.tr("Not now"), 0, 0, self._window)
        self._progress.setWindowTitle(self.tr("Try the demo"))
        self._progress.setMinimumDuration(0)
        self._progress.setMinimumWidth(420)
        self._progress.setAutoClose(False)
        self._progress.setAutoReset(False)
        self._demo = DemoThread(wanted, self)
        self._progress.canceled.connect(self._demo.requestInterruption)
        self._demo.progressed.connect(self._on_demo_progressed)
        self._demo.made.connect(self._on_demo_made)
        self._demo.failed.connect(self._workspace.failed)
        self._demo.finished.connect(self._on_demo_finished)
        self._demo.start()

    def close(self) -> None:
        """Give up what is being drawn; waits for it."""
        if self._demo is not None:
            self._demo.requestInterruption()
            self._demo.wait()

    def _on_demo_progressed(self, progress: Progress) -> None:
        if self._progress is not None:
            self._progress.setMaximum(progress.total)
            self._progress.setValue(progress.done)

    def _on_demo_made(self, folder: Path) -> None:
        if self._workspace.open(folder):
            self.demo_ready.emit()
            self._workspace.train()

    def _on_demo_finished(self) -> None:
        if self._progress is not None:
            self._progress.reset()
            self._progress.deleteLater()
            self._progress = None
        if self._demo is not None:
            self._demo.deleteLater()
            self._demo = None

    def _remember(self) -> None:
        if self._workspace.folder is not None:
            self._preferences.add_recent(self._workspace.folder)
            self._preferences.last_folder = self._workspace.folder.parent


def standing_alone(project: Project, folder: Path, name: str) -> Project:
    """The project with every path absolute, so that it can stand in another folder."""
    data = project.written()
    data["name"] = name
    for task in data.get("tasks", []):
        task["source"] = str(resolve_source(task["source"], folder))
    weights = data.get("backbone", {}).get("weights", "")
    if weights.startswith("file:"):
        data["backbone"]["weights"] = "file:" + str(resolve_source(weights.removeprefix("file:"), folder))
    return validate_project(data)
