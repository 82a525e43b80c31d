"""What each job of the engine is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from workbench.core.project import Project, Task

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True)


class CheckSpec(_Spec):
    """Read the project's data and say what is wrong with it."""

    project: Project
    project_dir: Path


class TrainSpec(_Spec):
    """Carry out one run in `run_dir`, which exists; with `resume`, go on from its newest intact checkpoint."""

    project: Project
    project_dir: Path
    run_dir: Path
    run: str
    resume: bool = False


class EvaluateSpec(_Spec):
    """Score a run on one of its parts (None: test, or validation where there is none), or on other labelled pictures.

    `data` holds, for tasks of the run by name, where other labelled pictures are.
    """

    project_dir: Path
    run_dir: Path
    run: str
    part: Part | None = None
    data: tuple[Task, ...] = ()


class PredictSpec(_Spec):
    """Answer every head's question for pictures and folders of pictures, in the order given; masks go to `out`."""

    project_dir: Path
    run_dir: Path
    run: str
    images: tuple[Path, ...]
    out: Path | None = None


class AffinitySpec(_Spec):
    """Measure what a step for one task does to the others' losses, on up to `batches` batches of a run's training part."""

    project_dir: Path
    run_dir: Path
    run: str
    batches: int = 20


Spec = CheckSpec | TrainSpec | EvaluateSpec | PredictSpec | AffinitySpec
