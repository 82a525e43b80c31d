"""Answers for pixels at a picture's own size: laid beside the picture's mask, or made one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.control import Control
from workbench.core.resolved import ViewParameters
from workbench.engine.data.masks import IGNORED, read_mask, to_classes
from workbench.engine.data.unreadable import UnreadableImage

Classes = npt.NDArray[np.uint8]


class MaskJudge:
    """Compares answers with the masks of a table's pictures, each at the picture's own size.

    Args:
        masks: for each row the mask's file, or None where there is none.
        values: the pixel value of each of the K classes.
        view: how pictures are seen.
    """

    def __init__(self, masks: Sequence[Path | None], values: Sequence[int], view: ViewParameters) -> None:
        self._masks, self._values, self._view = masks, list(values), view

    def judge(self, logits: Tensor, rows: npt.NDArray[np.int64], control: Control) -> npt.NDArray[np.float64]:
        """(B, K² + 1): pixel counts, row by row what pixels are and what they were taken for, and the loss in nats.

        All nought for a picture without a mask, and for those that are left when `control.ending` comes between.

        Args:
            logits: (B, K, S, S) float32.
            rows: (B,) of the table.
        """
        classes = len(self._values)
        found = np.zeros((len(rows), classes**2 + 1))
        for at, row in enumerate(rows.tolist()):
            path = self._masks[row]
            if path is None or control.ending:
                continue
            try:
                truth = to_classes(read_mask(path), self._values)
            except UnreadableImage:
                continue  # the mask store has said so
            found[at] = _compare(logits[at], truth, self._view)
        return found


def _compare(logits: Tensor, truth: Classes, view: ViewParameters) -> npt.NDArray[np.float64]:
    """(K² + 1,) of one picture."""
    classes = len(logits)
    wanted = torch.from_numpy(truth.astype(np.int64)).to(logits.device)
    known = wanted != IGNORED
    best = torch.full(wanted.shape, -torch.inf, device=logits.device)
    said = torch.zeros_like(wanted)
    total, right = best.clone(), torch.zeros_like(best)
    for number, plane in enumerate(planes(logits, truth.shape, view)):
        said = torch.where(plane > best, number, said)
        best = torch.maximum(best, plane)
        total = torch.logaddexp(total, plane)
        right = torch.where(wanted == number, plane, right)
    if not bool(known.any()):
        return np.zeros(classes**2 + 1)
    counts = torch.bincount(wanted[known] * classes + said[known], minlength=classes**2).double().cpu().numpy()
    return np.append(counts, float((total - right)[known].double().mean()))


def best_classes(logits: Tensor, size: tuple[int, int], view: ViewParameters) -> Classes:
    """The class (height, width) of each pixel of a picture of that (height, width), from logits (K, S, S)."""
    best = torch.full(size, -torch.inf, device=logits.device)
    said = torch.zeros(size, dtype=torch.uint8, device=logits.device)
    for number, plane in enumerate(planes(logits, size, view)):
        said = torch.where(plane > best, number, said)
        best = torch.maximum(best, plane)
    return said.cpu().numpy()


def planes(logits: Tensor, size: tuple[int, int], view: ViewParameters) -> Iterator[Tensor]:
    """Each class's logits (height, width) at the picture's own size, one after another to spare memory.

    Bars that the view has put around the picture are cut off first.
    """
    height, width = size
    if view.resize == "pad":
        side = view.size
        scale = side / max(width, height)
        inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
        left, top = (side - inner_width) // 2, (side - inner_height) // 2
        logits = logits[:, top : top + inner_height, left : left + inner_width]
    for plane in logits:
        yield functional.interpolate(plane[None, None], size=size, mode="bilinear", align_corners=False)[0, 0]
