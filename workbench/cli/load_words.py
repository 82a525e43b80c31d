"""The load of the computer and of the cards that a run uses, in a few words beside its progress bar."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from workbench.core.text import megabytes
from workbench.project.cards import Card
from workbench.project.load import Load, MachineLoad

INTERVAL_S = 2.0


class LoadWords:
    """What this process and its children do to the computer, asked anew every two seconds at most."""

    def __init__(self) -> None:
        self._machine = MachineLoad()
        self._asked_s = float("-inf")
        self._words = ""

    def __str__(self) -> str:
        now = time.monotonic()
        if now - self._asked_s >= INTERVAL_S:
            self._asked_s, self._words = now, load_words(self._machine.sample(os.getpid()))
        return self._words


def load_words(load: Load) -> str:
    """CPU 96 %, 1.2 GB, GPU 93 %, 12.1 GB, 64 °C; without what is not known and cards that the run does not use."""
    words = [] if load.cpu is None else [f"CPU {100 * load.cpu:.0f} %"]
    words += [] if load.own_bytes is None else [megabytes(load.own_bytes)]
    words += [] if load.celsius is None else [f"{load.celsius:.0f} °C"]
    cards = [card for card in load.cards if card.own_bytes] or load.cards
    return ", ".join([*words, *_cards(cards)])


def _cards(cards: Sequence[Card]) -> list[str]:
    """Their mean load, all that is taken of their memory, and the hottest one's temperature."""
    loads = [card.load for card in cards if card.load is not None]
    used = [card.used_bytes if card.own_bytes is None else card.own_bytes for card in cards]
    held = [size for size in used if size is not None]
    celsius = [card.celsius for card in cards if card.celsius is not None]
    words = [f"GPU {100 * sum(loads) / len(loads):.0f} %"] if loads else []
    words += [megabytes(sum(held))] if held else []
    return words + ([f"{max(celsius):.0f} °C"] if celsius else [])
