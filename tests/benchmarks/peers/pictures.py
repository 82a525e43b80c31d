"""Drawn pictures: noise of all scales with a tint for each class, so that files are as long as photographs'."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = 5


def draw(folder: Path, train: int, validation: int, size: tuple[int, int] = (500, 375), quality: int = 92) -> None:
    """Write JPEG files `train/CLASS/NUMBER.jpg` and `val/CLASS/NUMBER.jpg`.

    Args:
        size: width and height, px.
    """
    for part, count in (("train", train), ("val", validation)):
        for number in range(count):
            path = folder / part / f"class{number % CLASSES}" / f"{number:06d}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            random = np.random.default_rng((number, part == "val"))
            _picture(random, number % CLASSES, size).save(path, quality=quality)


def _picture(random: np.random.Generator, label: int, size: tuple[int, int]) -> Image.Image:
    width, height = size
    pixels = np.full((height, width, 3), 128.0, np.float32)
    pixels += 35 * np.cos(2 * np.pi * (label / CLASSES + np.arange(3) / 3))
    across, amplitude = 4, 45.0
    while across <= width:
        grid = random.standard_normal((max(2, across * height // width), across, 3)).astype(np.float32)
        layers = [Image.fromarray(grid[..., c]).resize(size, Image.Resampling.BICUBIC) for c in range(3)]
        pixels += amplitude * np.stack([np.asarray(layer) for layer in layers], axis=-1)
        across, amplitude = across * 2, amplitude / 1.55
    pixels += 4 * random.standard_normal((height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
