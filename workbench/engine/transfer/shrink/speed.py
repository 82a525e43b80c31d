"""How long a picture takes: all models in turn, again and again, so that what else the machine does falls on each."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence

import numpy as np
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.engine.transfer.shrink.contender import Contender

TIMING = "measuring speed"
RUNS = 50
"""Runs of each model, of which the median counts."""
BATCH = 8
_WARM = 3
_MOST_S, _LEAST = 60.0, 10
"""Seconds after which batches of large models are timed no more, once there are so many runs of them."""

Times = dict[str, dict[str, float | int]]


def timed(contenders: Sequence[Contender], images: Tensor, control: Control) -> Generator[Event, None, Times | None]:
    """Median milliseconds per picture of each model, alone and in a batch; None where it was told to end.

    Args:
        images: (B, 3, S, S) float in [0, 1], repeated where there are fewer than a batch.
    """
    batch = images[torch.arange(BATCH) % len(images)].contiguous()
    found: Times = {each.name: {} for each in contenders}
    for number, (key, pictures) in enumerate({"ms_one": batch[:1], "ms_batch": batch}.items()):
        ready = [(each, each.sized(pictures).contiguous()) for each in contenders]
        for each, own in ready:
            for _ in range(_WARM):
                each.answer(own)
        spent: dict[str, list[float]] = {each.name: [] for each in contenders}
        begun = time.perf_counter()
        for run in range(RUNS):
            if run >= _LEAST and time.perf_counter() - begun > _MOST_S:
                break
            for each, own in ready:
                start = time.perf_counter()
                each.answer(own)
                spent[each.name].append(1000 * (time.perf_counter() - start) / len(pictures))
            yield Progress(what=TIMING, done=number * RUNS + run + 1, total=2 * RUNS)
            control.meet()
            control.wait_while_paused()
            if control.ending:
                return None
        for name, values in spent.items():
            found[name] |= {key: float(np.median(values)), key.replace("ms", "runs"): len(values)}
    return found
