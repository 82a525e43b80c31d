"""How many numbers each head learns, without loading one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbench.core.kinds import CLOSED_FORM


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


def _nothing(size: HeadSize) -> int:
    """Worked out at once, not learnt."""
    return 0


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
    **dict.fromkeys(CLOSED_FORM, _nothing),
}
"""Parameters by the name of a head."""
