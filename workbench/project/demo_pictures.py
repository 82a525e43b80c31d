"""One picture of the demo: an object on a ground, its shadow, something over its edge, the light of some hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from workbench.project.demo_grounds import GROUNDS, TEXTURE
from workbench.project.demo_objects import OBJECTS, TILE

PICTURE = 144
"""Side of a picture, px."""
_CANVAS = 2 * PICTURE
_TEXTURES_EACH = 4

LIGHTS: tuple[tuple[float, float, float], ...] = (
    (1.0, 1.0, 1.0),
    (1.07, 0.96, 0.82),
    (0.88, 0.97, 1.1),
    (0.74, 0.78, 0.95),
    (1.02, 0.88, 0.86),
)
"""What noon, evening, morning, dusk and sunset multiply red, green and blue by."""
PETALS: tuple[tuple[int, int, int], ...] = ((238, 170, 184), (244, 232, 224), (240, 206, 96), (206, 84, 88))
_FAINT = [v // 4 for v in range(256)]
_HALF = [v * 9 // 20 for v in range(256)]


@dataclass(frozen=True)
class Scene:
    """What a picture shows."""

    object: str
    ground: str


class Painter:
    """Draws scenes; the same seed and index give the same picture.

    Args:
        seed: of the textures and of every picture.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._textures = {
            ground: [draw(np.random.default_rng((seed, 0, place, number))) for number in range(_TEXTURES_EACH)]
            for place, (ground, draw) in enumerate(GROUNDS.items())
        }

    def paint(self, scene: Scene, index: int) -> Image.Image:
        """The picture of a scene, (PICTURE, PICTURE) RGB."""
        rng = np.random.default_rng((self._seed, 1, index))
        canvas = self._ground(scene.ground, rng)
        tile = _turned(OBJECTS[scene.object](rng).image, rng)
        room = max(8, (_CANVAS - tile.width) // 2 + 26)
        x, y = (int((_CANVAS - tile.width) / 2 + offset) for offset in rng.uniform(-room, room, 2) * 0.8)
        _lay(canvas, tile, x, y, rng)
        if rng.random() < 0.4:
            self._cover(canvas, scene.ground, (x + tile.width / 2, y + tile.height / 2), rng)
        return _lit(canvas.reduce(2), rng)

    def _ground(self, name: str, rng: np.random.Generator) -> Image.Image:
        """A piece of one of the ground's textures at a random place, size and turn, (_CANVAS, _CANVAS)."""
        texture = self._textures[name][int(rng.integers(_TEXTURES_EACH))]
        side = int(rng.integers(200, 400))
        left, top = (int(v) for v in rng.integers(0, TEXTURE - side, 2))
        piece = texture.resize((_CANVAS, _CANVAS), Image.Resampling.BILINEAR, (left, top, left + side, top + side))
        turns = (Image.Transpose.ROTATE_90, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, None)
        turn = turns[int(rng.integers(len(turns)))]
        return piece if turn is None else piece.transpose(turn)

    def _cover(self, canvas: Image.Image, ground: str, middle: tuple[float, float], rng: np.random.Generator) -> None:
        """Let something lie over the object's edge: a drift of sand or snow, blades of grass, petals on wood."""
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(56, 84)
        size = int(rng.uniform(34, 62))
        x, y = int(middle[0] + far * np.cos(angle) - size), int(middle[1] + far * np.sin(angle) - size)
        if ground == "wood":
            _petals(canvas, (x + size, y + size), size, rng)
            return
        mask = _ragged(rng, 2 * size)
        left, top = (int(v) for v in rng.integers(0, TEXTURE - 2 * size, 2))
        texture = self._textures[ground][int(rng.integers(_TEXTURES_EACH))]
        patch = texture.crop((left, top, left + 2 * size, top + 2 * size))
        canvas.paste((20, 22, 30), (x + 3, y + 5), mask.reduce(4).resize(mask.size).point(_FAINT))
        canvas.paste(patch, (x, y), mask)


def _petals(canvas: Image.Image, middle: tuple[int, int], spread: int, rng: np.random.Generator) -> None:
    """Fallen petals around a point."""
    colour = np.array(PETALS[int(rng.integers(len(PETALS)))])
    draw = ImageDraw.Draw(canvas)
    turn = np.linspace(0, 2 * np.pi, 18)
    for _ in range(int(rng.integers(5, 10))):
        centre = np.array(middle) + rng.normal(0, spread * 0.5, 2)
        tilt, size = rng.uniform(0, 2 * np.pi), rng.uniform(10, 17)
        u, v = size * np.cos(turn), size * 0.62 * np.sin(turn) * (1.1 + 0.5 * np.cos(turn))
        outline = np.stack([u * np.cos(tilt) - v * np.sin(tilt), u * np.sin(tilt) + v * np.cos(tilt)], axis=-1)
        r, g, b = (int(c) for c in np.clip(colour * rng.uniform(0.88, 1.06), 0, 255))
        draw.polygon(_points(centre + outline + [2, 4]), fill=(58, 44, 40))
        draw.polygon(_points(centre + outline), fill=(r, g, b))
        draw.line(_points(centre + outline[[9, 0]] * 0.6), fill=(250, 240, 236))


def _points(points: NDArray[np.float64]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in points]


def _ragged(rng: np.random.Generator, side: int) -> Image.Image:
    """The mask of an uneven blob, (side, side) L."""
    axis = np.linspace(-1, 1, 48)
    down, across = np.meshgrid(axis, axis, indexing="ij")
    turn = np.arctan2(down, across)
    edge = 0.72 + sum(rng.uniform(-0.1, 0.1) * np.sin(k * turn + rng.uniform(0, 6.3)) for k in (2, 3, 5, 8))
    soft = np.clip((edge - np.hypot(down, across)) * 9 + 0.5, 0, 1)
    return Image.fromarray((255 * soft).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)


def _turned(tile: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The object at a random size, turn and mirror image."""
    if rng.random() < 0.5:
        tile = tile.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    size, turn = rng.uniform(0.56, 0.95), np.radians(rng.uniform(-45, 45))
    side = int(TILE * size * (abs(np.cos(turn)) + abs(np.sin(turn))))
    c, s = float(np.cos(turn)) / size, float(np.sin(turn)) / size
    middle = TILE / 2
    across, down = middle - (c + s) * side / 2, middle - (c - s) * side / 2
    return tile.transform((side, side), Image.Transform.AFFINE, (c, s, across, -s, c, down), Image.Resampling.BILINEAR)


def _lay(canvas: Image.Image, tile: Image.Image, x: int, y: int, rng: np.random.Generator) -> None:
    """Paste the object with a soft shadow on the side away from the light."""
    alpha = tile.getchannel("A")
    padded = Image.new("L", (tile.width + 24, tile.height + 24))
    padded.paste(alpha, (12, 12))
    shadow = padded.reduce(8).resize(padded.size, Image.Resampling.BILINEAR).point(_HALF)
    away = rng.uniform(0, 2 * np.pi)
    canvas.paste((18, 20, 30), (int(x - 12 + 9 * np.cos(away)), int(y - 12 + 9 * np.sin(away))), shadow)
    canvas.paste(tile, (x, y), alpha)


def _lit(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The picture in the light of some hour, brighter on one side."""
    angle = rng.uniform(0, 2 * np.pi)
    axis = np.linspace(-1, 1, PICTURE, dtype=np.float32)
    slope = np.cos(angle) * axis[None, :] + np.sin(angle) * axis[:, None]
    bright = rng.uniform(0.78, 1.08) + rng.uniform(0.03, 0.16) * slope
    tint = np.array(LIGHTS[int(rng.integers(len(LIGHTS)))], np.float32)
    pixels: NDArray[np.float32] = np.asarray(image, np.float32) * bright[..., None].astype(np.float32) * tint
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
