"""Folders of pictures and folders of their masks, told by their names and by the names of what lies in them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

PICTURE_SUFFIXES = frozenset((".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".avif"))
_PICTURES = frozenset(("images", "image", "imgs", "img", "pictures", "photos", "inputs", "input", "raw"))
_MASKS = frozenset(
    ("masks", "mask", "labels", "label", "annotations", "annotation", "segmentation", "segmentations", "targets", "gt")
)
_TRIED = 20
"""Masks whose pictures are looked up: a drag must not wait for a folder of a million."""


class MaskPair(NamedTuple):
    """A folder of pictures and the folder of their masks."""

    pictures: Path
    masks: Path


def find_pair(folders: Sequence[Path]) -> MaskPair | None:
    """The pictures and masks that one folder holds, or that two folders are; None where they are none."""
    if len(folders) == 1:
        return _inside(folders[0])
    if len(folders) == 2:
        for pictures, masks in (folders, reversed(folders)):
            if masks.name.casefold() in _MASKS and pictures.name.casefold() not in _MASKS:
                return _if_alike(pictures, masks)
    return None


def count_pairs(pictures: Path, masks: Path) -> tuple[int, int]:
    """Pictures that have a mask of the same name, in the same inner folder, and pictures in all.

    Lists both folders: not for the window's thread.

    Raises:
        OSError: one of them cannot be listed.
    """
    for folder in (pictures, masks):
        os.scandir(folder).close()
    named, found = set(_names(masks)), set(_names(pictures))
    return len(found & named), len(found)


def _inside(folder: Path) -> MaskPair | None:
    try:
        with os.scandir(folder) as entries:
            names = {entry.name.casefold(): Path(entry.path) for entry in islice(entries, 200) if entry.is_dir()}
    except OSError:
        return None
    pictures = next((path for name, path in names.items() if name in _PICTURES), None)
    masks = next((path for name, path in names.items() if name in _MASKS), None)
    return _if_alike(pictures, masks) if pictures and masks else None


def _if_alike(pictures: Path, masks: Path) -> MaskPair | None:
    """The pair if at least every second mask that is tried has a picture of the same name."""
    tried = list(islice(_names(masks), _TRIED))
    found = sum(_has_picture(pictures, name) for name in tried)
    return MaskPair(pictures, masks) if tried and 2 * found >= len(tried) else None


def _has_picture(folder: Path, name: str) -> bool:
    suffixes = (*sorted(PICTURE_SUFFIXES), *sorted(suffix.upper() for suffix in PICTURE_SUFFIXES))
    return any((folder / f"{name}{suffix}").is_file() for suffix in suffixes)


def _names(folder: Path) -> Iterator[str]:
    """The paths of all pictures below a folder, relative to it and without their suffixes."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in PICTURE_SUFFIXES:
                yield os.path.relpath(os.path.splitext(os.path.join(place, name))[0], folder)
