"""What scenes are put together from, drawn once at the start and kept in memory."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from workbench.core.events import Event, Progress
from workbench.engine.transfer.pretrain import fractals, leaves, strokes

DRAWING = "drawing shapes from formulas"
_CHUNK = 40
_PATCH = 64
"""px: width and height of a shape."""
_GROUND = 96
"""px: width and height of a background."""
_CHANGE = 0.06
"""By how much two shapes of one system differ in the numbers of their maps."""


@dataclass(frozen=True)
class Banks:
    """Shapes and backgrounds.

    Attributes:
        shapes: (C, V, 2, 64, 64) uint8 of C classes in V variants: cover, and tint within the shape. The first
            `fractals` classes are iterated function systems, the others are signs.
        grounds: (G, 3, 96, 96) uint8 dead leaves.
    """

    shapes: Tensor
    grounds: Tensor
    fractals: int

    @property
    def classes(self) -> int:
        """How many classes of shapes there are."""
        return len(self.shapes)


def draw_banks(
    systems: int, signs: int, variants: int, grounds: int, seed: int
) -> Generator[Event, None, Banks]:
    """Draw `systems` fractals and `signs` signs in `variants` each, and `grounds` backgrounds; yields Progress."""
    total = systems + signs + grounds
    yield Progress(what=DRAWING, done=0, total=total)
    random = torch.Generator().manual_seed(seed)
    shapes = torch.empty(systems + signs, variants, 2, _PATCH, _PATCH, dtype=torch.uint8)
    for first, count in _chunks(systems):
        classes = fractals.draw_systems(count, random)
        for variant in range(variants):
            drawn = fractals.render(fractals.vary(classes, _CHANGE if variant else 0.0, random), _PATCH, random)
            shapes[first : first + count, variant] = _bytes(drawn)
        yield Progress(what=DRAWING, done=first + count, total=total)
    for first, count in _chunks(signs):
        kinds = strokes.draw_signs(count, random)
        for variant in range(variants):
            ink = strokes.render(kinds, _PATCH, random)
            shapes[systems + first : systems + first + count, variant] = _bytes(ink.expand(-1, 2, -1, -1))
        yield Progress(what=DRAWING, done=systems + first + count, total=total)
    pictures = []
    numbers = np.random.default_rng(seed)
    for first, count in _chunks(grounds):
        pictures.append(torch.from_numpy(leaves.render(count, _GROUND, numbers)).permute(0, 3, 1, 2))
        yield Progress(what=DRAWING, done=systems + signs + first + count, total=total)
    return Banks(shapes, torch.cat(pictures).contiguous(), systems)


def _chunks(count: int) -> list[tuple[int, int]]:
    return [(first, min(_CHUNK, count - first)) for first in range(0, count, _CHUNK)]


def _bytes(pictures: Tensor) -> Tensor:
    return (pictures * 255).round().to(torch.uint8)
