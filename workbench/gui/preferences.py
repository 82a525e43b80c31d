"""What the window remembers of its user: theme, recent projects, folders, its own place, the expert switch."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, Signal

from workbench.gui.theme import Choice
from workbench.project.store import PROJECT_FILE

MOST_RECENT = 10


class Preferences(QObject):
    """The user's preferences, kept in an INI file of the user's configuration folder.

    Args:
        path: another file, for tests.

    Signals:
        recent_changed(): the list of recent projects has changed.
    """

    recent_changed = Signal()

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        form = QSettings.Format.IniFormat
        if path is None:
            self._settings = QSettings(form, QSettings.Scope.UserScope, "Workbench", "Workbench")
        else:
            self._settings = QSettings(str(path), form)

    @property
    def theme(self) -> Choice:
        """The theme that was chosen; the system's at first."""
        match self._settings.value("theme", "system"):
            case "light":
                return "light"
            case "dark":
                return "dark"
            case _:
                return "system"

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._settings.setValue("theme", choice)

    @property
    def expert(self) -> bool:
        """Whether all settings are shown, or the basic ones."""
        return self._settings.value("expert", "false") in (True, "true")

    @expert.setter
    def expert(self, on: bool) -> None:
        self._settings.setValue("expert", on)

    @property
    def notify(self) -> bool:
        """Whether the end of a run is told on the desktop; not at first."""
        return self._settings.value("notify", "false") in (True, "true")

    @notify.setter
    def notify(self, on: bool) -> None:
        self._settings.setValue("notify", on)

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size as it was last; empty at first."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    @property
    def last_folder(self) -> Path:
        """Where the user last chose something; the home folder at first, and where it is gone."""
        folder = Path(str(self._settings.value("last_folder", "")) or Path.home())
        return folder if folder.is_dir() else Path.home()

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        self._settings.setValue("last_folder", str(folder))

    @property
    def projects_folder(self) -> Path:
        """Where new projects are kept unless the user says otherwise."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        default = Path(documents or Path.home()) / "Workbench"
        return Path(str(self._settings.value("projects_folder", "")) or default)

    @projects_folder.setter
    def projects_folder(self, folder: Path) -> None:
        self._settings.setValue("projects_folder", str(folder))

    def recent(self) -> list[Path]:
        """Projects opened before that are still there, the latest first."""
        return [path for path in self._recent() if (path / PROJECT_FILE).is_file()]

    def add_recent(self, folder: Path) -> None:
        """Put a project at the head of the recent ones."""
        kept = [folder, *(path for path in self.recent() if path != folder)][:MOST_RECENT]
        if kept != self._recent():
            self._settings.setValue("recent", [str(path) for path in kept])
            self.recent_changed.emit()

    def clear_recent(self) -> None:
        """Forget the recent projects; the projects themselves stay."""
        self._settings.remove("recent")
        self.recent_changed.emit()

    def _recent(self) -> list[Path]:
        value = self._settings.value("recent", [])
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(str(text)) for text in texts if text]
