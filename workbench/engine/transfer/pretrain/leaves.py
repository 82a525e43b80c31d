"""Dead leaves: pictures of opaque shapes that cover each other, with sizes as in the world around us.

Radii follow a power law with exponent 3, which gives pictures the statistics of scenes under any zoom (Ruderman,
"Origins of scaling in natural images", 1997; Lee, Mumford and Huang, IJCV 2001); each leaf has a texture and a gradient
of its own (after Baradad et al., "Learning to See by Looking at Noise", NeurIPS 2021, arXiv 2106.05963).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_LEAVES = 80
_SMALLEST, _LARGEST = 0.06, 0.6
"""Radii as shares of the picture's side."""
_PALETTE = 5

Array = npt.NDArray[np.float32]


def render(count: int, size: int, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """(count, size, size, 3) pictures."""
    textures = noise(64, 2 * size, random)
    return np.stack([_picture(size, textures, random) for _ in range(count)])


def noise(count: int, size: int, random: np.random.Generator) -> Array:
    """(count, size, size) of textures with mean 0 and deviation 1: spectra 1/f^β, smooth to rough, some striped."""
    rows, columns = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]
    drawn = []
    for _ in range(count):
        turn, stretch = random.uniform(0, np.pi), np.exp(random.uniform(0, 1.8) * (random.random() < 0.5))
        along = np.cos(turn) * rows + np.sin(turn) * columns
        across = np.cos(turn) * columns - np.sin(turn) * rows
        length = np.sqrt((along * stretch) ** 2 + (across / stretch) ** 2)
        length[0, 0] = 1.0
        weight = length ** -random.uniform(0.7, 2.2)
        weight[0, 0] = 0.0
        phase = np.exp(2j * np.pi * random.random(length.shape))
        texture = np.fft.irfft2(weight * phase, s=(size, size))
        drawn.append((texture / texture.std()).astype(np.float32))
    return np.stack(drawn)


def _picture(size: int, textures: Array, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Leaves from the farthest to the nearest."""
    palette = _palette(random)
    canvas = _filled(size, size, palette, textures, random)
    power = random.random(_LEAVES)
    # Inverse of the distribution function of r^-3 between the smallest and the largest radius.
    radii = (power / _LARGEST**2 + (1 - power) / _SMALLEST**2) ** -0.5 * size
    for radius in radii:
        _paint(canvas, radius, palette, textures, random)
    return np.clip(canvas * 255, 0, 255).astype(np.uint8)


def _paint(canvas: Array, radius: float, palette: Array, textures: Array, random: np.random.Generator) -> None:
    size = len(canvas)
    reach = int(np.ceil(radius * 1.5))
    row, column = random.integers(0, size, 2)
    top, left = max(0, row - reach), max(0, column - reach)
    bottom, right = min(size, row + reach + 1), min(size, column + reach + 1)
    y = (np.arange(top, bottom)[:, None] - row).astype(np.float32)
    x = (np.arange(left, right)[None] - column).astype(np.float32)
    cover = _cover(x, y, radius, random)[..., None]
    patch = canvas[top:bottom, left:right]
    colours = _filled(bottom - top, right - left, palette, textures, random)
    patch += cover * (colours - patch)


def _cover(x: Array, y: Array, radius: float, random: np.random.Generator) -> Array:
    """How far a leaf covers each pixel: an ellipse, a box, or a wavy outline, turned, with smooth edges of a pixel."""
    turn, stretch = random.uniform(0, np.pi), random.uniform(0.6, 1.0)
    along = np.cos(turn) * x + np.sin(turn) * y
    across = (np.cos(turn) * y - np.sin(turn) * x) / stretch
    kind = random.random()
    if kind < 0.4:
        length = np.hypot(along, across)
    elif kind < 0.7:
        length = np.maximum(np.abs(along), np.abs(across))
    else:
        angle, waves = np.arctan2(across, along), random.integers(2, 7)
        length = np.hypot(along, across) / (1 + random.uniform(0.1, 0.4) * np.cos(waves * angle))
    return np.asarray(np.clip(radius - length + 0.5, 0, 1), np.float32)


def _filled(height: int, width: int, palette: Array, textures: Array, random: np.random.Generator) -> Array:
    """(height, width, 3): a colour of the palette with a texture and a gradient."""
    texture = textures[random.integers(len(textures))]
    top, left = (random.integers(0, len(texture) - length + 1) for length in (height, width))
    grain = texture[top : top + height, left : left + width, None]
    colour, other = palette[random.integers(len(palette))], palette[random.integers(len(palette))]
    slope = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None] * random.normal(0, 0.08)
    slope = slope + np.linspace(-1, 1, width, dtype=np.float32)[None, :, None] * random.normal(0, 0.08)
    strength = abs(random.normal(0, 0.07))
    mixed = random.random() < 0.3
    base = colour + (other - colour) * np.clip(0.5 + 0.5 * grain, 0, 1) if mixed else colour
    return np.asarray(base + slope + strength * grain, np.float32)


def _palette(random: np.random.Generator) -> Array:
    """(5, 3) colours of one scene: greyish as the world is, of few hues, light and dark."""
    light = random.beta(1.3, 1.3, (_PALETTE, 1))
    hue = random.uniform(0, 2 * np.pi) + random.normal(0, random.uniform(0.2, 1.6), (_PALETTE, 1))
    strength = random.beta(1.2, 3.0, (_PALETTE, 1)) * 0.8
    waves = np.cos(hue + np.array([0, -2 * np.pi / 3, 2 * np.pi / 3]))
    return np.asarray(np.clip(light + strength * 0.5 * waves, 0, 1), np.float32)
