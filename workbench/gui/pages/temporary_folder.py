"""A folder for files that an answer brings, gone with the page or the program."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTemporaryDir, Slot


class TemporaryFolder(QObject):
    """Hands out paths of folders that do not exist yet, all inside one that is removed at the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: QTemporaryDir | None = None
        self._count = 0
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.remove)

    def fresh(self) -> str:
        """The path of a folder that nobody else was given."""
        if self._folder is None:
            self._folder = QTemporaryDir()
            self.destroyed.connect(self._folder.remove)
        self._count += 1
        return self._folder.filePath(str(self._count))

    @Slot()
    def remove(self) -> None:
        """Remove everything."""
        if self._folder is not None:
            self._folder.remove()
            self._folder = None
