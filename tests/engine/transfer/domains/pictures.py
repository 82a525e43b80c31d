"""Small projects of another domain: coloured pictures, and the same kinds of picture under a red lamp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.engine.training.runs import COLOURS, SIZE, draw, project
from workbench.cli import main
from workbench.core.project import Project
from workbench.project.store import project_text


def source_folder(folder: Path, each: int = 12) -> Path:
    """Class folders of three colours."""
    for number, colour in enumerate(COLOURS):
        for index in range(each):
            draw(folder / "colours" / colour / f"{index:03}.png", colour, False, 1000 * number + index)
    return folder / "colours"


def lamplit(folder: Path, each: int = 6, classes: bool = True) -> Path:
    """The same kinds of picture in red light, in class folders or all in one."""
    target = folder / "lamplit"
    for number, (colour, light) in enumerate(COLOURS.items()):
        for index in range(each):
            random = np.random.default_rng(5000 + 1000 * number + index)
            pixels = np.asarray(light) * 0.3 + np.array([150, 30, 10]) + random.normal(0, 10, (SIZE, SIZE, 3))
            path = target / (colour if classes else ".") / f"{colour}{index:03}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
    return target


def asked(folder: Path, backbone: str = "shufflenet_v2_x0_5", **recipe: object) -> Project:
    """A project of the colours, with a probe of random weights."""
    tasks = [{"name": "colour", "source": str(source_folder(folder))}]
    return project(tasks, {"name": backbone, "freeze": "all"}, **{"preset": "probe", "epochs": 6, **recipe})


def trained(folder: Path, backbone: str = "shufflenet_v2_x0_5", **recipe: object) -> Path:
    """The folder of such a project with a run `001-run`."""
    wanted = asked(folder, backbone, **recipe)
    (folder / "project.toml").write_text(project_text(wanted), encoding="utf-8")
    assert main(["train", str(folder), "--name", "run"]) == 0
    return folder
