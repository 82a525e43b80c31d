"""The projects that the tour shows: an empty one, the demo, and one with real pictures."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.project.demo import make_demo
from workbench.project.store import ProjectFile

ROOT = Path(__file__).parent.parent.parent
REAL = Path(os.environ.get("WORKBENCH_REAL_DATA", ROOT.parent / "shared" / "data"))
WEIGHTS = Path(os.environ.get("WORKBENCH_REAL_WEIGHTS", REAL.parent / "weights")) / "mobilenet_v2-imagenet-fp16.pt"


def empty_project(folder: Path) -> Path:
    """A project without a task."""
    return ProjectFile.create(folder / "New project", Project(name="New project")).folder


def demo_project(folder: Path) -> Path:
    """The demo's two tasks, on the pictures that the program draws."""
    for _ in make_demo(folder / "Found objects"):
        pass
    return folder / "Found objects"


def has_real_pictures() -> bool:
    """Whether real pictures are there."""
    return (REAL / "trash").is_dir()


def real_project(folder: Path) -> Path:
    """Four tasks on real pictures, small enough to train in a minute or two."""
    table = str(REAL / "fashion" / "labels.csv")
    tasks = [Task(name="material", source=str(REAL / "trash"))]
    tasks += [
        Task(name=name.lower(), source=table, column=name, image="images/{id}.jpg")
        for name in ("gender", "masterCategory", "season")
    ]
    weights = f"file:{WEIGHTS}" if WEIGHTS.is_file() else "none"
    project = Project(
        name="Waste and fashion",
        tasks=tasks,
        backbone=BackboneChoice(name="mobilenet_v2", weights=weights, freeze=4),
        recipe=Recipe(preset="balanced", epochs=4, head_epochs=6, image_size=64),
    )
    return ProjectFile.create(folder / "Waste and fashion", project).folder


def one_picture(project: Path) -> Path:
    """A picture to ask about."""
    drawn = sorted((project / "pictures").glob("*.jpg"))
    pictures = drawn or sorted((REAL / "trash").rglob("*.jpg"))
    return pictures[len(pictures) // 2]
