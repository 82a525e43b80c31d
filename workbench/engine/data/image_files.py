"""Which files are pictures, where they lie, and which of them a table means."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import PurePath

from PIL import Image

# Pillow recognises these but has no decoder for them.
_WITHOUT_DECODER = {"BUFR", "GRIB", "HDF5", "MPEG"}


@cache
def picture_suffixes() -> frozenset[str]:
    """Every suffix, in lower case and with its dot, that Pillow can open."""
    extensions = Image.registered_extensions()
    return frozenset(
        suffix for suffix, name in extensions.items() if name in Image.OPEN and name not in _WITHOUT_DECODER
    )


def is_picture(name: str) -> bool:
    """Whether a file of that name counts as a picture: a known suffix in any case, and not hidden."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in picture_suffixes()


def list_folder(folder: str) -> tuple[list[str], list[str]]:
    """The names of the folders and of the pictures directly inside `folder`, sorted, without hidden ones.

    Raises:
        OSError: the folder cannot be read.
    """
    folders, pictures = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                folders.append(entry.name)
            elif is_picture(entry.name):
                pictures.append(entry.name)
    return sorted(folders), sorted(pictures)


def walk_pictures(folder: str) -> Iterator[str]:
    """Every picture at any depth under `folder`, folder by folder; a link that leads back is followed only once."""
    waiting, seen = [folder], set[str]()
    while waiting:
        current = waiting.pop()
        real = os.path.realpath(current)
        if real in seen:
            continue
        seen.add(real)
        folders, pictures = list_folder(current)
        for name in pictures:
            yield os.path.join(current, name)
        waiting.extend(os.path.join(current, name) for name in reversed(folders))


class PathResolver:
    """Resolves many paths quickly: the links of each folder are followed only once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        """The real path of a file, in the case that the system takes for the same."""
        folder, name = os.path.split(path)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder)
        resolved = os.path.join(real, name)
        if os.path.islink(resolved):
            resolved = os.path.realpath(resolved)
        return os.path.normcase(resolved)


class PictureFinder:
    """Finds the files that the cells of a table mean, reading each folder once.

    A name is taken as it stands where there is such a file. Otherwise a name without suffix, or one that differs
    only in case or Unicode spelling, is taken where exactly one picture answers to it.
    """

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}
        self._folded: dict[str, dict[str, list[str]]] = {}

    def find(self, path: str) -> tuple[str | None, str]:
        """The file that `path` means and "", or None and the reason in words."""
        folder, name = os.path.split(os.path.normpath(path))
        if name in self._listing(folder):
            return os.path.join(folder, name), ""
        candidates = self._spellings(folder).get(_fold(name), [])
        if len(candidates) == 1:
            return os.path.join(folder, candidates[0]), ""
        if candidates:
            return None, f"could be any of {', '.join(sorted(candidates)[:4])}"
        return None, "there is no such file"

    def _listing(self, folder: str) -> set[str]:
        names = self._names.get(folder)
        if names is None:
            names = self._names[folder] = _file_names(folder)
        return names

    def _spellings(self, folder: str) -> dict[str, list[str]]:
        """Folded name, with and without suffix → the pictures that answer to it."""
        spellings = self._folded.get(folder)
        if spellings is None:
            spellings = self._folded[folder] = {}
            for name in filter(is_picture, self._listing(folder)):
                spellings.setdefault(_fold(name), []).append(name)
                spellings.setdefault(_fold(PurePath(name).stem), []).append(name)
        return spellings


def _file_names(folder: str) -> set[str]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries if not entry.is_dir()}
    except OSError:
        return set()  # a folder that is not there holds no file: each of its pictures is reported as missing


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
