"""What scenes are put together from, drawn once at the start and kept in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.core.specs import PretrainSpec
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


def draw_banks(spec: PretrainSpec, control: Control) -> Generator[Event, None, Banks | None]:
    """Draw what the spec's scenes are made of; yields Progress, returns None when told to end."""
    total = spec.systems + spec.signs + spec.grounds
    shapes = torch.empty(spec.systems + spec.signs, spec.variants, 2, _PATCH, _PATCH, dtype=torch.uint8)
    grounds = torch.empty(spec.grounds, 3, _GROUND, _GROUND, dtype=torch.uint8)
    done = 0
    yield Progress(what=DRAWING, done=done, total=total)
    for count in _parts(shapes, grounds, spec):
        done += count
        yield Progress(what=DRAWING, done=done, total=total)
        control.wait_while_paused()
        if control.ending:
            return None
    return Banks(shapes, grounds, spec.systems)


def _parts(shapes: Tensor, grounds: Tensor, spec: PretrainSpec) -> Iterator[int]:
    """Fill the tensors bit by bit; how many classes or backgrounds were drawn."""
    random = torch.Generator().manual_seed(spec.seed)
    for rows in torch.split(shapes[: spec.systems], _CHUNK):
        systems = fractals.draw_systems(len(rows), random)
        for variant in range(spec.variants):
            moved = fractals.vary(systems, _CHANGE, random) if variant else systems
            rows[:, variant] = _bytes(fractals.render(moved, _PATCH, random))
        yield len(rows)
    for rows in torch.split(shapes[spec.systems :], _CHUNK):
        signs = strokes.draw_signs(len(rows), random)
        for variant in range(spec.variants):
            rows[:, variant] = _bytes(strokes.render(signs, _PATCH, random))  # ink has no tints: both maps are alike
        yield len(rows)
    numbers = np.random.default_rng(spec.seed)
    for rows in torch.split(grounds, _CHUNK):
        rows[:] = torch.from_numpy(leaves.render(len(rows), _GROUND, numbers)).permute(0, 3, 1, 2)
        yield len(rows)


def _bytes(pictures: Tensor) -> Tensor:
    return (pictures * 255).round().to(torch.uint8)
