"""Pictures from which a small transformer learns things from nothing: as many as it takes, each thing known.

    python -m tests.benchmarks.drawn_things FOLDER [--count 4000]

The demo's things, half of the pictures whole and half quartered: a network that learned from these has seen things at
half their size, several of them side by side, and each of its answers is about one of them alone. So it can be asked
about a mosaic.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from PIL import Image

from workbench.project.demo_grounds import GROUNDS, TEXTURE
from workbench.project.demo_objects import OBJECTS
from workbench.project.demo_pictures import PICTURE, Painter, Scene

TABLE, COLUMN = "things.csv", "things"
WHOLE, QUARTERED = "whole", "quartered"
"""What the names of pictures begin with: one thing on one ground, or four quarters, each with another thing or none."""
_SEED = 20
_PRESENT = 0.6
"""How likely a quarter has a thing on it."""
_TEXTURES_EACH = 3


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=4000)
    args = parser.parse_args()
    draw_things(args.folder, args.count)


def draw_things(folder: Path, count: int) -> None:
    """Draw the pictures into `folder` and write the table beside them."""
    random, painter = np.random.default_rng(_SEED), Painter(_SEED)
    bare = [
        draw(np.random.default_rng((_SEED, 2, place, number)))
        for place, draw in enumerate(GROUNDS.values())
        for number in range(_TEXTURES_EACH)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["image", COLUMN])
        for number in range(count):
            kind = (WHOLE, QUARTERED)[number % 2]
            things = [str(each) for each in random.permutation(list(OBJECTS))]
            if kind == WHOLE:
                things = things[:1]
                picture = _scene(painter, things[0], 4 * number, random)
            else:
                present = random.random(4) < _PRESENT
                quarters = [
                    _scene(painter, thing, 4 * number + place, random) if there else _piece(bare, random)
                    for place, (thing, there) in enumerate(zip(things, present, strict=False))
                ]
                things = [thing for thing, there in zip(things, present, strict=False) if there]
                picture = _sheet(quarters)
            name = f"{kind}-{number:05}.jpg"
            picture.save(folder / name, quality=90)
            table.writerow([name, "|".join(things)])


def _scene(painter: Painter, thing: str, index: int, random: np.random.Generator) -> Image.Image:
    return painter.paint(Scene(thing, str(random.choice(list(GROUNDS)))), index)


def _piece(bare: list[Image.Image], random: np.random.Generator) -> Image.Image:
    """A ground with nothing on it, (PICTURE, PICTURE)."""
    texture, side = bare[random.integers(len(bare))], int(random.integers(200, 400))
    left, top = (int(v) for v in random.integers(0, TEXTURE - side, 2))
    return texture.resize((PICTURE, PICTURE), Image.Resampling.BILINEAR, (left, top, left + side, top + side))


def _sheet(quarters: list[Image.Image]) -> Image.Image:
    """Four pictures in one of the same size."""
    half = PICTURE // 2
    sheet = Image.new("RGB", (PICTURE, PICTURE))
    for place, each in enumerate(quarters):
        sheet.paste(each.reduce(2), (half * (place % 2), half * (place // 2)))
    return sheet


if __name__ == "__main__":
    main()
