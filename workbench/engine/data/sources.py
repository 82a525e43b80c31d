"""Where labelled pictures come from: class folders, ready-made parts, columns of CSV files, folders of masks."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.engine.data.csv_source import Found, check_column, find_pictures, read_column
from workbench.engine.data.csv_table import CsvTable, read_csv
from workbench.engine.data.folder_source import read_folder
from workbench.engine.data.image_files import PictureFinder
from workbench.engine.data.mask_scan import look_at, refusal
from workbench.engine.data.mask_source import read_masks
from workbench.engine.data.rows import Missing, Row, Source
from workbench.engine.data.targets import TARGETS

__all__ = ["GROUP_WORDS", "Missing", "Row", "Source", "SourceReader", "read_source"]

GROUP_WORDS = ("", "folder", "near-duplicates")
"""Values of `split.group` that are no column."""


def read_source(task: Task, project_dir: Path, group: str = "") -> list[Row]:
    """The labelled pictures of one task.

    Args:
        task: its `source` is a folder, or a CSV file with `column` and `image`; both, and `masks`, are relative to
            `project_dir`.
        group: `split.group`: a CSV column, "folder", or nothing.

    Raises:
        RequestError: the source does not hold what the task says; the sentence says what and how to mend it.
    """
    return list(SourceReader(project_dir, group).read(task).rows())


class SourceReader:
    """Reads the sources of several tasks, each table and each folder of a table's pictures only once."""

    def __init__(self, project_dir: Path, group: str = "") -> None:
        self._project_dir = project_dir
        self._group = group
        self._tables: dict[Path, CsvTable] = {}
        self._found: dict[tuple[Path, str], list[Found]] = {}
        self._finder = PictureFinder()

    def read(self, task: Task) -> Source:
        """Everything that a task's source says.

        Raises:
            RequestError: it does not hold what the task says.
        """
        if not task.source.strip():
            raise RequestError(
                f"Task {task.name}: `source` is empty.", "Give a folder of class folders, or a CSV file."
            )
        path = source_path(task, self._project_dir)
        if task.kind == "mask":
            masks = str(absolute_path(task.masks, self._project_dir)) if task.masks.strip() else ""
            return read_masks(task.name, str(path), masks, self._group == "folder")
        if path.suffix.lower() not in (".csv", ".tsv"):
            return read_folder(task.name, str(path), self._group == "folder", task.kind)
        if path not in self._tables:
            self._tables[path] = self._read_table(task, path)
        table = self._tables[path]
        check_column(task, table)
        key = (path, task.image)
        if key not in self._found:
            self._found[key] = find_pictures(task, table, self._finder)
        return read_column(task, table, self._found[key], self._group)

    def check_group(self) -> None:
        """Raise a RequestError where `split.group` names a column that none of the tables read so far has."""
        if self._group in GROUP_WORDS or any(self._group in table.columns for table in self._tables.values()):
            return
        text = f"`split.group` = {self._group!r} is no column of the project's tables."
        words = "Give a column, folder, near-duplicates, or nothing."
        offers = [table.offer(self._group) for table in self._tables.values()]
        raise RequestError(text, f"{offers[0]} {words}" if offers else words)

    def _read_table(self, task: Task, path: Path) -> CsvTable:
        try:
            return read_csv(path)
        except RequestError as error:
            raise RequestError(f"Task {task.name}: {error.text}", error.fix) from error


def class_names(kind: str, texts: list[str]) -> list[str]:
    """What a head of a kind would tell apart, from the label texts of a source; nothing for numbers and masks."""
    return TARGETS[kind].classes(TARGETS[kind].sort(texts))


def refuse_masks(task: str, paths: list[str]) -> None:
    """Look at some masks of a task.

    Raises:
        RequestError: one of them is no mask, or they hold more values than classes can have.
    """
    error = refusal(task, paths, [look_at(path) for path in paths])
    if error is not None:
        raise error


def source_path(task: Task, project_dir: Path) -> Path:
    """The absolute path of a task's folder or CSV file; links are not followed."""
    return absolute_path(task.source, project_dir)


def absolute_path(path: str, project_dir: Path) -> Path:
    """A path that the project gives, absolute; links are not followed."""
    return Path(os.path.abspath(project_dir / Path(path).expanduser()))
