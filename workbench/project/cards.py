"""The graphics cards that NVIDIA's driver knows, asked through NVML; without the driver there are none."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Card:
    """What a card does now; None stands for what the driver does not tell.

    Attributes:
        load: share of the time in which it computed something, in [0, 1].
        own_bytes: of its memory, what the processes in question hold; None as well where the driver knows none of
            them, as in a container.
    """

    name: str
    load: float | None
    used_bytes: int | None
    total_bytes: int | None
    own_bytes: int | None
    celsius: float | None


class Cards:
    """A connection to the driver, to be closed. It may be used on any thread, by one at a time."""

    def __init__(self) -> None:
        self._nvml: Any = importlib.import_module("pynvml")  # its functions carry no types
        self._open = True
        try:
            self._nvml.nvmlInit()
        except self._nvml.NVMLError:
            self._open = False  # no driver, no card

    def __len__(self) -> int:
        return int(self._asked(self._nvml.nvmlDeviceGetCount) or 0) if self._open else 0

    def read(self, pids: Collection[int] = ()) -> tuple[Card, ...]:
        """All cards, in the driver's order.

        Args:
            pids: the processes whose share of the memory is wanted.
        """
        handles = (self._asked(self._nvml.nvmlDeviceGetHandleByIndex, index) for index in range(len(self)))
        return tuple(self._card(handle, pids) for handle in handles if handle is not None)

    def close(self) -> None:
        """Let the driver go."""
        if self._open:
            self._open = False
            self._nvml.nvmlShutdown()

    def __enter__(self) -> Cards:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _card(self, handle: Any, pids: Collection[int]) -> Card:
        nvml = self._nvml
        rates = self._asked(nvml.nvmlDeviceGetUtilizationRates, handle)
        memory = self._asked(nvml.nvmlDeviceGetMemoryInfo, handle)
        celsius = self._asked(nvml.nvmlDeviceGetTemperature, handle, nvml.NVML_TEMPERATURE_GPU)
        return Card(
            name=self._asked(nvml.nvmlDeviceGetName, handle) or "NVIDIA",
            load=None if rates is None else rates.gpu / 100,
            used_bytes=None if memory is None else int(memory.used),
            total_bytes=None if memory is None else int(memory.total),
            own_bytes=self._own_bytes(handle, pids),
            celsius=None if celsius is None else float(celsius),
        )

    def _own_bytes(self, handle: Any, pids: Collection[int]) -> int | None:
        running = self._asked(self._nvml.nvmlDeviceGetComputeRunningProcesses, handle) if pids else None
        held = [process.usedGpuMemory for process in running or () if process.pid in pids]
        return sum(map(int, held)) if held and None not in held else None

    def _asked(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """The driver's answer; None where it has none: not every card tells everything, and one can be lost."""
        try:
            return question(*arguments)
        except self._nvml.NVMLError:
            return None
