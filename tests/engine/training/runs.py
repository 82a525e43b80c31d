"""Small runs for the tests of training: real pictures of two or three kinds, real networks, a few epochs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from workbench.core.control import Control
from workbench.core.events import Event, Result, RunEnded, Step
from workbench.core.project import Project
from workbench.core.specs import TrainSpec
from workbench.engine.training import keeper, step_log
from workbench.engine.training.job import train

COLOURS = {"blue": (40, 60, 200), "green": (40, 180, 60), "red": (200, 50, 40)}
SIZE = 40


def draw(path: Path, colour: str, striped: bool, seed: int) -> Path:
    """A noisy picture of a colour, plain or striped."""
    random = np.random.default_rng(seed)
    pixels = np.full((SIZE, SIZE, 3), COLOURS[colour], dtype=np.float64)
    if striped:
        pixels[(np.arange(SIZE) // 4) % 2 == 0] *= 0.4
    pixels += random.normal(0, 45, pixels.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
    return path


def four_kinds(folder: Path) -> list[dict[str, Any]]:
    """Striped and plain pictures of three colours, with a class, labels, a number, and a mask of the stripes."""
    lines = ["image,colour,marks,size"]
    for index in range(36):
        colour, striped = ("red", "green", "blue")[index % 3], index % 2 == 0
        path = draw(folder / "pictures" / f"{index:03}.png", colour, striped, index)
        mask = np.zeros((40, 40), np.uint8)
        mask[:, : 10 + index % 20] = 255
        (folder / "masks").mkdir(exist_ok=True)
        Image.fromarray(mask).save(folder / "masks" / path.name)
        marks = "|".join(name for name, on in (("striped", striped), ("warm", colour == "red")) if on) or "|"
        lines.append(f"pictures/{path.name},{colour},{marks},{10.5 + index * 1.25}")
    (folder / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = {"source": str(folder / "table.csv")}
    return [
        {"name": "colour", "column": "colour", **table},
        {"name": "marks", "kind": "multi-label", "column": "marks", **table},
        {"name": "size", "kind": "number", "column": "size", **table},
        {"name": "area", "kind": "mask", "source": str(folder / "pictures"), "masks": str(folder / "masks")},
    ]


def with_dropout(tasks: list[dict[str, Any]], share: float) -> list[dict[str, Any]]:
    """The same tasks with dropout in their heads."""
    return [{**task, "dropout": share} for task in tasks]


def two_tasks(folder: Path, each: int = 8) -> list[dict[str, Any]]:
    """Class folders of colours, and a table that says of some of the same pictures whether they are striped."""
    lines = ["image,pattern"]
    for number, colour in enumerate(COLOURS):
        for index in range(each):
            striped = index % 2 == 0
            path = draw(folder / "colours" / colour / f"{index:03}.png", colour, striped, 1000 * number + index)
            label = "" if index % 4 == 3 else ("striped" if striped else "plain")
            lines.append(f"{path.relative_to(folder).as_posix()},{label}")
    (folder / "patterns.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [
        {"name": "colour", "source": str(folder / "colours")},
        {"name": "pattern", "source": str(folder / "patterns.csv"), "column": "pattern"},
    ]


def at_each_step(patch: pytest.MonkeyPatch) -> None:
    """From now on each step is said by itself, and a checkpoint may be due at each: nothing hangs on the clock."""
    patch.setattr(step_log, "INTERVAL_S", 0.0)
    patch.setattr(keeper, "INTERVAL_S", 0.0)
    patch.setattr(keeper, "_SHARE", 1e9)


def project(tasks: list[dict[str, Any]], backbone: dict[str, Any] | None = None, **recipe: Any) -> Project:
    """A project of those tasks at 32 px in fp32; everything else may be set."""
    return Project.model_validate(
        {
            "tasks": tasks,
            "backbone": {"name": "mobilenet_v3_small", "weights": "none", **(backbone or {})},
            "recipe": {"image_size": 32, "precision": "fp32", "device": "cpu", "batch_size": 8, **recipe},
        }
    )


def on_resnet18(tasks: list[dict[str, Any]], backbone: dict[str, Any] | None = None, **recipe: Any) -> Project:
    """The same on a larger network, for what its size or its features matter to."""
    return project(tasks, {"name": "resnet18", **(backbone or {})}, **recipe)


def carry_out(
    wanted: Project,
    folder: Path,
    run: str = "001-run",
    *,
    resume: bool = False,
    more: int = 0,
    watch: Callable[[Event, Control], None] | None = None,
) -> list[Event]:
    """Everything that a run says; `watch` may give commands."""
    control = Control()
    run_dir = folder / "runs" / run
    run_dir.mkdir(parents=True, exist_ok=True)
    events = []
    spec = TrainSpec(project=wanted, project_dir=folder, run_dir=run_dir, run=run, resume=resume, more=more)
    for event in train(spec, control):
        events.append(event)
        if watch is not None:
            watch(event, control)
    return events


def losses(events: list[Event]) -> dict[int, dict[str, float | None]]:
    """Step → task → loss, in the order of the steps; a step that is said twice fails."""
    found: dict[int, dict[str, float | None]] = {}
    for event in events:
        if isinstance(event, Step):
            for index, step in enumerate(range(event.first, event.last + 1)):
                assert step not in found
                found[step] = {task: values[index] for task, values in event.losses.items()}
    return found


def weights(folder: Path, kind: str = "last", run: str = "001-run") -> dict[str, torch.Tensor]:
    """The weights of a checkpoint."""
    return load_file(folder / "runs" / run / "checkpoints" / kind / "weights.safetensors")


def ended(events: list[Event]) -> RunEnded:
    """The last event, which must be the run's end."""
    last = events[-1]
    assert isinstance(last, RunEnded)
    return last


def result(events: list[Event]) -> dict[str, Any]:
    """The document of the run's result."""
    (event,) = [event for event in events if isinstance(event, Result)]
    document: dict[str, Any] = event.document
    return document
