"""Draws the demo project off the window's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from workbench.core.errors import WorkbenchError
from workbench.core.events import Progress
from workbench.project.store import PROJECT_FILE


class DemoThread(QThread):
    """Makes one demo project.

    Signals:
        progressed(Progress): how far it is.
        made(object): the folder (Path) of the project.
        failed(str, str): why it could not be made, and how to mend that.
    """

    progressed = Signal(object)
    made = Signal(object)
    failed = Signal(str, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder

    def run(self) -> None:
        """Draw until done or until interruption is requested; called by Qt on the new thread."""
        from workbench.project.demo import make_demo  # not for the start of the window

        try:
            for progress in make_demo(self._folder):
                self._say(progress)
                if self.isInterruptionRequested():
                    return
        except WorkbenchError as error:
            self.failed.emit(error.text, error.fix)
            return
        self.made.emit(self._folder)

    def _say(self, progress: Progress) -> None:
        self.progressed.emit(progress)


def unused_folder(parent: Path, name: str) -> Path:
    """A folder below `parent` that is not there yet, or is empty: `name`, or `name 2` and so on."""
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name} {number}")
        if not folder.exists() or (
            folder.is_dir() and not (folder / PROJECT_FILE).exists() and not any(folder.iterdir())
        ):
            return folder
        number += 1
