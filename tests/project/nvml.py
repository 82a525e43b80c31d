"""A driver for the tests: it says what it is told to."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest


class NVMLError(Exception):
    pass


class Driver:
    """Stands for the module pynvml. A card is a dict with name, gpu, used, total, celsius and held ({pid: bytes}).

    What a card has not is not supported.
    """

    NVMLError = NVMLError
    NVML_TEMPERATURE_GPU = 0

    def __init__(self, *cards: dict[str, Any], there: bool = True) -> None:
        self.cards = cards
        self.there = there
        self.opened = 0

    def nvmlInit(self) -> None:
        if not self.there:
            raise NVMLError("no driver")
        self.opened += 1

    def nvmlShutdown(self) -> None:
        self.opened -= 1

    def nvmlDeviceGetCount(self) -> int:
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> dict[str, Any]:
        if self.cards[index].get("lost"):
            raise NVMLError("lost")
        return self.cards[index]

    def nvmlDeviceGetName(self, card: dict[str, Any]) -> str:
        return str(_of(card, "name"))

    def nvmlDeviceGetUtilizationRates(self, card: dict[str, Any]) -> SimpleNamespace:
        return SimpleNamespace(gpu=_of(card, "gpu"))

    def nvmlDeviceGetMemoryInfo(self, card: dict[str, Any]) -> SimpleNamespace:
        return SimpleNamespace(used=_of(card, "used"), total=_of(card, "total"))

    def nvmlDeviceGetTemperature(self, card: dict[str, Any], sensor: int) -> int:
        return int(_of(card, "celsius"))

    def nvmlDeviceGetComputeRunningProcesses(self, card: dict[str, Any]) -> list[SimpleNamespace]:
        return [SimpleNamespace(pid=pid, usedGpuMemory=held) for pid, held in _of(card, "held").items()]


def with_driver(monkeypatch: pytest.MonkeyPatch, driver: Driver) -> Driver:
    """Let NVML be asked of this driver."""
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    return driver


def _of(card: dict[str, Any], what: str) -> Any:
    if what not in card:
        raise NVMLError("not supported")
    return card[what]
