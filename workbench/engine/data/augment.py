"""Varied views of whole batches, on the device that trains.

What is drawn for a picture depends on (seed, epoch, row, how often the row came before in the epoch, purpose) alone,
never on its place in a batch; it is drawn on the CPU for the whole batch at once. Crop, zoom, flip and rotation are
one resampling; brightness, contrast and saturation are one matrix on each pixel's colour. Planes of one colour are
worked on, whichever way the batch lies in memory: that is fastest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from workbench.engine.data.counter import key_of, uniform

Draws = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_GREY = (0.299, 0.587, 0.114)
_ERASED = 0.46
"""Mean grey of ImageNet."""


@dataclass(frozen=True)
class Level:
    """How strongly pictures are varied.

    Attributes:
        least_area: share of the picture that a crop keeps at least.
        aspect: a crop's sides are stretched against each other by at most this factor.
        colour: brightness, contrast and saturation change by at most this share.
        rotation: at most, degrees.
        blurred, erased: share of pictures that are blurred, or lose a rectangle.
    """

    least_area: float
    aspect: float
    colour: float
    rotation: float = 0.0
    blurred: float = 0.0
    erased: float = 0.0


LEVELS: dict[str, Level | None] = {
    "none": None,
    "light": Level(least_area=0.85, aspect=1.1, colour=0.1),
    "standard": Level(least_area=0.6, aspect=4 / 3, colour=0.2),
    "strong": Level(least_area=0.35, aspect=4 / 3, colour=0.4, rotation=15.0, blurred=0.2, erased=0.25),
}


class _Draws:
    """Numbers for the pictures of a batch, each by its purpose."""

    def __init__(self, draws: Draws, seed: int, epoch: int) -> None:
        self._draws, self._seed, self._epoch = draws, seed, epoch

    def between(self, purpose: str, low: float, high: float) -> Floats:
        """(B,) uniform in [low, high)."""
        return low + (high - low) * uniform(key_of(self._seed, self._epoch, purpose), self._draws)

    def happens(self, purpose: str, probability: float) -> npt.NDArray[np.bool_]:
        """(B,) True with a probability."""
        return self.between(purpose, 0.0, 1.0) < probability


def augment(pixels: torch.Tensor, draws: Draws, seed: int, epoch: int, level: str) -> torch.Tensor:
    """Vary a batch.

    Args:
        pixels: (B, 3, S, S) uint8 on any device.
        draws: (B,) as `drawing` makes them: rows of the sample table, marked where one comes again in an epoch.
        level: one of LEVELS; "none" only converts.

    Returns:
        (B, 3, S, S) float32 in [0, 1], in the memory format of `pixels`.
    """
    chosen = LEVELS[level]
    if chosen is None:
        return pixels.float().mul_(1 / 255)
    channels_last = pixels.is_contiguous(memory_format=torch.channels_last)
    numbers = _Draws(np.asarray(draws, dtype=np.int64), seed, epoch)
    grid = _grid(_placement(numbers, chosen), pixels.shape[-1], pixels.device)
    padding = "reflection" if chosen.rotation else "border"
    source = pixels.to(torch.float32, memory_format=torch.contiguous_format)
    varied = functional.grid_sample(source, grid, mode="bilinear", padding_mode=padding, align_corners=False)
    varied = _recoloured(varied, pixels, numbers, chosen.colour)
    if chosen.blurred:
        _blur(varied, numbers, chosen.blurred)
    if chosen.erased:
        _erase(varied, numbers, chosen.erased)
    varied.clamp_(0.0, 1.0)
    return varied.contiguous(memory_format=torch.channels_last if channels_last else torch.contiguous_format)


def augment_masks(masks: torch.Tensor, draws: Draws, seed: int, epoch: int, level: str) -> torch.Tensor:
    """Move the masks of a batch as `augment` moves its pictures; colours, blur and erased rectangles leave them as is.

    Args:
        masks: (B, S, S) uint8 on any device.

    Returns:
        (B, S, S) uint8, each the value of the nearest pixel.
    """
    chosen = LEVELS[level]
    if chosen is None:
        return masks
    numbers = _Draws(np.asarray(draws, dtype=np.int64), seed, epoch)
    grid = _grid(_placement(numbers, chosen), masks.shape[-1], masks.device)
    padding = "reflection" if chosen.rotation else "border"
    source = masks[:, None].float()
    moved = functional.grid_sample(source, grid, mode="nearest", padding_mode=padding, align_corners=False)
    return moved[:, 0].to(torch.uint8)


def _placement(draws: _Draws, level: Level) -> Floats:
    """(B, 6) the affine map from the output's coordinates in [-1, 1] to the input's: a, b, x, c, d, y."""
    area = draws.between("area", level.least_area, 1.0)
    stretch = np.exp(draws.between("aspect", -math.log(level.aspect), math.log(level.aspect)) / 2)
    width = np.minimum(1.0, np.sqrt(area) * stretch)
    height = np.minimum(1.0, np.sqrt(area) / stretch)
    left = (1 - width) * draws.between("left", -1.0, 1.0)
    top = (1 - height) * draws.between("top", -1.0, 1.0)
    flip = np.where(draws.happens("flip", 0.5), -1.0, 1.0)
    angle = np.radians(draws.between("rotation", -level.rotation, level.rotation))
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([width * cos * flip, -width * sin, left, height * sin * flip, height * cos, top], axis=1)


def _grid(placement: Floats, size: int, device: torch.device) -> torch.Tensor:
    """(B, S, S, 2) where each output pixel is taken from, in [-1, 1]."""
    numbers = _to_device(placement, device)
    steps = (torch.arange(size, device=device, dtype=torch.float32) * 2 + 1) / size - 1
    along, aside, shift = (torch.complex(numbers[:, at], numbers[:, at + 3]).view(-1, 1, 1) for at in range(3))
    across, down = steps.view(1, 1, size), steps.view(1, size, 1)
    return torch.view_as_real(across * along + (down * aside + shift))  # x and y side by side in one sum


def _recoloured(varied: torch.Tensor, pixels: torch.Tensor, draws: _Draws, most: float) -> torch.Tensor:
    """The batch with other brightness, contrast (around the picture's mean grey) and saturation, scaled to [0, 1]."""
    brightness = draws.between("brightness", 1 - most, 1 + most)
    contrast = draws.between("contrast", 1 - most, 1 + most)
    saturation = draws.between("saturation", 1 - most, 1 + most)
    colour = saturation * contrast * brightness / 255
    grey = (1 - saturation) * contrast * brightness / 255
    offset = (1 - contrast) * brightness / 255
    matrix = colour[:, None, None] * np.eye(3) + grey[:, None, None] * np.array(_GREY)
    added = _to_device(offset, varied.device).view(-1, 1, 1, 1) * _mean_grey(pixels)
    planes = torch.baddbmm(added.flatten(2), _to_device(matrix, varied.device), varied.flatten(2))
    return planes.view(varied.shape)


def _mean_grey(pixels: torch.Tensor) -> torch.Tensor:
    """(B, 1, 1, 1) mean grey of every fourth pixel, from whole numbers: the same in whatever order they are added."""
    sample = pixels[:, :, ::4, ::4]
    sums = sample.sum(dim=(2, 3), dtype=torch.int64).to(torch.float32) / (sample.shape[2] * sample.shape[3])
    return (sums[:, 0] * _GREY[0] + sums[:, 1] * _GREY[1] + sums[:, 2] * _GREY[2]).view(-1, 1, 1, 1)


def _blur(varied: torch.Tensor, draws: _Draws, share: float) -> None:
    """Mix each pixel with its neighbours, across and then down, in a share of the pictures, in place."""
    chosen = np.flatnonzero(draws.happens("blurred", share))
    if len(chosen) == 0:
        return
    side = _to_device(draws.between("blur", 0.1, 1 / 3)[chosen], varied.device).view(-1, 1, 1, 1)
    at = torch.from_numpy(chosen).to(varied.device)
    picked = varied[at]
    padded = functional.pad(picked, (1, 1, 0, 0), mode="replicate")
    picked = picked * (1 - 2 * side) + (padded[..., :-2] + padded[..., 2:]) * side
    padded = functional.pad(picked, (0, 0, 1, 1), mode="replicate")
    varied[at] = picked * (1 - 2 * side) + (padded[:, :, :-2] + padded[:, :, 2:]) * side


def _erase(varied: torch.Tensor, draws: _Draws, share: float) -> None:
    """Cover a rectangle of 2 to 20 % of the area with grey, in a share of the pictures (Zhong et al., 2020)."""
    area = np.where(draws.happens("erased", share), draws.between("erased area", 0.02, 0.2), 0.0)
    stretch = np.exp(draws.between("erased aspect", -math.log(2), math.log(2)) / 2)
    width, height = np.sqrt(area) * stretch, np.sqrt(area) / stretch
    left = draws.between("erased left", 0.0, 1.0) * (1 - width)
    top = draws.between("erased top", 0.0, 1.0) * (1 - height)
    size = varied.shape[-1]
    bounds = _to_device(np.stack([left, left + width, top, top + height], axis=1) * size, varied.device)
    places = torch.arange(size, device=varied.device, dtype=torch.float32) + 0.5
    across = (places >= bounds[:, 0:1]) & (places < bounds[:, 1:2])
    down = (places >= bounds[:, 2:3]) & (places < bounds[:, 3:4])
    varied.masked_fill_((down[:, :, None] & across[:, None, :])[:, None], _ERASED)


def _to_device(numbers: Floats, device: torch.device) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(numbers, dtype=np.float32)).to(device, non_blocking=True)
