"""How fast a backbone is on this machine and how much memory it takes."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import psutil
import torch

from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.inputs import view_features

_EVERY_S = 0.01
_ROUNDS, _ENOUGH_S = 3, 0.5
_MB = 1e6


class PeakMemory:
    """The most memory that is taken inside a `with`.

    On a graphics card: of what torch has allocated there, exact. Elsewhere: resident memory of the whole process,
    looked at every hundredth of a second; it counts Python, the libraries and whatever the process holds besides, and
    a peak shorter than that may be missed.

    Attributes:
        mb: megabytes, once the `with` is left.
    """

    def __init__(self, device: torch.device) -> None:
        self._device, self.mb = device, 0.0
        self._process, self._over = psutil.Process(), threading.Event()
        self._watch = threading.Thread(target=self._look, name="memory", daemon=True)

    def __enter__(self) -> PeakMemory:
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)
        else:
            self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._device.type == "cuda":
            self.mb = torch.cuda.max_memory_allocated(self._device) / _MB
        else:
            self._over.set()
            self._watch.join()

    def _look(self) -> None:
        while True:
            self.mb = max(self.mb, self._process.memory_info().rss / _MB)
            if self._over.wait(_EVERY_S):
                return


def how_measured(device: torch.device) -> str:
    """What the megabytes of `PeakMemory` are, in words."""
    if device.type == "cuda":
        return "the most that was allocated on the graphics card"
    return "the most that the whole process held, Python and libraries included"


def images_per_s(network: MultiTaskNetwork, resolved: Resolved, device: torch.device, chunk: int) -> float:
    """Pictures a second through the frozen backbone, in the precision, layout and chunks that features are computed in.

    Reading pictures is not counted. The best of up to three rounds, within about half a second.
    """
    size = resolved.view.size
    noise = torch.randint(0, 256, (chunk, 3, size, size), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    pixels = noise.contiguous(memory_format=torch.channels_last).to(device)
    network.eval()
    taken: list[float] = []
    begin = time.perf_counter()
    while len(taken) < _ROUNDS + 1 and (len(taken) < 2 or time.perf_counter() - begin < _ENOUGH_S):
        devices.synchronise(device)
        started = time.perf_counter()
        view_features(network, pixels, resolved)
        devices.synchronise(device)
        taken.append(time.perf_counter() - started)
    return chunk / min(taken[1:])
