"""Which backbones are listed, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

from workbench.core.catalogue import BackboneFacts

SIZES: tuple[tuple[str, str, float], ...] = (
    ("", QT_TRANSLATE_NOOP("Choice", "any size"), float("inf")),
    ("small", QT_TRANSLATE_NOOP("Choice", "up to 5 M parameters"), 5e6),
    ("medium", QT_TRANSLATE_NOOP("Choice", "up to 15 M parameters"), 15e6),
    ("large", QT_TRANSLATE_NOOP("Choice", "up to 30 M parameters"), 30e6),
)

SORTS: dict[str, tuple[str, Callable[[BackboneFacts], float]]] = {
    "parameters": (QT_TRANSLATE_NOOP("Choice", "smallest first"), lambda facts: facts.parameters),
    "macs": (QT_TRANSLATE_NOOP("Choice", "fastest first"), lambda facts: facts.macs),
    "accuracy": (QT_TRANSLATE_NOOP("Choice", "most accurate first"), lambda facts: -facts.accuracy),
    "year": (QT_TRANSLATE_NOOP("Choice", "newest first"), lambda facts: -facts.year),
}


@dataclass(frozen=True)
class Filter:
    """What is wanted; empty texts want everything."""

    words: str = ""
    family: str = ""
    size: str = ""
    sort: str = "parameters"


def choose(facts: Iterable[BackboneFacts], wanted: Filter) -> list[BackboneFacts]:
    """The backbones that fit, in the wanted order."""
    limit = next(limit for name, _, limit in SIZES if name == wanted.size)
    words = wanted.words.casefold().split()
    found = [
        one
        for one in facts
        if one.parameters <= limit
        and wanted.family in ("", one.family)
        and all(word in f"{one.name} {one.title} {one.family} {one.year}".casefold() for word in words)
    ]
    return sorted(found, key=SORTS[wanted.sort][1])


@dataclass(frozen=True)
class HeadSize:
    """What the number of a head's parameters depends on.

    Attributes:
        features: width of the backbone's pooled features.
        maps: channels of the map of each of its stages.
        classes: that the head tells apart; none for a number.
        hidden: width of the hidden layer that is asked for; 0: what the head brings.
    """

    features: int
    maps: tuple[int, ...]
    classes: int
    hidden: int = 0


def head_parameters(head: str, size: HeadSize) -> int:
    """How many numbers a head learns."""
    return HEAD_SIZES[head](size)


def _layered(size: HeadSize, hidden: int, outputs: int) -> int:
    """A last layer, behind a hidden one with its layer norm where there is one."""
    if not hidden:
        return size.features * outputs + outputs
    return size.features * hidden + hidden + 2 * hidden + hidden * outputs + outputs


def _directions(size: HeadSize) -> int:
    """One direction or mean for each class, and a scale."""
    return size.features * size.classes + 1


def _dense(size: HeadSize) -> int:
    """For each map a 1 × 1 and a 3 × 3 convolution with their norms; then one output for each class."""
    width = size.hidden or _DENSE_WIDTH
    sides = sum(channels * width + 2 * width for channels in size.maps)
    joins = len(size.maps) * (9 * width * width + 2 * width)
    return sides + joins + width * size.classes + size.classes


_MLP_WIDTH = 256
_DENSE_WIDTH = 64
HEAD_SIZES: dict[str, Callable[[HeadSize], int]] = {
    "linear": lambda size: _layered(size, 0, size.classes),
    "mlp": lambda size: _layered(size, size.hidden or _MLP_WIDTH, size.classes),
    "cosine": _directions,
    "prototype": _directions,
    "multi-label": lambda size: _layered(size, size.hidden, size.classes),
    "number": lambda size: _layered(size, size.hidden, 2),
    "dense": _dense,
}
"""Parameters by the name of a head."""
