"""Which sizes of picture a network takes: tried on the meta device, where nothing is computed."""

from __future__ import annotations

import torch

from workbench.engine.model.staged import Backbone

_STEPS = (1, 2, 4, 7, 8, 14, 16, 32, 64)
_LEAST = (32, 48, 64, 75, 96, 112, 128, 160, 192)


def sizes(backbone: Backbone, size: int, cell: int) -> tuple[int, int]:
    """(smallest size, step) of the square pictures that a backbone on the meta device takes; step 0 for one size alone.

    Args:
        size: that it was made for.
        cell: pixels that one cell of its last map stands for.
    """
    for step in _STEPS:
        if not all(_takes(backbone, size + step * more) for more in (1, 3)):
            continue
        for least in sorted({cell, *_LEAST, size}):
            first = size - (size - least) // step * step
            if cell <= least <= size and _takes(backbone, first):
                return first, step
    return size, 0


def _takes(backbone: Backbone, size: int) -> bool:
    images = torch.empty(2, 3, size, size, device="meta")
    try:
        with torch.no_grad():
            x = images
            for index in range(backbone.stage_count):
                x = backbone.run_stage(index, x)
                backbone.as_map(index, x, (size, size))
            return tuple(backbone.pool(x).shape) == (2, backbone.out_features)
    # What a network that takes one size alone does with another is up to it.
    except Exception:  # noqa: BLE001
        return False
