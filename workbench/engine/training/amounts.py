"""How many pictures are worked on at once: from tables, so that a resumed run takes the same."""

from __future__ import annotations

from workbench.core import catalogue
from workbench.core.resolved import Resolved

CPU_BATCH, GPU_BATCH = 32, 64
LEAST_BATCH, LEAST_DENSE_BATCH = 8, 2
"""Smallest batch that is taken: where each pixel has a label, a few pictures are many samples."""
STEPS_PER_EPOCH, DENSE_STEPS_PER_EPOCH = 8, 12
"""Fewest steps that an epoch on pixels is cut into, where there are pictures enough."""
_CPU_MACS = 30e9
"""Multiplications in a forward piece on a CPU: training on it takes about a second on two cores; a stop is prompt."""
_CPU_CHUNK, _GPU_CHUNK = 32, 64


def automatic_batch(device_type: str, rows: int, dense: bool = False) -> int:
    """Pictures in a step where nothing is asked for, for `rows` training pictures.

    Args:
        dense: every task labels each pixel.
    """
    most = CPU_BATCH if device_type == "cpu" else GPU_BATCH
    least, steps = (LEAST_DENSE_BATCH, DENSE_STEPS_PER_EPOCH) if dense else (LEAST_BATCH, STEPS_PER_EPOCH)
    return max(least, min(most, rows // steps))


def piece(resolved: Resolved) -> int:
    """Pictures that go through the backbone at once."""
    if not resolved.device.startswith("cpu"):
        return _GPU_CHUNK
    facts = catalogue.get(resolved.project.backbone.name)
    macs = facts.macs * (resolved.view.size / facts.input_size) ** 2
    return max(1, min(_CPU_CHUNK, int(_CPU_MACS / macs)))
