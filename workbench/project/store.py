"""`project.toml`: read, checked, and replaced only while nobody else has changed it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import tomli_w

from workbench.core.errors import RequestError
from workbench.core.files import write_atomically
from workbench.core.parsing import check_head, check_resize, parse_project, validate_project
from workbench.core.project import Project

PROJECT_FILE = "project.toml"


class ProjectFile:
    """The file of one project and what stood in it when it was last read or written here.

    Attributes:
        folder: the project's folder, absolute.
        project: what the file holds.
    """

    def __init__(self, folder: Path, project: Project, fingerprint: str) -> None:
        self.folder = folder
        self.project = project
        self._fingerprint = fingerprint

    @classmethod
    def read(cls, folder: Path) -> ProjectFile:
        """Read the project in `folder` (or the folder of a `project.toml` that is named itself).

        Raises:
            RequestError: there is none, or it is not a valid project.
        """
        folder = Path(os.path.abspath(folder.parent if folder.name == PROJECT_FILE else folder))
        path = folder / PROJECT_FILE
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise RequestError(
                f"{folder} holds no project.", f"Make one with: workbench new {folder} --task NAME=FOLDER."
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise RequestError(f"{path} cannot be read: {error}.", "Check the file and its permissions.") from error
        return cls(folder, parse_project(text, str(path)), _fingerprint(text))

    @classmethod
    def create(cls, folder: Path, project: Project) -> ProjectFile:
        """Write a new project.

        Raises:
            RequestError: `folder` already holds one, or cannot be written.
        """
        folder = Path(os.path.abspath(folder))
        if (folder / PROJECT_FILE).exists():
            raise RequestError(f"{folder} already holds a project.", "Choose another folder, or open that project.")
        created = cls(folder, project, "")
        created._write(project)
        return created

    def save(self, project: Project) -> None:
        """Replace the file by `project`.

        Raises:
            RequestError: another program has changed the file since it was read; nothing is written.
        """
        path = self.folder / PROJECT_FILE
        present = path.read_text(encoding="utf-8") if path.exists() else None
        if present is not None and _fingerprint(present) != self._fingerprint:
            raise RequestError(
                f"{path} was changed by another program since it was read.",
                "Open the project again; your last change is not in it.",
            )
        self._write(project)

    def changed_elsewhere(self) -> bool:
        """Whether the file no longer holds what was last read or written here."""
        path = self.folder / PROJECT_FILE
        return not path.exists() or _fingerprint(path.read_text(encoding="utf-8")) != self._fingerprint

    def _write(self, project: Project) -> None:
        project = portable(project, self.folder)
        text = project_text(project)
        try:
            write_atomically(self.folder / PROJECT_FILE, text)
        except OSError as error:
            raise RequestError(
                f"{self.folder} cannot be written: {error.strerror or error}.", "Choose a folder that you may write to."
            ) from error
        self.project = project
        self._fingerprint = _fingerprint(text)


def portable(project: Project, folder: Path) -> Project:
    """The project with paths inside its folder written relative to it, so that the folder can be moved."""
    data = project.written()
    for task in data.get("tasks", []):
        for key in ("source", "masks"):
            if task.get(key):
                task[key] = _relative(task[key], folder)
    transfer = data.get("transfer", {})
    for key in ("unlabelled", "target"):
        if transfer.get(key):
            transfer[key] = _relative(transfer[key], folder)
    weights = data.get("backbone", {}).get("weights", "")
    if weights.startswith("file:"):
        data["backbone"]["weights"] = "file:" + _relative(weights.removeprefix("file:"), folder)
    return validate_project(data)


def trainable_or_refuse(project: Project) -> None:
    """Refuse a project that no run could begin with, before anything is written.

    Raises:
        RequestError: it has no task, a head does not fit its task, masks would be cropped, or the backbone is not known
            or does not fit.
    """
    from workbench.core.fitting import check_backbone

    if not project.tasks:
        raise RequestError("The project has no task yet.", "Add a folder of class folders, or a column of a table.")
    for task in project.tasks:
        check_head(task)
    effective = project.effective()
    check_resize(effective)
    check_backbone(effective)


def _relative(path: str, folder: Path) -> str:
    try:
        return Path(path).relative_to(folder).as_posix() if os.path.isabs(path) else path
    except ValueError:
        return path


def project_text(project: Project) -> str:
    """What was asked as TOML, with each task under a heading of its own, as people write it."""
    data = project.written()
    plain = {key: value for key, value in data.items() if not isinstance(value, dict | list)}
    sections = {key: value for key, value in data.items() if isinstance(value, dict)}
    tasks = [f"[[tasks]]\n{tomli_w.dumps(task)}" for task in data.get("tasks", [])]
    return "\n".join([tomli_w.dumps(plain), *tasks, *([tomli_w.dumps(sections)] if sections else [])])


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
