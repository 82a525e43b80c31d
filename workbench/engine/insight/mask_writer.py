"""Masks of answered pictures: how much of each class there is, and a file in the coding of the masks learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from workbench.core.errors import RunError
from workbench.core.resolved import Resolved, ResolvedTask
from workbench.engine.data.headers import read_header
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.mask_judge import best_classes


class MaskWriter:
    """Writes one grey PNG a picture, DIR/STEM.png, or DIR/TASK/STEM.png where a run has several mask tasks.

    Args:
        folder: where they go, made when the first is written; None for areas alone.
    """

    def __init__(self, folder: Path | None, resolved: Resolved) -> None:
        self._folder, self._view = folder, resolved.view
        self._several = sum(task.kind == "mask" for task in resolved.tasks) > 1
        self._taken: set[Path] = set()

    def answer(self, task: ResolvedTask, logits: Tensor, picture: Path) -> dict[str, Any]:
        """A mask task's part of the JSON of `predict`.

        Args:
            logits: (K, S, S).

        Raises:
            RunError: the mask cannot be written.
        """
        width, height = read_header(str(picture))
        classes = best_classes(logits, (height, width), self._view)
        areas = np.bincount(classes.reshape(-1), minlength=len(task.classes)) / classes.size
        answer = REPORTS["mask"].answer(task, areas)
        if self._folder is not None:
            values = np.array(task.mask_values, np.uint8)
            answer["mask"] = str(self._write(self._place(task.name, picture), values[classes]))
        return answer

    def _place(self, task: str, picture: Path) -> Path:
        """A file of the picture's name that no other picture of this answer has."""
        assert self._folder is not None
        folder = self._folder / task if self._several else self._folder
        path, number = folder / f"{picture.stem}.png", 1
        while path in self._taken:
            number += 1
            path = folder / f"{picture.stem}-{number}.png"
        self._taken.add(path)
        return path

    def _write(self, path: Path, mask: np.ndarray[Any, np.dtype[np.uint8]]) -> Path:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(mask).save(path)
        except OSError as error:
            text = f"The mask {path} cannot be written: {error}."
            raise RunError(text, "Choose another folder for --out.") from error
        return path
