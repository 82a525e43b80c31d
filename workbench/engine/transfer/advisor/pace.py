"""How fast a backbone is on this machine."""

from __future__ import annotations

import time

import torch

from workbench.engine import device as devices
from workbench.engine.training.inputs import view_features
from workbench.engine.transfer.advisor.bench import Mounted

_ROUNDS, _ENOUGH_S = 3, 0.5


def images_per_s(mounted: Mounted) -> float:
    """Pictures a second through the frozen backbone, in the precision, layout and chunks that features are computed in.

    Reading pictures is not counted. The best of up to three rounds, within about half a second.
    """
    network, device, chunk, size = mounted.network, mounted.device, mounted.chunk, mounted.resolved.view.size
    noise = torch.randint(0, 256, (chunk, 3, size, size), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    pixels = noise.contiguous(memory_format=torch.channels_last).to(device)
    network.eval()
    taken: list[float] = []
    begin = time.perf_counter()
    while len(taken) < _ROUNDS + 1 and (len(taken) < 2 or time.perf_counter() - begin < _ENOUGH_S):
        devices.synchronise(device)
        started = time.perf_counter()
        view_features(network, pixels, mounted.resolved)
        devices.synchronise(device)
        taken.append(time.perf_counter() - started)
    return chunk / min(taken[1:])
