"""Scenes: shapes over backgrounds, each seen twice.

A scene holds one to three shapes of different classes over dead leaves (after Anderson and Farrell, WACV 2022), or, in
the share that `ink` says, one or two signs in one colour on a plain ground, light on dark or dark on light. Its
two views are cut, turned and coloured differently, and each shows another variant of every shape.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.transfer.pretrain.banks import Banks

MOST_SHAPES = 3


class Batch(NamedTuple):
    """Views of B scenes.

    Attributes:
        views: (2, B, 3, S, S) pixels in [0, 1].
        classes: (B, C) float, the share of each class among a scene's shapes; rows sum to 1.
    """

    views: Tensor
    classes: Tensor


class Scenes:
    """Draws batches of scenes; the same seed and step always give the same batch.

    Args:
        ink: the share of scenes with signs on a plain ground.
    """

    def __init__(self, banks: Banks, seed: int, device: torch.device, ink: float = 0.25) -> None:
        self._banks = banks
        self._shapes, self._grounds = banks.shapes.to(device), banks.grounds.to(device)
        self._seed = seed
        self._device = device
        self._ink = ink

    def batch(self, step: int, count: int, size: int) -> Batch:
        """`count` scenes of `size` px for a step."""
        random = torch.Generator(self._device).manual_seed(self._seed * 1_000_003 + step)
        draw = _Draw(random, self._device)
        plain = draw.uniform(count) < self._ink
        classes, there = self._contents(draw, plain)
        layout = _Layout.drawn(draw, plain)
        colours = _colours(draw, plain)
        leaves = self._grounds[draw.integers(len(self._grounds), int((~plain).sum()))].float()
        views = []
        for _ in range(2):
            camera = _camera(draw, plain)
            picture = self._ground(draw, leaves, camera, plain, colours, size)
            picture = self._with_shapes(draw, picture, classes, there, layout, camera, colours)
            views.append(_photographed(draw, picture, plain))
        share = there / there.sum(1, keepdim=True)
        labels = torch.zeros(count, self._banks.classes, device=self._device).scatter_add_(1, classes, share)
        return Batch(torch.stack(views), labels)

    def _contents(self, draw: _Draw, plain: Tensor) -> tuple[Tensor, Tensor]:
        """Classes (B, 3) of each scene's shapes, and which of them are there, (B, 3) float."""
        count, systems, signs = len(plain), self._banks.fractals, self._banks.classes - self._banks.fractals
        sign = (draw.uniform(count, MOST_SHAPES) < 0.15) | plain[:, None]
        fractal = (draw.uniform(count, MOST_SHAPES) * systems).long()
        classes = torch.where(sign, systems + (draw.uniform(count, MOST_SHAPES) * signs).long(), fractal)
        number = 1 + (draw.uniform(count) < 0.5).long() + (draw.uniform(count) < 0.25).long()
        number = torch.where(plain, 1 + (draw.uniform(count) < 0.15).long(), number)
        there = (torch.arange(MOST_SHAPES, device=self._device) < number[:, None]).float()
        return classes, there

    def _ground(
        self, draw: _Draw, leaves: Tensor, camera: Tensor, plain: Tensor, colours: _Colours, size: int
    ) -> Tensor:
        """(B, 3, S, S) backgrounds under the camera: paper where scenes are plain, else `leaves`, one for each."""
        picture = colours.paper[:, :, None, None].repeat(1, 1, size, size)
        picture[~plain] = _seen(leaves, camera[~plain], size, "reflection") / 255
        return picture

    def _with_shapes(
        self,
        draw: _Draw,
        picture: Tensor,
        classes: Tensor,
        there: Tensor,
        layout: _Layout,
        camera: Tensor,
        colours: _Colours,
    ) -> Tensor:
        """Lay the shapes over the picture, the last on top."""
        count, size = len(picture), picture.shape[-1]
        variants = draw.integers(self._shapes.shape[1], count, MOST_SHAPES)
        for number in range(MOST_SHAPES):
            rows = there[:, number].nonzero()[:, 0]
            shapes = self._shapes[classes[rows, number], variants[rows, number]].float()
            placed = _placed(draw, layout, number)[rows]
            drawn = _seen(shapes, placed @ camera[rows], size, "zeros") / 255
            cover, tint = drawn[:, :1], drawn[:, 1:]
            first, second = colours.shapes[rows, number, :, :, None, None].unbind(1)
            picture[rows] = torch.lerp(picture[rows], torch.lerp(first, second, tint), cover)
        return picture


class _Draw:
    """Random numbers of one batch."""

    def __init__(self, random: torch.Generator, device: torch.device) -> None:
        self._random, self._device = random, device

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self._random, device=self._device)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * self.uniform(*shape)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self._random, device=self._device)

    def integers(self, bound: int, *shape: int) -> Tensor:
        return torch.randint(bound, shape, generator=self._random, device=self._device)


class _Layout(NamedTuple):
    """Where shapes lie in the scene: (B, 3) each; places and sizes where the scene is [-1, 1]."""

    x: Tensor
    y: Tensor
    size: Tensor
    turn: Tensor

    @classmethod
    def drawn(cls, draw: _Draw, plain: Tensor) -> _Layout:
        count = len(plain)
        shape = (count, MOST_SHAPES)
        still = plain[:, None]
        x, y = (torch.where(still, draw.between(-0.15, 0.15, *shape), draw.between(-0.6, 0.6, *shape)) for _ in "xy")
        size = torch.where(still, draw.between(0.55, 0.95, *shape), draw.between(0.35, 0.95, *shape))
        turn = torch.where(still, torch.zeros(shape, device=plain.device), draw.between(-math.pi, math.pi, *shape))
        return cls(x, y, size, turn)


class _Colours(NamedTuple):
    """Of scenes: paper (B, 3), and two for each shape (B, 3 shapes, 2, 3)."""

    paper: Tensor
    shapes: Tensor


def _colours(draw: _Draw, plain: Tensor) -> _Colours:
    count = len(plain)
    shapes = draw.uniform(count, MOST_SHAPES, 2, 3)
    grey = shapes.mean(-1, keepdim=True)
    shapes = grey + (shapes - grey) * draw.uniform(count, MOST_SHAPES, 1, 1)
    dark = draw.uniform(count, 1) < 0.5
    near, far = draw.uniform(count, 3) * 0.25, 1 - draw.uniform(count, 3) * 0.25
    bright = draw.uniform(count, 1) < 0.6  # of these, most are pure black and white
    near, far = torch.where(bright, near * 0.1, near), torch.where(bright, 1 - (1 - far) * 0.1, far)
    paper, ink = torch.where(dark, near, far), torch.where(dark, far, near)
    inked = ink[:, None, None].expand(-1, MOST_SHAPES, 2, -1)
    return _Colours(paper, torch.where(plain[:, None, None, None], inked, shapes))


def _camera(draw: _Draw, plain: Tensor) -> Tensor:
    """(B, 3, 3): from a view's [-1, 1] to the scene's; a cut of 45 to 100 % of the area, flipped and turned a little.

    Signs are not flipped and barely cut: a sign's mirror image is another sign.
    """
    count = len(plain)
    area = torch.where(plain, draw.between(0.85, 1.2, count), draw.between(0.45, 1.0, count))
    aspect = (draw.between(-1, 1, count) * math.log(1.25)).exp().sqrt()
    width, height = area.sqrt() * aspect, area.sqrt() / aspect
    room = torch.where(plain, 0.1, (1 - area.sqrt()).clamp(min=0))
    x, y = (draw.between(-1, 1, count) * room for _ in "xy")
    turn = draw.between(-1, 1, count) * torch.where(plain, 0.15, 0.25)
    flip = torch.where((draw.uniform(count) < 0.5) & ~plain, -1.0, 1.0)
    return _affine(width * flip, height, turn, x, y)


def _placed(draw: _Draw, layout: _Layout, number: int) -> Tensor:
    """(B, 3, 3): from the scene's [-1, 1] to a shape's, moved and turned a little in every view."""
    x, y, size, turn = (each[:, number] for each in layout)
    count = len(x)
    x, y = (each + 0.06 * draw.between(-1, 1, count) for each in (x, y))
    size = size * (0.15 * draw.between(-1, 1, count)).exp()
    outward = _affine(size, size, turn + 0.2 * draw.between(-1, 1, count), x, y)
    inward: Tensor = torch.linalg.inv(outward)
    return inward


def _affine(width: Tensor, height: Tensor, turn: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """(B, 3, 3): stretched, turned, then moved."""
    cos, sin, nought, one = turn.cos(), turn.sin(), torch.zeros_like(x), torch.ones_like(x)
    rows = [cos * width, -sin * height, x, sin * width, cos * height, y, nought, nought, one]
    return torch.stack(rows, -1).view(-1, 3, 3)


def _seen(pictures: Tensor, transforms: Tensor, size: int, outside: str) -> Tensor:
    """Pictures (B, C, H, W) as (B, C, S, S), by transforms (B, 3, 3) from the view to the picture."""
    if not len(pictures):
        return pictures.new_zeros(0, pictures.shape[1], size, size)
    grid = functional.affine_grid(transforms[:, :2], [len(pictures), 1, size, size], align_corners=False)
    seen: Tensor = functional.grid_sample(pictures, grid, padding_mode=outside, align_corners=False)
    return seen


def _photographed(draw: _Draw, picture: Tensor, plain: Tensor) -> Tensor:
    """Light, contrast, saturation, greyness, blur and grain of one view; signs keep their contrast."""
    count = len(picture)
    shape = (count, 1, 1, 1)
    strength = torch.where(plain, 0.3, 1.0).view(shape)
    light, contrast = (1 + strength * draw.between(-0.3, 0.3, *shape) for _ in range(2))
    saturation = draw.between(0.6, 1.3, *shape) * (draw.uniform(*shape) > 0.1)
    cast = strength * 0.05 * draw.normal(count, 3, 1, 1) * (saturation > 0)
    mean = picture.mean((1, 2, 3), keepdim=True)
    # Pixels become light · (mean + contrast · (pixel - mean)), and those are drawn towards their grey.
    grey = picture.mean(1, keepdim=True)
    picture = torch.lerp(grey, picture, saturation) * (light * contrast) + (light * (1 - contrast) * mean + cast)
    blurred = (draw.uniform(count) < 0.3).nonzero()[:, 0]
    picture[blurred] = functional.avg_pool2d(picture[blurred], 3, 1, 1, count_include_pad=False)
    grainy = (draw.uniform(count) < 0.3).nonzero()[:, 0]
    picture[grainy] += 0.04 * draw.uniform(len(grainy), 1, 1, 1) * draw.normal(len(grainy), *picture.shape[1:])
    return picture.clamp_(0, 1)
