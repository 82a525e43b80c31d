"""The targets of a batch, on the device that trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.engine import device as devices
from workbench.engine.data.augment import augment_masks
from workbench.engine.data.drawing import Draws, rows_of
from workbench.engine.data.masks import IGNORED, MaskStore
from workbench.engine.data.sample_table import SampleTable

Rows = npt.NDArray[np.int64]


class Labels:
    """The targets of a sample table: small ones lie on the device; masks are gathered, and varied as pictures are.

    Args:
        tasks: T names in the network's order.
        masks: where the masks of mask tasks come from.
        seed, level: how pictures are varied in the phase.

    Attributes:
        labelled: (N, T) bool, which pictures have a label of each task.
    """

    def __init__(
        self,
        table: SampleTable,
        tasks: Sequence[str],
        device: torch.device,
        masks: Mapping[str, MaskStore],
        seed: int = 0,
        level: str = "none",
    ) -> None:
        self._device, self._masks, self._seed, self._level = device, masks, seed, level
        self.labelled = np.stack([table.targets[task] >= 0 for task in tasks], axis=1)
        self._values: dict[str, Tensor] = {}
        self._places: dict[str, Rows] = {}
        for task in tasks:
            encoded = table.encoded(task)
            if task in masks:
                self._places[task] = encoded
            else:
                values = torch.from_numpy(encoded)
                self._values[task] = (values.float() if values.is_floating_point() else values).to(device)

    def of(self, draws: Draws, tasks: Sequence[str], epoch: int) -> dict[str, Tensor]:
        """{task: targets} of B draws: (B,) int64, (B, L) int8, (B,) float32 or (B, S, S) uint8 by kind."""
        rows = rows_of(draws)
        index = devices.move(rows, self._device)
        found = {}
        for task in tasks:
            if task in self._values:
                found[task] = self._values[task][index]
            else:
                masks = devices.move(self._masks[task].read(self._places[task][rows]), self._device)
                found[task] = augment_masks(masks, draws, self._seed, epoch, self._level)
        return found


def without(targets: Tensor, chosen: Tensor) -> Tensor:
    """Targets (B, ...) with those of the chosen pictures (B,) bool made missing."""
    missing = float("nan") if targets.is_floating_point() else IGNORED if targets.dtype == torch.uint8 else -1
    return targets.masked_fill(chosen.view(-1, *[1] * (targets.ndim - 1)), missing)
