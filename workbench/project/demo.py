"""The demo project: pictures that the program draws itself, two questions about each, and a recipe that fits."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from workbench.core.errors import RequestError
from workbench.core.events import Progress
from workbench.core.files import write_atomically
from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.project.demo_grounds import GROUNDS
from workbench.project.demo_objects import OBJECTS
from workbench.project.demo_pictures import Painter, Scene
from workbench.project.store import PROJECT_FILE, ProjectFile

COUNT = 560
LABELS_FILE = "labels.csv"
PICTURES_FOLDER = "pictures"
_SEED = 20
_UNLABELLED = 0.1
"""Share of pictures whose ground nobody wrote down."""
_CHUNK = 24


def make_demo(folder: Path) -> Iterator[Progress]:
    """Draw the demo's pictures into `folder` and make it a project; always the same ones, in about two seconds.

    Raises:
        RequestError: `folder` already holds a project, or cannot be written.
    """
    if (folder / PROJECT_FILE).exists():
        raise RequestError(f"{folder} already holds a project.", "Choose another folder, or open that project.")
    what = "Drawing the demo's pictures"
    scenes = demo_scenes()
    yield Progress(what=what, done=0, total=len(scenes))
    try:
        (folder / PICTURES_FOLDER).mkdir(parents=True, exist_ok=True)
        for done in _draw(scenes, folder / PICTURES_FOLDER):
            yield Progress(what=what, done=done, total=len(scenes))
        write_atomically(folder / LABELS_FILE, _labels(scenes))
    except OSError as error:
        raise RequestError(
            f"{folder} cannot be written: {error.strerror or error}.", "Choose a folder that you may write to."
        ) from error
    ProjectFile.create(folder, demo_project())


def demo_project() -> Project:
    """What the demo asks for: two tasks on the same pictures, a small network that has seen nothing but formulas."""
    return Project(
        name="Demo: found objects",
        tasks=[Task(name=name, source=LABELS_FILE, column=name) for name in ("object", "ground")],
        backbone=BackboneChoice(name="mobilenet_v3_small", weights="starter", freeze=0),
        recipe=Recipe(preset="balanced", epochs=16, patience=0, image_size=64),
    )


def demo_scenes() -> list[Scene]:
    """What each picture shows: every object on every ground equally often, in mixed order."""
    pairs = [Scene(item, ground) for item in OBJECTS for ground in GROUNDS]
    order = np.random.default_rng(_SEED).permutation(COUNT)
    return [pairs[int(place) % len(pairs)] for place in order]


def _name(index: int) -> str:
    return f"{index + 1:03d}.jpg"


def _draw(scenes: list[Scene], folder: Path) -> Iterator[int]:
    """Paint and save; how many are done, now and then."""
    painter = Painter(_SEED)

    def paint(index: int) -> None:
        painter.paint(scenes[index], index).save(folder / _name(index), quality=90)

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as threads:
        for first in range(0, len(scenes), _CHUNK):
            last = min(first + _CHUNK, len(scenes))
            list(threads.map(paint, range(first, last)))
            yield last


def _labels(scenes: list[Scene]) -> str:
    """The table: one row a picture; some grounds are left empty, as in life."""
    known = np.random.default_rng(_SEED + 1).random(len(scenes)) >= _UNLABELLED
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["image", "object", "ground"])
    for index, scene in enumerate(scenes):
        table.writerow([f"{PICTURES_FOLDER}/{_name(index)}", scene.object, scene.ground if known[index] else ""])
    return text.getvalue()
