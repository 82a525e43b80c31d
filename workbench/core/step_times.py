"""Where the time of training steps goes: its parts, as events name them, and what can be read from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Part = Literal["data", "forward", "backward", "rest"]
PARTS: tuple[Part, ...] = ("data", "forward", "backward", "rest")
MUCH_WAITING = 0.3
"""The share of waiting for data from which on it is worth a word."""


def added(lines: Iterable[dict[str, float]]) -> dict[str, float] | None:
    """The sums of seconds by part; None of nothing."""
    total: dict[str, float] = {}
    for seconds in lines:
        for part, value in seconds.items():
            total[part] = total.get(part, 0.0) + value
    return total or None


def shares(seconds: dict[str, float] | None) -> dict[Part, float] | None:
    """Each part's share of the time, adding up to 1; None where no time was measured."""
    total = sum(seconds.values()) if seconds else 0.0
    if seconds is None or total <= 0:
        return None
    return {part: seconds.get(part, 0.0) / total for part in PARTS}


def waits_much(seconds: dict[str, float] | None) -> bool:
    """Whether much of the time is waiting for data."""
    found = shares(seconds)
    return found is not None and found["data"] > MUCH_WAITING
