"""What was dropped, pasted or chosen: pictures, folders of pictures, or a picture that lies on the clipboard only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QTemporaryDir
from PySide6.QtGui import QImage

_KNOWN = """
.jpg .jpeg .jpe .jfif .png .gif .bmp .dib .tif .tiff .webp .avif
.ppm .pgm .pbm .pnm .tga .ico .jp2 .j2k .pcx .sgi
"""
SUFFIXES = frozenset(_KNOWN.split())
"""Files of a folder that count as pictures; a file that is named itself is always tried."""


@dataclass(frozen=True)
class Incoming:
    """What is to be answered: one picture, or many with the folder that holds them."""

    pictures: tuple[Path, ...]
    folder: Path | None = None

    @property
    def single(self) -> bool:
        """Whether one picture is meant, not a list."""
        return self.folder is None and len(self.pictures) == 1


def gather(paths: Sequence[Path]) -> Incoming:
    """The pictures among files and folders, in the order of their names within each folder. Reads folders: slow."""
    folders = [path for path in paths if path.is_dir()]
    pictures: list[Path] = []
    for path in paths:
        pictures += pictures_in(path) if path.is_dir() else [path]
    return Incoming(tuple(pictures), folders[0] if folders else None)


def pictures_in(folder: Path) -> list[Path]:
    """All pictures in a folder and below."""
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(root, name) for name in sorted(names) if is_picture_name(name)]
    return found


def is_picture_name(name: str) -> bool:
    """Whether a file's name says that it is a picture."""
    return os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith(".")


def local_paths(mime: QMimeData) -> list[Path]:
    """The local files and folders of a drop or of the clipboard."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class Pasted:
    """Keeps pictures that lie on the clipboard only as files, until the program ends."""

    def __init__(self) -> None:
        self._folder = QTemporaryDir()
        self._count = 0

    def smallest(self) -> Path | None:
        """A picture of a few grey pixels, for a first question whose answer nobody waits for."""
        path = Path(self._folder.filePath("first.png"))
        if not path.exists():
            image = QImage(8, 8, QImage.Format.Format_RGB32)
            image.fill(0x808080)
            image.save(str(path))
        return path if path.exists() else None

    def holds(self, path: Path) -> bool:
        """Whether a picture lies here alone, and so will be gone."""
        return path.parent == Path(self._folder.path())

    def keep(self, image: QImage) -> Path | None:
        """Save a picture; None where it cannot be saved."""
        self._count += 1
        path = Path(self._folder.filePath(f"pasted-{self._count}.png"))
        return path if self._folder.isValid() and image.save(str(path)) else None


def image_of(mime: QMimeData) -> QImage | None:
    """The picture itself on the clipboard or in a drop, such as one copied from a browser."""
    if not mime.hasImage():
        return None
    image = mime.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None
