"""What a training step costs from each freeze depth, measured."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import NamedTuple

import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.engine import device as devices
from workbench.engine.transfer.advisor.bench import Mounted
from workbench.engine.transfer.advisor.memory import PeakMemory

STEPPING = "measuring training steps"
_LONG_S = 0.7
"""A first step that takes longer is not repeated: what warming up adds to it is little."""


class Cost(NamedTuple):
    """A training step of one piece of pictures: the backbone forwards and, where it trains, backwards.

    Attributes:
        memory_mb: the most that was taken meanwhile (see `PeakMemory`).
        step_ms: milliseconds.
        step_images: pictures in the piece.
    """

    memory_mb: float
    step_ms: float
    step_images: int


def step_costs(mounted: Mounted, control: Control) -> Generator[Event, None, list[Cost] | None]:
    """The cost at each freeze depth from 0 on, on noise; None when told to end. The network's numbers stay as they are.

    The deepest comes first, so that memory which the process keeps from one depth does not count for a cheaper one.
    """
    size, network = mounted.resolved.view.size, mounted.network
    count = min(mounted.chunk, mounted.resolved.batch_size)
    noise = torch.rand((count, 3, size, size), generator=torch.Generator().manual_seed(0)).to(mounted.device)
    images = noise.contiguous(memory_format=devices.MEMORY_FORMATS[mounted.resolved.layout])
    network.eval()
    depths = network.backbone.stage_count
    found: list[Cost] = []
    for depth in range(depths, -1, -1):
        yield Progress(what=STEPPING, done=depths - depth, total=depths + 1)
        network.freeze(depth)
        with PeakMemory(mounted.device, mounted.bench.held_bytes) as memory:
            taken = _step_s(mounted, images)
            if taken < _LONG_S:
                taken = min(_step_s(mounted, images) for _ in range(2))
        found.insert(0, Cost(memory.mb, 1000 * taken, count))
        control.wait_while_paused()
        if control.ending:
            return None
    return found


def _step_s(mounted: Mounted, images: Tensor) -> float:
    """Seconds of one step; stages that are frozen run without a gradient."""
    network = mounted.network
    devices.synchronise(mounted.device)
    begin = time.perf_counter()
    trains = any(parameter.requires_grad for parameter in network.backbone.parameters())
    resolved = mounted.resolved
    with torch.set_grad_enabled(trains), devices.autocast(mounted.device, resolved.precision, resolved.convolutions):
        features = network.features(images)
    if trains:
        features.float().square().mean().backward()  # type: ignore[no-untyped-call]
    devices.synchronise(mounted.device)
    taken = time.perf_counter() - begin
    network.zero_grad(set_to_none=True)
    return taken
