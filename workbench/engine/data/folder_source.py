"""Labels from folders: class folders, or train/, val/ and test/ of class folders."""

from __future__ import annotations

import os
from difflib import get_close_matches

from workbench.core.errors import RequestError
from workbench.core.kinds import Kind
from workbench.core.specs import Part
from workbench.engine.data.image_files import list_folder, walk_pictures
from workbench.engine.data.labels import clean_label
from workbench.engine.data.rows import CUT_BOTH, Source
from workbench.engine.data.words import counted, verb

PART_FOLDERS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
}


def read_folder(task: str, folder: str, group_by_folder: bool, kind: Kind = "single-label") -> Source:
    """Read a folder of class folders, or one of train/ and perhaps val/ and test/.

    Args:
        task: its name, for messages.
        folder: absolute.
        group_by_folder: pictures of one folder below a class folder form a group.
        kind: with several labels, pictures of the same bytes in several class folders are one sample.

    Raises:
        RequestError: there is no such folder, or there are no class folders with pictures in it.
    """
    if not os.path.isdir(folder):
        raise not_a_folder(task, folder)
    if kind == "number":
        raise RequestError(
            f"Task {task}: `source` = {folder!r} is a folder, and a number cannot come from folders.",
            "Give a table as FILE.csv:COLUMN, or make the task single-label.",
        )
    try:
        folders, pictures = list_folder(folder)
        parts = _part_folders(folder, folders, bool(pictures))
        source = _read_parts(folder, parts, group_by_folder) if parts else Source()
        if not parts:
            _add_classes(source, folder, None, group_by_folder)
    except OSError as error:
        raise cannot_be_read(task, "source", folder, error) from error
    if not source.paths:
        raise _no_classes(task, folder, pictures)
    _note_what_is_aside(source, folder, folders, pictures, parts)
    source.kind = kind
    source.one_sample = "content" if kind == "multi-label" else "row"
    return source


def _part_folders(folder: str, folders: list[str], has_pictures: bool) -> dict[str, Part]:
    """Folder name → part where this is a ready-made split; empty where the folders are classes.

    A class may itself be called "train": it is one if pictures lie directly in it, or if its sisters are no parts.
    """
    parts = {name: PART_FOLDERS[name.lower()] for name in folders if name.lower() in PART_FOLDERS}
    if "train" not in parts.values() or has_pictures:
        return {}
    if len(set(parts.values())) == 1 and len(folders) > len(parts):
        return {}
    for name in parts:
        inner, pictures = list_folder(os.path.join(folder, name))
        if pictures or (parts[name] == "train" and not inner):
            return {}
    return parts


def _read_parts(folder: str, parts: dict[str, Part], group_by_folder: bool) -> Source:
    source = Source(cut=CUT_BOTH - set(parts.values()))
    for name, part in parts.items():
        _add_classes(source, os.path.join(folder, name), part, group_by_folder)
    filled = {label for label in source.labels if label}
    source.classes_without_pictures = sorted(set(source.classes_without_pictures) - filled)
    return source


def _add_classes(source: Source, folder: str, part: Part | None, group_by_folder: bool) -> None:
    folders, _ = list_folder(folder)
    for name in folders:
        class_folder = os.path.join(folder, name)
        label = clean_label(name)
        before = len(source.paths)
        for path in walk_pictures(class_folder):
            parent = os.path.dirname(path)
            source.add(path, label, part, parent if group_by_folder and parent != class_folder else "")
        if len(source.paths) == before and label:
            source.classes_without_pictures.append(label)


def _note_what_is_aside(
    source: Source, folder: str, folders: list[str], loose: list[str], parts: dict[str, Part]
) -> None:
    if loose:
        lie = f"{counted(len(loose), 'picture')} {verb(len(loose), 'lies', 'lie')}"
        source.notes.append(f"{lie} directly in {folder}, in no class folder: left aside.")
    others = [name for name in folders if parts and name not in parts]
    if others:
        source.notes.append(f"Beside train/ in {folder}, {', '.join(others[:5])} is no part and is left aside.")


def cannot_be_read(task: str, key: str, folder: str, error: OSError) -> RequestError:
    """The error of a folder that the system does not let one read."""
    return RequestError(
        f"Task {task}: `{key}` = {folder!r} cannot be read ({error.strerror}).",
        "Allow reading it, or choose another folder.",
    )


def not_a_folder(task: str, folder: str, key: str = "source", what: str = "a folder of class folders") -> RequestError:
    """The error of a path that is no folder."""
    if os.path.isfile(folder):
        table = ", or a table as FILE.csv with its `column`" if "class" in what else ""
        return RequestError(f"Task {task}: `{key}` = {folder!r} is a file.", f"Give {what}{table}.")
    return RequestError(f"Task {task}: `{key}` = {folder!r} does not exist.{_near(folder)}", "Correct the path.")


def _near(folder: str) -> str:
    """A sentence that offers folders of a similar name, or says from where on the path is wrong."""
    parent, name = os.path.split(folder.rstrip(os.sep))
    if not os.path.isdir(parent):
        while parent and not os.path.isdir(parent) and os.path.dirname(parent) != parent:
            parent = os.path.dirname(parent)
        return f" The path exists as far as {parent}."
    try:
        folders, _ = list_folder(parent)
    except OSError:
        return ""
    matches = get_close_matches(name, folders, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(matches)}?" if matches else ""


def _no_classes(task: str, folder: str, pictures: list[str]) -> RequestError:
    if pictures:
        return RequestError(
            f"Task {task}: `source` = {folder!r} holds {counted(len(pictures), 'picture')} but no class folders.",
            "Sort the pictures into one folder for each class, or give a CSV file that names their classes.",
        )
    return RequestError(
        f"Task {task}: `source` = {folder!r} holds no class folders with pictures.",
        "Give the folder whose sub-folders are the classes, each with its pictures.",
    )
