"""How much memory is taken."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from types import TracebackType

import psutil
import torch

_EVERY_S = 0.01
_MB = 1e6


def held_bytes() -> int:
    """Memory that this process holds for itself, without files that are mapped, once what is free is given back."""
    gc.collect()
    if _trim is not None:
        _trim(0)
    return _own_bytes(psutil.Process())


def _own_bytes(process: psutil.Process) -> int:
    facts = process.memory_info()
    return int(facts.rss - getattr(facts, "shared", 0))


def _find_trim() -> Callable[[int], int] | None:
    """Of the C library, where it has it: gives memory that is free back to the system."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


_trim = _find_trim()


class PeakMemory:
    """The most memory that is taken inside a `with`.

    On a graphics card: of what torch has allocated there, exact. Elsewhere: what the process holds more than
    `beside`, looked at every hundredth of a second, so that a peak shorter than that may be missed.

    Args:
        beside: what `held_bytes` gave before anything was built.

    Attributes:
        mb: megabytes, once the `with` is left.
    """

    def __init__(self, device: torch.device, beside: int) -> None:
        self._device, self._beside, self.mb = device, beside, 0.0
        self._process, self._over = psutil.Process(), threading.Event()
        self._watch = threading.Thread(target=self._watching, name="memory", daemon=True)

    def __enter__(self) -> PeakMemory:
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)
        else:
            held_bytes()
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
            self._look()

    def _watching(self) -> None:
        while not self._over.wait(_EVERY_S):
            self._look()

    def _look(self) -> None:
        self.mb = max(self.mb, (_own_bytes(self._process) - self._beside) / _MB)


def how_measured(device: torch.device) -> str:
    """What the megabytes of `PeakMemory` are, in words."""
    if device.type == "cuda":
        return "the most that was allocated on the graphics card"
    return "the most that the program held beside itself and its libraries"
