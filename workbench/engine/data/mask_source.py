"""Masks: a folder of pictures and a folder of masks with the same names."""

from __future__ import annotations

import os
from collections.abc import Iterable

from workbench.core.errors import RequestError
from workbench.core.specs import Part
from workbench.engine.data.folder_source import PART_FOLDERS, cannot_be_read, not_a_folder
from workbench.engine.data.image_files import list_folder, walk_pictures
from workbench.engine.data.rows import CUT_BOTH, Source
from workbench.engine.data.words import pictures, some, verb

CLASSES_FILE = "classes.txt"
"""In the folder of masks: the names of their values, one a line, in order of value."""


def read_masks(task: str, folder: str, masks: str, group_by_folder: bool) -> Source:
    """Pair the pictures below `folder` with the masks below `masks` of the same relative path and stem.

    Args:
        task: its name, for messages.
        folder, masks: absolute. First-level folders train/, val/ and test/ of the pictures are parts.
        group_by_folder: pictures of one inner folder form a group.

    Raises:
        RequestError: a folder is not there, or no picture has a mask.
    """
    _check_folders(task, folder, masks)
    try:
        files = [path for path in walk_pictures(masks) if not (_inside(folder, masks) and _inside(path, folder))]
        source = _read_pictures(folder, masks, _by_name(task, masks, files), group_by_folder)
    except OSError as error:
        raise cannot_be_read(task, "source", folder, error) from error
    if not any(source.labels):
        raise _no_pairs(task, folder, masks, source, files)
    _note_what_is_alone(source, folder, masks, files)
    return source


def _check_folders(task: str, folder: str, masks: str) -> None:
    if not masks:
        raise RequestError(
            f"Task {task}: `masks` is empty.", "Give the folder of masks, whose files are named like the pictures."
        )
    if not os.path.isdir(folder):
        raise not_a_folder(task, folder, what="the folder of pictures")
    if not os.path.isdir(masks):
        raise not_a_folder(task, masks, "masks", "the folder of masks")
    if os.path.realpath(folder) == os.path.realpath(masks):
        raise RequestError(
            f"Task {task}: `masks` is the folder of the pictures itself.", "Put the masks into a folder of their own."
        )


def _read_pictures(folder: str, masks: str, mask_of: dict[str, str], group_by_folder: bool) -> Source:
    folders, loose = list_folder(folder)
    parts = {name: PART_FOLDERS[name.lower()] for name in folders if name.lower() in PART_FOLDERS}
    if "train" not in parts.values() or loose:
        parts = {}
    source = Source(kind="mask", masks=masks, cut=CUT_BOTH - set(parts.values()) if parts else CUT_BOTH)
    roots: list[tuple[str, Part | None]] = [(os.path.join(folder, name), part) for name, part in parts.items()]
    for root, part in roots or [(folder, None)]:
        for path in walk_pictures(root):
            if _inside(masks, folder) and _inside(path, masks):
                continue
            parent = os.path.dirname(path)
            group = parent if group_by_folder and parent != root else ""
            source.add(path, mask_of.get(_name(path, folder)), part, group)
    others = [name for name in folders if parts and name not in parts and os.path.join(folder, name) != masks]
    if others:
        source.notes.append(f"Beside train/ in {folder}, {', '.join(others[:5])} is no part and is left aside.")
    return source


def _by_name(task: str, masks: str, files: Iterable[str]) -> dict[str, str]:
    """Relative path without suffix → mask."""
    found: dict[str, str] = {}
    for path in files:
        other = found.setdefault(_name(path, masks), path)
        if other != path:
            raise RequestError(
                f"Task {task}: two masks have the same name, {other} and {path}.", "Keep the right one of the two."
            )
    return found


def _name(path: str, folder: str) -> str:
    return os.path.splitext(os.path.relpath(path, folder))[0]


def _inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _note_what_is_alone(source: Source, folder: str, masks: str, files: list[str]) -> None:
    alone = [os.path.relpath(path, folder) for path, mask in zip(source.paths, source.labels, strict=True) if not mask]
    if alone:
        have = verb(len(alone), "has", "have")
        source.notes.append(f"{pictures(len(alone))} {have} no mask, and so no label: {some(alone)}.")
    used = set(source.labels)
    unused = [os.path.relpath(path, masks) for path in files if path not in used]
    if unused:
        masks_have = f"{len(unused)} {verb(len(unused), 'mask has', 'masks have')}"
        source.notes.append(f"{masks_have} no picture: {some(unused)}.")


def _no_pairs(task: str, folder: str, masks: str, source: Source, files: list[str]) -> RequestError:
    if not source.paths:
        return RequestError(f"Task {task}: no picture lies in `source` = {folder!r}.", "Give the folder of pictures.")
    if not files:
        return RequestError(f"Task {task}: no picture lies in `masks` = {masks!r}.", "Give the folder of masks.")
    picture, mask = os.path.relpath(source.paths[0], folder), os.path.relpath(files[0], masks)
    return RequestError(
        f"Task {task}: no mask in {masks!r} is named like a picture (the first are {picture!r} and {mask!r}).",
        "Name each mask like its picture, in the same inner folder; only the endings may differ.",
    )
