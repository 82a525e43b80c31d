"""Labels from a column of a CSV file, pictures from another column or from a pattern over columns."""

from __future__ import annotations

import os
import string
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.engine.data.csv_table import CsvTable
from workbench.engine.data.image_files import PictureFinder, list_folder
from workbench.engine.data.rows import Missing, Source
from workbench.engine.data.targets import TARGETS
from workbench.engine.data.words import counted, pictures, verb

Found = tuple[str | None, str, str]
"""The file (None where there is none), the name as the table has it, and the reason why there is none."""


def read_column(task: Task, table: CsvTable, found: list[Found], group: str) -> Source:
    """The labels of `task.column` for the pictures in `found`.

    Args:
        found: what each row's picture is, as `find_pictures` says.
        group: the column that names each picture's group, "folder" for the folder it lies in, or "".

    Raises:
        RequestError: the column is missing, none of its rows has a picture, or a cell is no label of the task's kind.
    """
    cells = table.column(task.column, f"Task {task.name}")
    named = [cell if path is not None else "" for cell, (path, _, _) in zip(cells, found, strict=True)]
    labels = TARGETS[task.kind].read(named, task, table.place)
    groups = table.columns.get(group, [])
    source = Source(kind=task.kind, one_sample="file" if task.kind == "multi-label" else "row")
    for at, (path, name, reason) in enumerate(found):
        if path is None:
            if reason:
                source.missing.append(Missing(name, reason))
            continue
        key = os.path.dirname(path) if group == "folder" else (groups[at] if groups else "")
        source.add(path, labels[at], None, key)
    if not source.paths:
        raise _no_pictures(task, table, found)
    unnamed = sum(1 for path, _, reason in found if path is None and not reason)
    if unnamed:
        rows = f"{counted(unnamed, 'row')} of {table.path.name} {verb(unnamed, 'names', 'name')}"
        source.notes.append(f"{rows} no picture: left aside.")
    return source


def check_column(task: Task, table: CsvTable) -> None:
    """Raise a RequestError where the task names no column of labels, or one that the table does not have."""
    if not task.column:
        raise RequestError(
            f"Task {task.name}: `column` is empty, so no labels are chosen in {table.path.name}.",
            f"Write the source as {table.path.name}:COLUMN. {table.offer('')}",
        )
    table.column(task.column, f"Task {task.name}")


def find_pictures(task: Task, table: CsvTable, finder: PictureFinder) -> list[Found]:
    """For each row of the table, the picture that `task.image` names: a column, or a pattern such as images/{id}.jpg.

    Raises:
        RequestError: the column, or one that the pattern uses, is missing.
    """
    folder = os.path.abspath(table.path.parent)
    found: list[Found] = []
    for name in _names(task, table):
        if not name:
            found.append((None, "", ""))
            continue
        path, reason = finder.find(os.path.join(folder, _as_here(name)))
        found.append((path, name, reason))
    return found


def _as_here(name: str) -> str:
    """A path as this system writes it: tables made on Windows separate folders with backslashes."""
    return name.replace("\\", "/") if os.sep == "/" else name


def _names(task: Task, table: CsvTable) -> list[str]:
    if "{" not in task.image:
        if task.image not in table.columns:
            raise _no_image_column(task, table)
        return table.columns[task.image]
    pieces = _pattern(task)
    columns: list[list[str] | None] = []
    for _, field in pieces:
        columns.append(None if field is None else table.column(field, f"Task {task.name}: `image` = {task.image!r}"))
    names = []
    for at in range(len(table)):
        cells = ["" if column is None else column[at] for column in columns]
        complete = all(cell or column is None for cell, column in zip(cells, columns, strict=True))
        names.append("".join(text + cell for (text, _), cell in zip(pieces, cells, strict=True)) if complete else "")
    return names


def _pattern(task: Task) -> list[tuple[str, str | None]]:
    """The pattern as pairs of plain text and the column that follows it."""
    try:
        pieces = list(string.Formatter().parse(task.image))
    except ValueError as error:
        raise _bad_pattern(task) from error
    if any(field == "" or spec or conversion for _, field, spec, conversion in pieces):
        raise _bad_pattern(task)
    return [(text, field) for text, field, _, _ in pieces]


def _bad_pattern(task: Task) -> RequestError:
    return RequestError(
        f"Task {task.name}: `image` = {task.image!r} is no pattern.",
        "Write column names in braces, such as images/{id}.jpg.",
    )


def _no_image_column(task: Task, table: CsvTable) -> RequestError:
    text = f"Task {task.name}: `image` = {task.image!r} is no column of {table.path.name}."
    guess = guess_image(table)
    if guess:
        return RequestError(text, f"Set `image` to {guess!r}, which names pictures that are there.")
    return RequestError(
        text,
        f"Give the column that names the picture, or a pattern such as images/{{id}}.jpg. {table.offer(task.image)}",
    )


def guess_image(table: CsvTable) -> str:
    """The column, or the pattern over a column, whose first rows name pictures that are there; "" if none does."""
    base = Path(os.path.abspath(table.path.parent))
    first = {name: [cell for cell in islice(cells, 50) if cell][:5] for name, cells in table.columns.items()}
    for name, cells in first.items():
        if cells and all((base / cell).is_file() for cell in cells):
            return name
    try:
        folders, _ = list_folder(str(base))
    except OSError:
        return ""
    for folder in ["", *folders[:20]]:
        pattern = _guess_in(base, folder, first)
        if pattern:
            return pattern
    return ""


def _guess_in(base: Path, folder: str, first: dict[str, list[str]]) -> str:
    _, pictures = list_folder(str(base / folder))
    names = set(pictures)
    suffixes = {os.path.splitext(name)[1] for name in pictures[:200]}
    shapes: list[tuple[str, Callable[[str], str]]] = [("", lambda cell: cell)]
    shapes += [(suffix, lambda cell, suffix=suffix: cell + suffix) for suffix in sorted(suffixes)]  # type: ignore[misc]
    for name, cells in first.items():
        for suffix, shape in shapes:
            if cells and all(shape(cell) in names for cell in cells):
                return f"{folder}/{{{name}}}{suffix}".lstrip("/")
    return ""


def _no_pictures(task: Task, table: CsvTable, found: list[Found]) -> RequestError:
    named = [name for _, name, _ in found if name]
    if not named:
        return RequestError(
            f"Task {task.name}: no row of {table.path.name} names a picture by `image` = {task.image!r}.",
            "Give a column that is filled, or a pattern over filled columns.",
        )
    guess = guess_image(table)
    offer = (
        f"Set `image` to {guess!r}, which names pictures that are there."
        if guess
        else ("Paths in a table are absolute or relative to the table's own folder.")
    )
    return RequestError(
        f"Task {task.name}: none of the {pictures(len(named))} that {table.path.name} names by "
        f"`image` = {task.image!r} is there (the first is {named[0]!r}).",
        offer,
    )
