"""Runs between whose weights one can blend: fine-tuned from the starter by one epoch at a high rate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.engine.training.runs import carry_out, project, two_tasks
from workbench.core.control import Control
from workbench.core.events import Event, Progress, Result
from workbench.project.store import ProjectFile

RUNS = ("001-full", "002-full")


def fine_tuned(folder: Path, **recipe: Any) -> ProjectFile:
    """A project with two runs of one recipe that differ in their seeds."""
    backbone = {"name": "mobilenet_v3_small", "weights": "starter"}
    made = project(two_tasks(folder, each=6), backbone, preset="full", epochs=1, learning_rate=3e-3, **recipe)
    file = ProjectFile.create(folder / "p", made)
    for seed, run in enumerate(RUNS):
        data = made.written()
        carry_out(type(made).model_validate({**data, "recipe": {**data["recipe"], "seed": seed}}), file.folder, run)
    return file


def document(events: Iterator[Event]) -> dict[str, Any]:
    """The document of the one result of a job."""
    (found,) = [event.document for event in events if isinstance(event, Result)]
    assert isinstance(found, dict)
    return found


def stopped(events: Iterator[Event], control: Control) -> list[Event]:
    """What a job says that is told to end at its first progress."""
    heard = []
    for event in events:
        heard.append(event)
        if isinstance(event, Progress):
            control.stop()
    return heard
