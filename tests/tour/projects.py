"""The projects that the tour shows: an empty one, and one with real pictures where they are there, else the demo."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.core.project import BackboneChoice, Project, Recipe, Task
from workbench.project.demo import make_demo
from workbench.project.store import ProjectFile

ROOT = Path(__file__).parent.parent.parent
REAL = Path(os.environ.get("WORKBENCH_REAL_DATA", ROOT.parent / "shared" / "data"))
WEIGHTS = Path(os.environ.get("WORKBENCH_REAL_WEIGHTS", REAL.parent / "weights")) / "mobilenet_v2-imagenet-fp16.pt"


def empty_project(folder: Path) -> Path:
    """A project without a task."""
    return ProjectFile.create(folder / "New project", Project(name="New project")).folder


def full_project(folder: Path) -> Path:
    """Four tasks on real pictures, or the demo's two; small enough to train in a minute or two."""
    if not (REAL / "trash").is_dir():
        for _ in make_demo(folder / "demo"):
            pass
        return folder / "demo"
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
    photos = sorted((REAL / "trash").rglob("*.jpg"))
    return photos[len(photos) // 2] if photos else sorted((project / "pictures").glob("*.jpg"))[3]
