"""What the jobs of the tools are asked for: what transfer is good for beside training."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from workbench.core.adaptation import PRIOR, SHARE, TOP_SHARE
from workbench.core.project import Project, Split, Task
from workbench.core.shots import DRAWS
from workbench.core.specs.base import JobSpec, Part

MEMORY = 20
"""Pictures of each class that are remembered where new ones are learned beside them."""


class BlendSpec(JobSpec):
    """Score points between a run's pretrained weights and its trained ones, on its validation part and other pictures.

    Attributes:
        shares: of the trained weights in each point, in [0, 1].
        data: other labelled pictures for tasks of the run, by name.
        keep: the folder of a new run, which exists, that gets the one share; None keeps nothing.
    """

    project_dir: Path
    run_dir: Path
    run: str
    shares: tuple[float, ...]
    data: tuple[Task, ...] = ()
    keep: Path | None = None


class SoupSpec(JobSpec):
    """Average the weights of runs of one recipe, all of them and greedily, and score both beside each run.

    Attributes:
        data: other labelled pictures for tasks of the runs, by name.
        greedy: keep the greedy average rather than that of all.
        keep: the folder of a new run, which exists; None keeps nothing.
    """

    project_dir: Path
    run_dirs: tuple[Path, ...]
    data: tuple[Task, ...] = ()
    greedy: bool = False
    keep: Path | None = None


class ShotsSpec(JobSpec):
    """Draw accuracy against pictures a class, for heads that are worked out at once, on frozen features.

    Attributes:
        run_dir: whose trained backbone sees the pictures; None: the project's, as it was before training.
        shots: pictures a class; none for as many as its pictures allow.
        draws: choices of pictures of each number.
        tasks: none named: all that ask for one class.
    """

    project: Project
    project_dir: Path
    run_dir: Path | None = None
    run: str = ""
    shots: tuple[int, ...] = ()
    draws: int = DRAWS
    tasks: tuple[str, ...] = ()


class Arrival(JobSpec):
    """Pictures of a class that come later: those of a folder at any depth, or one picture.

    Attributes:
        label: their class; None where `path` is a folder of class folders.
    """

    path: Path
    label: str | None = None


class AddTaskSpec(JobSpec):
    """Give a run a task more, on its backbone as it is, and keep all its other answers bit by bit.

    Attributes:
        origin: the folder of the run.
        run_dir: of the run that is made.
        split: how the task's own pictures are parted; those that the run knows stay in their parts.
    """

    project_dir: Path
    origin: Path
    run_dir: Path
    task: Task
    split: Split = Split()


class TeachSpec(JobSpec):
    """Teach a head that is worked out at once more pictures, of classes that it knows or of new ones.

    Attributes:
        origin: the folder of the run.
        run_dir: of the run that is made.
        head: a kind of head that is worked out at once, which takes the place of the task's; "" keeps it.
        validation: the share of each class's pictures that is kept aside to judge by.
    """

    project_dir: Path
    origin: Path
    run_dir: Path
    task: str
    arrivals: tuple[Arrival, ...]
    head: str = ""
    validation: float = 0.2


class RecallSpec(JobSpec):
    """Put together what a trained run goes on with: pictures that come later, and a memory of those that it knows.

    Attributes:
        origin: the folder of the run.
        out: the sample table that is written.
        source: where the pictures are, where they are no `arrivals`; its kind is that of the run's task.
        memory: pictures of each class that are remembered.
        validation: the share of each class's new pictures that is kept aside to judge by.
    """

    project_dir: Path
    origin: Path
    out: Path
    task: str
    arrivals: tuple[Arrival, ...] = ()
    source: Task | None = None
    memory: int = MEMORY
    validation: float = 0.2


class ForgettingSpec(JobSpec):
    """Measure what each run of a chain, the oldest first, answers to the pictures that came with each.

    Attributes:
        part: whose pictures judge; None for test where the runs have any, else validation.
    """

    project_dir: Path
    run_dirs: tuple[Path, ...]
    part: Part | None = None


class _TargetSpec(JobSpec):
    """A run beside pictures of another domain.

    Attributes:
        target: their folder.
        labelled: tasks of the run whose source says what the pictures are, to score by; none: class folders, if any.
    """

    project_dir: Path
    origin_dir: Path
    target: Path
    labelled: tuple[Task, ...] = ()


class AdaptSpec(_TargetSpec):
    """Make the run `run_dir` of the one in `origin_dir`, with batch-norm statistics of the target.

    Attributes:
        share: of the target's statistics, in [0, 1].
        prior: pictures that the old statistics count as.
    """

    run_dir: Path
    share: float = SHARE
    prior: int = PRIOR


class PseudoLabelSpec(_TargetSpec):
    """Write a sample table to train on: that of the run, and the target pictures that it is surest of.

    Attributes:
        table: the file to write.
        top: the share of the pictures of each class that is kept.
    """

    table: Path
    top: float = TOP_SHARE


class AdaptedSpec(_TargetSpec):
    """Score the run in `run_dir` beside the one that it was adapted from, on target and source."""

    run_dir: Path


class DomainsSpec(_TargetSpec):
    """Say how far the target lies from a run's own pictures, and draw both on one map.

    Attributes:
        method: of `picture_map.METHODS`.
    """

    method: str = "pca"


class LeaveOneOutSpec(JobSpec):
    """Train on all domains but one, in turn, and score on the one that was left out.

    Attributes:
        task: of the project, of one class a picture, whose backbone and recipe are taken.
        domains: name and folder of class folders of each; none: by `column`, or the folders that the task's own class
            folders lie in.
        column: of the task's table, that tells the domain.
        how: "probe", a regression on features of the untouched backbone; or "runs", the project's own recipe.
    """

    project: Project
    project_dir: Path
    task: str
    domains: tuple[tuple[str, Path], ...] = ()
    column: str = ""
    how: Literal["probe", "runs"] = "probe"


class ShrunkSpec(JobSpec):
    """Export a run, quantise it to int8, and hold both against the run of `teacher_dir`; None: against itself."""

    project_dir: Path
    run_dir: Path
    run: str
    teacher_dir: Path | None = None
