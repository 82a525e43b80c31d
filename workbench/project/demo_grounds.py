"""The grounds on which the demo's objects lie: grass, sand, snow and wood, seen from above.

A texture is drawn once, larger than a picture; pictures are cut from it at random places, sizes and turns.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

TEXTURE = 560
"""Side of a texture, px."""

Pixels = NDArray[np.float32]
Colour = tuple[float, float, float]


def noise(rng: np.random.Generator, rows: int, columns: int) -> Pixels:
    """Smooth noise (TEXTURE, TEXTURE) in [-1, 1] with that many bumps down and across."""
    small = Image.fromarray(rng.uniform(-1, 1, (rows + 3, columns + 3)).astype(np.float32))
    return np.asarray(small.resize((TEXTURE, TEXTURE), Image.Resampling.BICUBIC))


def _coloured(shade: Pixels, dark: Colour, light: Colour) -> Pixels:
    """Colours (TEXTURE, TEXTURE, 3) between `dark` and `light` by a shade in [0, 1]."""
    low, high = np.array(dark, np.float32), np.array(light, np.float32)
    return low + np.clip(shade, 0, 1)[..., None] * (high - low)


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def _grass(rng: np.random.Generator) -> Image.Image:
    """Blades over dark soil, in three layers that grow lighter, with small flowers between."""
    hue = rng.uniform(-1, 1)
    image = _image(_coloured(0.5 + 0.5 * noise(rng, 6, 6), (34, 58, 26), (52, 88, 38)))
    draw = ImageDraw.Draw(image)
    lean = rng.uniform(0, 2 * np.pi)
    for layer in range(3):
        light = 0.66 + 0.15 * layer
        for x, y, turn, length, tint in rng.uniform(0, 1, (900, 5)):
            angle = lean + (turn - 0.5) * 2.6
            green = np.array([86 + 34 * hue + 36 * tint, 142 + 34 * tint, 54 + 22 * tint]) * light
            start = (x * TEXTURE, y * TEXTURE)
            end = (start[0] + np.cos(angle) * (14 + 30 * length), start[1] + np.sin(angle) * (14 + 30 * length))
            draw.line([start, end], fill=tuple(int(c) for c in green), width=3)
    petals = ((250, 250, 244), (250, 221, 96), (214, 190, 240))[int(rng.integers(3))]
    for x, y in rng.uniform(0, TEXTURE, (int(rng.integers(6, 18)), 2)):
        _flower(draw, x, y, rng.uniform(5, 8), petals)
    return image


def _flower(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, petals: tuple[int, int, int]) -> None:
    for angle in np.linspace(0, 2 * np.pi, 7)[:-1]:
        px, py = x + np.cos(angle) * size * 0.8, y + np.sin(angle) * size * 0.8
        draw.ellipse([px - size / 2, py - size / 2, px + size / 2, py + size / 2], fill=petals)
    draw.ellipse([x - size / 2, y - size / 2, x + size / 2, y + size / 2], fill=(236, 178, 46))


def _sand(rng: np.random.Generator) -> Image.Image:
    """Grains over wind ripples, with a few pebbles."""
    down, across = np.mgrid[0:TEXTURE, 0:TEXTURE].astype(np.float32) / TEXTURE
    angle, waves = rng.uniform(0, np.pi), rng.uniform(8, 20)
    along = np.cos(angle) * across + np.sin(angle) * down + 0.045 * noise(rng, 4, 4) + 0.012 * noise(rng, 14, 14)
    ripple = np.sin(2 * np.pi * waves * along) * (0.55 + 0.45 * noise(rng, 5, 5))
    grain = rng.normal(0, 1, (TEXTURE, TEXTURE)).astype(np.float32)
    shade = 0.58 + 0.17 * ripple + 0.10 * noise(rng, 3, 3) + 0.085 * grain
    warm = rng.uniform(-10, 10)
    image = _image(_coloured(shade, (150 + warm, 116, 78 - warm), (246, 226, 184 - warm)))
    _pebbles(ImageDraw.Draw(image), rng, int(rng.integers(3, 14)))
    return image


def _pebbles(draw: ImageDraw.ImageDraw, rng: np.random.Generator, count: int) -> None:
    for x, y, size, flat, grey in rng.uniform(0, 1, (count, 5)):
        w, h = 4 + 7 * size, (4 + 7 * size) * (0.6 + 0.4 * flat)
        px, py, tone = x * TEXTURE, y * TEXTURE, int(120 + 90 * grey)
        draw.ellipse([px - w + 2, py - h + 3, px + w + 2, py + h + 3], fill=(128, 104, 76))
        draw.ellipse([px - w, py - h, px + w, py + h], fill=(tone, tone - 6, tone - 16))
        draw.ellipse([px - w * 0.5, py - h * 0.6, px + w * 0.2, py - h * 0.1], fill=(tone + 28, tone + 24, tone + 16))


def _snow(rng: np.random.Generator) -> Image.Image:
    """Soft drifts lit from one side, glints, and the trail of a bird."""
    height = noise(rng, 3, 3) + 0.35 * noise(rng, 7, 7) + 0.05 * noise(rng, 60, 60)
    slope = np.gradient(height, axis=1) + np.gradient(height, axis=0)
    shade = 0.72 + 26 * slope / 2 + 0.03 * rng.normal(0, 1, (TEXTURE, TEXTURE)).astype(np.float32)
    image = _image(_coloured(shade, (148, 176, 214), (252, 253, 255)))
    draw = ImageDraw.Draw(image)
    for x, y in rng.uniform(0, TEXTURE, (90, 2)):
        draw.point([(x, y), (x + 1, y)], fill=(255, 255, 255))
    _trail(draw, rng)
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _trail(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-120, 120)
    forward = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-forward[1], forward[0]])
    for step in range(-8, 9):
        foot = TEXTURE / 2 + forward * step * 38 + aside * (offset + (9 if step % 2 else -9))
        for toe in (-0.6, 0.0, 0.6):
            tip = foot + 15 * np.array([np.cos(angle + toe), np.sin(angle + toe)])
            draw.line([tuple(foot), tuple(tip)], fill=(150, 174, 208), width=3)


WOODS: tuple[tuple[Colour, Colour], ...] = (
    ((112, 70, 40), (196, 140, 88)),
    ((70, 44, 30), (128, 86, 58)),
    ((158, 124, 88), (226, 196, 152)),
    ((128, 128, 126), (206, 204, 198)),
    ((118, 52, 36), (186, 98, 66)),
)


def _wood(rng: np.random.Generator) -> Image.Image:
    """Planks with stretched grain and dark joints."""
    dark, light = WOODS[int(rng.integers(len(WOODS)))]
    grain = 0.34 * noise(rng, 90, 3) + 0.2 * noise(rng, 200, 5) + 0.25 * noise(rng, 18, 2)
    shade = 0.5 + grain
    top = 0
    while top < TEXTURE:
        bottom = top + int(rng.integers(90, 170))
        joint = int(rng.integers(TEXTURE))
        shade[top:bottom] = np.roll(shade[top:bottom], joint, axis=1) + rng.uniform(-0.16, 0.16)
        shade[top:bottom, max(0, joint - 3) : joint] = -0.1
        shade[top : top + 2] += 0.22
        shade[bottom - 4 : bottom] = -0.15
        top = bottom
    return _image(_coloured(shade, dark, light))


GROUNDS: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "grass": _grass,
    "sand": _sand,
    "snow": _snow,
    "wood": _wood,
}
