"""Drawings of a few strokes: each a class of signs, as different hands would draw them.

A sign is one to four smooth strokes through random points. Every drawing of it moves the points a little, and slants,
stretches and thickens the whole.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

MOST_STROKES = 4
_KNOTS = 5
_DOTS = 40
"""Points along a stroke from which distances are taken."""


class Signs(NamedTuple):
    """S signs.

    Attributes:
        knots: (S, 4, 5, 2) points that each stroke goes through, in [-1, 1].
        there: (S, 4) bool, which strokes the sign has.
    """

    knots: Tensor
    there: Tensor


def draw_signs(count: int, random: torch.Generator) -> Signs:
    """`count` signs."""
    strokes = torch.randint(1, MOST_STROKES + 1, (count,), generator=random)
    there = torch.arange(MOST_STROKES) < strokes[:, None]
    shape = (count, MOST_STROKES, _KNOTS)
    start = torch.rand(*shape[:2], 1, 2, generator=random) * 1.0 - 0.5
    heading = torch.rand(*shape[:2], 1, generator=random) * 2 * torch.pi
    # Bending evenly, as arcs and hooks do; a third of the strokes are straight.
    bend = torch.randn(*shape[:2], 1, generator=random) * 0.9
    bend = bend * (torch.rand(*shape[:2], 1, generator=random) > 0.33)
    wobble = torch.randn(shape, generator=random) * 0.25
    angles = heading + bend * torch.arange(_KNOTS) + wobble
    length = torch.rand(*shape[:2], 1, generator=random) * 0.4 + 0.15
    steps = torch.stack([angles.cos(), angles.sin()], -1) * length[..., None]
    knots = start + steps.cumsum(2)
    return Signs(_centred(knots, there), there)


def render(signs: Signs, size: int, random: torch.Generator) -> Tensor:
    """(S, 1, size, size) in [0, 1]: one drawing of each sign, ink 1."""
    count = len(signs.knots)
    knots = signs.knots + torch.randn(signs.knots.shape, generator=random) * 0.045
    knots = _slanted(knots, random)
    dots = _along(knots)  # (S, 4, D, 2)
    dots = torch.where(signs.there[..., None, None], dots, torch.full_like(dots, 9.0)).flatten(1, 2)
    axis = (torch.arange(size) + 0.5) / size * 2 - 1
    grid = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).view(1, -1, 2)
    distance = torch.cdist(grid.expand(count, -1, -1), dots).amin(-1)
    width = torch.rand(count, 1, generator=random) * 0.05 + 0.035
    ink = ((width - distance) * (size / 2) + 0.5).clamp(0, 1)
    return ink.view(count, 1, size, size)


def _along(knots: Tensor) -> Tensor:
    """Points (S, 4, 40, 2) along the Catmull-Rom curve through knots (S, 4, 5, 2)."""
    at = torch.linspace(0, _KNOTS - 1 - 1e-4, _DOTS)
    first, t = at.long(), (at - at.long())[:, None]
    before, after = (first - 1).clamp(min=0), (first + 2).clamp(max=_KNOTS - 1)
    p0, p1, p2, p3 = (knots[:, :, index] for index in (before, first, first + 1, after))
    curve: Tensor = 0.5 * (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return curve


def _slanted(knots: Tensor, random: torch.Generator) -> Tensor:
    """Turned by up to 15°, slanted and stretched by up to a fifth, and moved."""
    count = len(knots)
    turn = (torch.rand(count, generator=random) * 2 - 1) * 0.26
    matrix = torch.eye(2) + (torch.rand(count, 2, 2, generator=random) * 2 - 1) * 0.18
    cos, sin = turn.cos(), turn.sin()
    rotation = torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2)
    shift = (torch.rand(count, 1, 1, 2, generator=random) * 2 - 1) * 0.1
    return torch.einsum("sij,sknj->skni", rotation @ matrix, knots) + shift


def _centred(knots: Tensor, there: Tensor) -> Tensor:
    """Each sign in the middle, as large as [-0.75, 0.75] allows."""
    known = there[..., None, None]
    low = torch.where(known, knots, torch.inf).amin((1, 2), keepdim=True)
    high = torch.where(known, knots, -torch.inf).amax((1, 2), keepdim=True)
    extent = (high - low).amax(-1, keepdim=True).clamp(min=0.2)
    return (knots - (low + high) / 2) / extent * 1.5
