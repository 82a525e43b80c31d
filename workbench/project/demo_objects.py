"""The objects of the demo: small flat drawings, each in the middle of a square transparent tile."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

TILE = 256
"""Side of a tile, px; an object fills about four fifths of it."""

Points = NDArray[np.float64]
Colour = tuple[int, int, int]

_RAMP = Image.linear_gradient("L")


class Tile:
    """A transparent tile addressed from -1 to 1 in both directions, y downwards."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (TILE, TILE))
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, points: Points, top: Colour, bottom: Colour) -> None:
        """Fill a closed outline (N, 2) with a colour that runs from `top` to `bottom`."""
        corners = np.array(_pixels(points))
        left, upper = (max(0, int(v)) for v in corners.min(axis=0))
        right, lower = (min(TILE, int(v) + 2) for v in corners.max(axis=0))
        mask = Image.new("L", (right - left, lower - upper))
        ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in corners], fill=255)
        ramp = _RAMP.crop((0, upper, right - left, lower))
        fill = Image.composite(Image.new("RGB", mask.size, bottom), Image.new("RGB", mask.size, top), ramp)
        self.image.paste(fill, (left, upper), mask)

    def line(self, points: Points, colour: Colour, width: int) -> None:
        """A line through points (N, 2), `width` px wide."""
        self._draw.line(_pixels(points), fill=colour, width=width, joint="curve")

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        (cx, cy), r = _pixels(np.array([[x, y]]))[0], radius * TILE / 2
        self._draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=colour)

    def hole(self, x: float, y: float, radius: float) -> None:
        """Cut a circle out of what has been drawn."""
        (cx, cy), r = _pixels(np.array([[x, y]]))[0], radius * TILE / 2
        alpha = self.image.getchannel("A")
        cut = Image.new("L", alpha.size, 255)
        ImageDraw.Draw(cut).ellipse([cx - r, cy - r, cx + r, cy + r], fill=0)
        self.image.putalpha(ImageChops.multiply(alpha, cut))
        self._draw = ImageDraw.Draw(self.image)


def _pixels(points: Points) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (points + 1) * TILE / 2]


def _shade(colour: Colour, light: float) -> Colour:
    """Darker for `light` below 1, towards white above."""
    if light <= 1:
        return (int(colour[0] * light), int(colour[1] * light), int(colour[2] * light))
    r, g, b = (int(c + (255 - c) * (light - 1)) for c in colour)
    return (r, g, b)


def _choice(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    """One of the colours, each channel moved a little."""
    colour = colours[int(rng.integers(len(colours)))]
    r, g, b = (int(np.clip(c + rng.normal(0, 9), 12, 248)) for c in colour)
    return (r, g, b)


def _column(x: Points | float, y: Points | float) -> Points:
    """Points (N, 2) from coordinates (N,), of which one may be a single number."""
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


def _between(x: Points, upper: Points, lower: Points) -> Points:
    """The outline of the area between two curves over x."""
    return np.concatenate([_column(x, upper), _column(x, lower)[::-1]])


def _bar(left: float, upper: float, right: float, lower: float) -> Points:
    """The outline of a rectangle."""
    return np.array([(left, upper), (right, upper), (right, lower), (left, lower)])


ANY: tuple[Colour, ...] = (
    (214, 78, 52),
    (240, 150, 48),
    (244, 204, 84),
    (112, 168, 72),
    (60, 132, 186),
    (138, 98, 176),
    (226, 136, 150),
)
LEAVES: tuple[Colour, ...] = (
    (96, 156, 62),
    (62, 128, 70),
    (216, 128, 44),
    (192, 68, 46),
    (228, 186, 68),
    (150, 104, 60),
)
METALS: tuple[Colour, ...] = ((206, 164, 74), (168, 174, 184), (184, 112, 72), (92, 92, 100), (126, 136, 112))
SHELLS: tuple[Colour, ...] = (
    (236, 200, 176),
    (226, 150, 138),
    (240, 224, 196),
    (190, 160, 196),
    (210, 140, 90),
    (170, 110, 92),
)


def _leaf(rng: np.random.Generator) -> Tile:
    """A pointed leaf with veins: smooth or toothed, summer or autumn."""
    colour = _choice(rng, LEAVES)
    tile, along = Tile(), np.linspace(0, 1, 60)
    width = rng.uniform(0.3, 0.5) * np.sin(np.pi * along ** rng.uniform(0.7, 1.25)) ** rng.uniform(0.75, 1.1)
    teeth = rng.choice([0.0, 0.055]) * np.abs(np.sin(along * 13 * np.pi)) * np.sin(np.pi * along)
    bend = rng.uniform(-0.2, 0.2) * np.sin(np.pi * along)
    y = -0.8 + 1.45 * along
    left, right = _column(bend - width - teeth, y), _column(bend + width + teeth, y)
    tile.line(_column(np.array([bend[-1], bend[-1] + 0.06]), np.array([0.62, 0.92])), _shade(colour, 0.7), 9)
    tile.shape(np.concatenate([left, right[::-1]]), _shade(colour, 1.16), _shade(colour, 0.86))
    half = _column(np.concatenate([bend, (bend + width + teeth)[::-1]]), np.concatenate([y, y[::-1]]))
    tile.shape(half, _shade(colour, 1.0), _shade(colour, 0.72))
    vein = _shade(colour, 1.4)
    for i in range(9, 54, 7):
        for side in (-1, 1):
            j = max(0, i - 7)
            end = (bend[j] + side * width[j] * 0.86, y[j])
            tile.line(np.array([(bend[i], y[i]), end]), vein, 3)
    tile.line(_column(bend, y), vein, 5)
    return tile


def _fish(rng: np.random.Generator) -> Tile:
    """A toy fish with fins, an eye, and bands or scales."""
    colour, second = _choice(rng, ANY), _choice(rng, ANY)
    tile, along = Tile(), np.linspace(0, 1, 50)
    depth = rng.uniform(0.3, 0.46)
    x = -0.86 + 1.28 * along
    half = depth * np.sin(np.pi * along**0.72) ** 0.85
    fork = rng.uniform(0.28, 0.42)
    tail = np.array([(0.3, 0), (0.88, -fork), (0.74, 0), (0.88, fork)])
    tile.shape(tail, _shade(second, 1.1), _shade(second, 0.8))
    fin = np.array([(-0.35, -depth * 0.8), (0.0, -depth - 0.24), (0.28, -depth * 0.6), (0.1, 0)])
    tile.shape(fin, _shade(second, 1.05), _shade(second, 0.85))
    tile.shape(fin * np.array([0.8, -0.82]), _shade(second, 0.9), _shade(second, 0.7))
    tile.shape(_between(x, -half, half), _shade(colour, 1.05), _shade(colour, 0.85))
    tile.shape(_between(x, half * 0.35, half), _shade(colour, 1.35), _shade(colour, 1.5))
    if rng.random() < 0.5:
        for at in (16, 26, 36):
            bx, bh = x[at : at + 5], half[at : at + 5]
            tile.shape(_between(bx, -bh, bh), _shade(second, 1.25), _shade(second, 1.0))
    else:
        for at in range(16, 44, 6):
            scale = _column(x[at] - 0.05 * np.sin(along * np.pi), half[at] * 0.7 * (along - 0.5))
            tile.line(scale, _shade(colour, 0.72), 3)
    gill = _column(x[11] + 0.09 * np.sin(np.pi * along), half[11] * 1.5 * (along - 0.5))
    tile.line(gill, _shade(colour, 0.65), 4)
    tile.dot(-0.6, -depth * 0.22, 0.085, (250, 250, 246))
    tile.dot(-0.615, -depth * 0.22, 0.05, (28, 30, 38))
    return tile


def _key(rng: np.random.Generator) -> Tile:
    """An old key: bow, shaft, collar and bit."""
    metal = _choice(rng, METALS)
    tile = Tile()
    light, dark = _shade(metal, 1.3), _shade(metal, 0.68)
    thick, bow = rng.uniform(0.065, 0.1), rng.uniform(0.26, 0.34)
    tip = rng.uniform(0.78, 0.9)
    tile.shape(_bar(-0.4, -thick, tip, thick), light, dark)
    for at in np.linspace(tip - 0.08, tip - 0.36, int(rng.integers(2, 4))):
        tile.shape(_bar(at - 0.05, 0, at + 0.05, rng.uniform(0.22, 0.36)), light, dark)
    for collar in (-0.18, -0.08):
        tile.shape(_bar(collar - 0.035, -0.15, collar + 0.035, 0.15), light, dark)
    turn = np.linspace(0, 2 * np.pi, 80)
    lobes = rng.choice([0, 3, 4])
    radius = bow * (1 + 0.16 * np.cos(lobes * turn)) if lobes else np.full_like(turn, bow)
    tile.shape(_column(-0.52 + radius * np.cos(turn), radius * np.sin(turn)), _shade(metal, 1.35), _shade(metal, 0.6))
    tile.hole(-0.52, 0, bow * 0.56)
    shine = turn[40:66]
    tile.line(_column(-0.52 + bow * 0.8 * np.cos(shine), bow * 0.8 * np.sin(shine)), _shade(metal, 1.7), 5)
    tile.line(np.array([(-0.02, -thick * 0.4), (tip - 0.06, -thick * 0.4)]), _shade(metal, 1.7), 4)
    return tile


def _shell(rng: np.random.Generator) -> Tile:
    """A scallop: a ribbed fan above its hinge, with growth lines."""
    colour = _choice(rng, SHELLS)
    tile = Tile()
    ribs, spread = int(rng.integers(7, 11)), rng.uniform(1.0, 1.2)
    angle = np.linspace(-spread, spread, 12 * ribs)
    edge = (1.28 + 0.05 * np.abs(np.cos(angle / spread * ribs * np.pi / 2))) * (0.86 + 0.14 * np.cos(angle))
    hinge = np.array([[0.0, 0.62]])
    ears = np.array([(-0.3, 0.5), (0.3, 0.5), (0.22, 0.78), (-0.22, 0.78)])
    tile.shape(ears, _shade(colour, 0.95), _shade(colour, 0.72))
    fan = hinge + _column(edge * np.sin(angle) * 0.9, -edge * np.cos(angle))
    tile.shape(np.concatenate([hinge, fan]), _shade(colour, 1.12), _shade(colour, 0.78))
    for ring in (0.55, 0.75, 0.9):
        tile.line(hinge + ring * (fan - hinge), _shade(colour, 0.86 + 0.1 * ring), 7)
    for i in range(ribs + 1):
        outer = fan[min(12 * i, len(fan) - 1)]
        tile.line(np.stack([hinge[0], outer]), _shade(colour, 0.7), 4)
        tile.line(np.stack([hinge[0], outer]) + np.array([0.02, 0]), _shade(colour, 1.4), 2)
    return tile


def _butterfly(rng: np.random.Generator) -> Tile:
    """Four wings with dark rims and spots, a body and feelers."""
    colour, spot = _choice(rng, ANY), _choice(rng, ANY)
    tile, turn = Tile(), np.linspace(0, 2 * np.pi, 70)
    upper, lower = rng.uniform(0.42, 0.52), rng.uniform(0.3, 0.4)
    rim = _shade(colour, rng.uniform(0.22, 0.5))
    for side in (-1, 1):
        for size, x, y, tilt, stretch in ((lower, 0.34, 0.36, 0.5, 1.05), (upper, 0.42, -0.26, -0.6, 1.15)):
            u, v = size * stretch * np.cos(turn), size * 0.72 * np.sin(turn)
            wing = _column(side * (u * np.cos(tilt) - v * np.sin(tilt)), u * np.sin(tilt) + v * np.cos(tilt))
            place = np.array([side * x, y])
            tile.shape(wing + place, rim, _shade(rim, 0.8))
            tile.shape(0.8 * wing + place, _shade(colour, 1.2), _shade(colour, 0.9))
        tile.dot(side * 0.6, -0.4, rng.uniform(0.07, 0.12), _shade(spot, 1.2))
        tile.dot(side * 0.42, 0.42, rng.uniform(0.05, 0.1), _shade(spot, 1.2))
        feeler = np.linspace(0, 1, 12)
        tile.line(_column(side * 0.26 * feeler**1.4, -0.42 - 0.38 * feeler), (44, 36, 34), 4)
        tile.dot(side * 0.26, -0.8, 0.035, (44, 36, 34))
    tile.shape(_column(0.075 * np.cos(turn), 0.04 + 0.5 * np.sin(turn)), (84, 66, 56), (40, 32, 30))
    return tile


OBJECTS: dict[str, Callable[[np.random.Generator], Tile]] = {
    "butterfly": _butterfly,
    "fish": _fish,
    "key": _key,
    "leaf": _leaf,
    "shell": _shell,
}
