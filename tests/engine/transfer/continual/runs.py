"""A small project with a run, and pictures that come later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.engine.training.runs import draw, on_resnet18, two_tasks
from workbench.cli.parser import parse
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Result
from workbench.project.store import ProjectFile


def trained(folder: Path, head: str = "ridge", **recipe: Any) -> Path:
    """The folder of a project of two tasks, its pictures in it, with the run 001-first."""
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [{**task, "head": head} for task in two_tasks(folder, each=6)]
    weights = {"weights": "starter"}
    made = on_resnet18(tasks, weights, **{"preset": "few-shot" if head == "ridge" else "probe", **recipe})
    ProjectFile.create(folder, made)
    list(said("train", str(folder), "--name", "first"))
    return folder


def copied(made: Path, folder: Path) -> ProjectFile:
    """A project's copy, whose runs can be gone on with without a trace in others."""
    shutil.copytree(made, folder)
    return ProjectFile.read(folder)


def yellow(folder: Path, count: int, first: int = 0) -> Path:
    """A folder of pictures of a class that no run knows."""
    for number in range(first, first + count):
        draw(folder / "yellow" / f"y{number}.png", "red", True, 700 + number)
    return folder / "yellow"


def said(*words: str, control: Control | None = None) -> Iterator[Event]:
    """What a command says."""
    module, args = parse(list(words))
    return iter(module.Job(args).events(control or Control()))


def document(events: list[Event]) -> dict[str, Any]:
    """Of the job's result."""
    (found,) = [event.document for event in events if isinstance(event, Result)]
    assert isinstance(found, dict)
    return found


def notices(events: list[Event]) -> str:
    """All of them."""
    return "\n".join(event.text for event in events if isinstance(event, Notice))
