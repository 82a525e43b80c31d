"""Folders of pictures and folders of their masks, told by their names and by the names of what lies in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
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
    """Pictures that have a mask of the same name, and pictures in all. Lists both folders: not for the window's thread.

    Raises:
        OSError: one of them cannot be listed.
    """
    named = _stems(masks)
    found = _stems(pictures)
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
    try:
        with os.scandir(masks) as entries:
            tried = [Path(each.name).stem for each in islice(filter(_is_picture, entries), _TRIED)]
    except OSError:
        return None
    found = sum(_has_picture(pictures, stem) for stem in tried)
    return MaskPair(pictures, masks) if tried and 2 * found >= len(tried) else None


def _has_picture(folder: Path, stem: str) -> bool:
    suffixes = (*sorted(PICTURE_SUFFIXES), *sorted(suffix.upper() for suffix in PICTURE_SUFFIXES))
    return any((folder / f"{stem}{suffix}").is_file() for suffix in suffixes)


def _is_picture(entry: os.DirEntry[str]) -> bool:
    return Path(entry.name).suffix.lower() in PICTURE_SUFFIXES and entry.is_file()


def _stems(folder: Path) -> set[str]:
    with os.scandir(folder) as entries:
        return {Path(entry.name).stem for entry in entries if _is_picture(entry)}
