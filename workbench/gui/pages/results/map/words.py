"""What is said of the pictures behind the points of a map."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.map.document import PictureMap
from workbench.gui.widgets.gallery_model import GalleryItem


@dataclass(frozen=True)
class PictureWords:
    """Of the pictures of a map, by row.

    Attributes:
        folder: the project's.
        task: whose labels and answers stand under a picture; empty for none.
    """

    map: PictureMap
    folder: Path
    task: str = ""

    def path(self, row: int) -> str:
        """The picture's file."""
        return os.path.join(self.folder, self.map.images[row])

    def lines(self, row: int) -> list[str]:
        """The picture's file, what each task says of it, and its part."""
        lines = [os.path.basename(self.map.images[row])]
        for name, task in self.map.tasks.items():
            label, answer = task.label[row], task.answer[row]
            if label is None:
                lines.append(QCoreApplication.translate("MapPanel", "{0}: said {1}").format(name, answer))
            else:
                lines.append(f"{name}: {_both(label, answer)}")
        return [*lines, part_title(self.map.part[row])]

    def item(self, row: int) -> GalleryItem:
        """The picture as a gallery shows it."""
        path, task = self.path(row), self.map.tasks.get(self.task)
        if task is None:
            return GalleryItem(path, part_title(self.map.part[row]))
        label, answer = task.label[row], task.answer[row]
        right = None if label is None or task.kind == "number" else label == answer
        return GalleryItem(path, _both(label, answer), right, "\n".join([*self.lines(row), path]))

    def items(self, rows: Sequence[int]) -> list[GalleryItem]:
        """Several pictures."""
        return [self.item(row) for row in rows]


def _both(label: str | None, answer: str) -> str:
    """What is true and what was said, where they differ."""
    return answer if label is None or label == answer else f"{label} → {answer}"
