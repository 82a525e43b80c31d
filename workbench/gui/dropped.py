"""What lies in a hand that is about to let go: folders, tables, pictures, a project."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData

from workbench.gui.mask_pairs import PICTURE_SUFFIXES, find_pair
from workbench.project.store import PROJECT_FILE

_LOOKED_AT = 200
"""Entries of a folder that are looked at; a drag must not wait for a folder of a million pictures."""


@dataclass
class Dropped:
    """Paths by what they are."""

    folders: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    pictures: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    project: Path | None = None

    @property
    def sources(self) -> list[Path]:
        """What can become tasks."""
        return [*self.folders, *self.tables]


def paths_of(data: QMimeData) -> list[Path]:
    """The local files and folders that are carried."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


def sort_out(paths: list[Path]) -> Dropped:
    """Tell folders, tables and pictures apart."""
    result = Dropped()
    for path in paths:
        if path.is_dir():
            if (path / PROJECT_FILE).is_file() and len(paths) == 1:
                result.project = path
            result.folders.append(path)
        elif path.name == PROJECT_FILE:
            result.project = path.parent
        elif path.suffix.lower() == ".csv":
            result.tables.append(path)
        elif path.suffix.lower() in PICTURE_SUFFIXES:
            result.pictures.append(path)
        else:
            result.others.append(path)
    return result


def is_class_folder(folder: Path) -> bool:
    """Whether a folder holds pictures but no folders: a class of a task rather than a task."""
    try:
        with os.scandir(folder) as entries:
            first = list(islice(entries, _LOOKED_AT))
    except OSError:
        return False
    holds_folders = any(entry.is_dir() for entry in first if not entry.name.startswith("."))
    return not holds_folders and any(Path(entry.name).suffix.lower() in PICTURE_SUFFIXES for entry in first)


def announce(dropped: Dropped, *, project_open: bool, asks_model: bool, tool: str = "") -> tuple[str, str]:
    """What will happen when it is let go, and a second line; the first is empty where nothing can be done.

    Args:
        project_open: whether a project is open.
        asks_model: whether the page in front takes pictures to answer them.
        tool: what the tool in front does with what is dropped; empty where it has no use for it.
    """
    names = _names([*dropped.sources, *dropped.pictures])
    if dropped.project is not None:
        return _tr("Open this project"), dropped.project.name
    if tool and (dropped.sources or dropped.pictures):
        return tool, names
    if asks_model and (dropped.pictures or dropped.folders):
        return _tr("Ask the model about these pictures"), names
    if dropped.sources:
        return _sources_line(dropped), names if project_open else _tr("A new project is made for them: {0}").format(
            names
        )
    if dropped.pictures and project_open:
        return _tr("Ask the model about these pictures"), names
    if dropped.pictures:
        return "", _tr("Pictures alone say nothing about classes: drop the folder that holds one folder a class.")
    return "", _tr("Drop folders of pictures or CSV files.")


def _sources_line(dropped: Dropped) -> str:
    folders, tables = len(dropped.folders), len(dropped.tables)
    if find_pair(dropped.folders):
        add = _tr("Add pictures with their masks")
    else:
        add = _tr("Add 1 task") if folders == 1 else _tr("Add {0} tasks").format(folders)
    choose = _tr("Choose tasks from this table") if tables == 1 else _tr("Choose tasks from {0} tables").format(tables)
    return " · ".join(text for text, number in ((add, folders), (choose, tables)) if number)


def _names(paths: list[Path]) -> str:
    shown = ", ".join(path.name for path in paths[:3])
    return shown if len(paths) <= 3 else _tr("{0} and {1} more").format(shown, len(paths) - 3)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dropped", text)
