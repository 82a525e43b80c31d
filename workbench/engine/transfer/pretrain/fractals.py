"""Iterated function systems: each a class of shapes, drawn as densities.

A system is 2 to 4 affine maps x → A x + b of the plane; the set that they leave unchanged is its shape (Barnsley,
"Fractals Everywhere", 1988). Maps are drawn by their singular values so that shapes fill the picture without
being blurs: the sum over maps of σ₁ + 2 σ₂ lies between (5 + n)/2 and (6 + n)/2 for n maps (Anderson and Farrell,
"Improving Fractal Pre-Training", WACV 2022, arXiv 2110.03091).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

MOST_MAPS = 4
_POINTS = 400
_ROUNDS = 64
_SETTLING = 14
"""First rounds of the chaos game, whose points have not come to the shape yet."""
_EXTENT = 2.3
"""Half the picture's width in standard deviations of a shape's points."""


class Systems(NamedTuple):
    """S systems of up to 4 maps.

    Attributes:
        matrices: (S, 4, 2, 2).
        shifts: (S, 4, 2).
        shares: (S, 4) how often each map is applied; 0 where a system has fewer maps.
    """

    matrices: Tensor
    shifts: Tensor
    shares: Tensor


def draw_systems(count: int, random: torch.Generator) -> Systems:
    """`count` systems."""
    maps = torch.randint(2, MOST_MAPS + 1, (count,), generator=random)
    there = torch.arange(MOST_MAPS) < maps[:, None]
    values = _singular_values(maps, there, random)
    turns = torch.rand(count, MOST_MAPS, 2, generator=random) * 2 * torch.pi
    signs = torch.randint(0, 2, (count, MOST_MAPS, 2), generator=random) * 2.0 - 1
    matrices = _rotation(turns[..., 0]) @ torch.diag_embed(values * signs) @ _rotation(turns[..., 1])
    shifts = torch.rand(count, MOST_MAPS, 2, generator=random) * 2 - 1
    return Systems(matrices, shifts, _shares(matrices, there))


def vary(systems: Systems, amount: float, random: torch.Generator) -> Systems:
    """The same classes with every number of their maps moved by up to `amount`."""
    matrices = systems.matrices + amount * (torch.rand(systems.matrices.shape, generator=random) * 2 - 1)
    largest = torch.linalg.matrix_norm(matrices, ord=2, dim=(-2, -1)).clamp(min=1e-6)
    matrices = matrices * (0.98 / largest).clamp(max=1.0)[..., None, None]  # a map that grows has no shape
    shifts = systems.shifts + amount * (torch.rand(systems.shifts.shape, generator=random) * 2 - 1)
    return Systems(matrices, shifts, _shares(matrices, systems.shares > 0))


def render(systems: Systems, size: int, random: torch.Generator) -> Tensor:
    """(S, 2, size, size) in [0, 1]: how dense a shape is, and which of its maps led there (for its colours).

    By the chaos game: points jump by maps drawn at random, 20,000 landings a shape.
    """
    count = len(systems.shares)
    points = torch.zeros(count, _POINTS, 2)
    tint = torch.zeros(count, _POINTS)
    tints = torch.linspace(0, 1, MOST_MAPS)
    landed, tinted = [], []
    for number in range(_ROUNDS):
        which = torch.multinomial(systems.shares, _POINTS, replacement=True, generator=random)
        index = which[..., None, None].expand(-1, -1, 2, 2)
        matrix = systems.matrices.gather(1, index)
        points = (matrix @ points[..., None])[..., 0] + systems.shifts.gather(1, index[..., 0])
        tint = (tint + tints[which]) / 2
        if number >= _SETTLING:
            landed.append(points)
            tinted.append(tint)
    return _density(torch.cat(landed, 1), torch.cat(tinted, 1), size)


def _density(points: Tensor, tint: Tensor, size: int) -> Tensor:
    """Points (S, P, 2) and their tints (S, P) as pictures (S, 2, size, size)."""
    count = len(points)
    middle, spread = points.mean(1, keepdim=True), points.std((1, 2), keepdim=True).clamp(min=1e-3)
    places = ((points - middle) / (_EXTENT * spread) + 1) * (size / 2)
    inside = ((places >= 0) & (places < size)).all(-1)
    cells = places.long().clamp(0, size - 1)
    flat = cells[..., 1] * size + cells[..., 0] + torch.arange(count)[:, None] * size * size
    hits = torch.bincount(flat[inside], minlength=count * size * size).view(count, -1).float()
    tints = torch.bincount(flat[inside], tint[inside], minlength=count * size * size).view(count, -1).float()
    full = hits.amax(1, keepdim=True).clamp(min=1).log1p() * 0.6
    density = (hits.log1p() / full).clamp(max=1.0)
    pictures = torch.stack([density, tints / hits.clamp(min=1)], 1)
    return pictures.view(count, 2, size, size)


def _singular_values(maps: Tensor, there: Tensor, random: torch.Generator) -> Tensor:
    """(S, 4, 2), drawn again until their sum is right; 0 where a system has fewer maps."""
    values = torch.zeros(len(maps), MOST_MAPS, 2)
    left = torch.arange(len(maps))
    while len(left):
        first = torch.rand(len(left), MOST_MAPS, generator=random)
        second = torch.rand(len(left), MOST_MAPS, generator=random) * first
        drawn = torch.stack([first, second], -1) * there[left, :, None]
        total = drawn[..., 0].sum(1) + 2 * drawn[..., 1].sum(1)
        good = (total >= (5 + maps[left]) / 2) & (total <= (6 + maps[left]) / 2)
        values[left[good]] = drawn[good]
        left = left[~good]
    return values


def _shares(matrices: Tensor, there: Tensor) -> Tensor:
    areas: Tensor = torch.linalg.det(matrices).abs().clamp(min=0.02) * there
    return areas / areas.sum(1, keepdim=True)


def _rotation(angles: Tensor) -> Tensor:
    """(..., 2, 2) of angles (...) in radians."""
    cos, sin = angles.cos(), angles.sin()
    return torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2)
