"""What jobs that look at a run are asked for."""

from __future__ import annotations

from pathlib import Path

from workbench.core.doubts import TOP
from workbench.core.project import Project, Task
from workbench.core.saliency import OPACITY
from workbench.core.specs.base import JobSpec, Part

COVERAGE = 0.9
"""Share of pictures whose set of classes is to hold the true one."""
NEIGHBOURS = 8
"""Training pictures that are listed beside a picture."""
DISAGREEMENTS = 200
"""Pictures on which two runs disagree that are named where no other number is asked for."""


class EvaluateSpec(JobSpec):
    """Score a run on one of its parts (None: test, or validation where there is none), or on other labelled pictures.

    `data` holds, for tasks of the run by name, where other labelled pictures are.
    """

    project_dir: Path
    run_dir: Path
    run: str
    part: Part | None = None
    data: tuple[Task, ...] = ()


class CompareSpec(JobSpec):
    """Compare runs on one of their parts (None: test where every run has one, else validation).

    `most`: pictures with different answers that are named for each pair and task; None: all.
    """

    project_dir: Path
    run_dirs: tuple[Path, ...]
    part: Part | None = None
    most: int | None = DISAGREEMENTS


class ReportSpec(JobSpec):
    """Collect what the report of a run shows of one of its parts (None: test, or validation where there is none), or of
    other labelled pictures: `data` is as in `EvaluateSpec`."""

    project_dir: Path
    run_dir: Path
    run: str
    part: Part | None = None
    data: tuple[Task, ...] = ()


class PredictSpec(JobSpec):
    """Answer every head's question for pictures and folders of pictures, in the order given; masks go to `out`."""

    project_dir: Path
    run_dir: Path
    run: str
    images: tuple[Path, ...]
    out: Path | None = None


class ExplainSpec(JobSpec):
    """Draw where the head of `task` looked in a picture.

    Attributes:
        of: the class whose answer is traced; None for the likeliest.
        method: of `saliency.METHODS`.
        out: a PNG of the picture under the map; None for none.
        map: a grey PNG of the map alone, at the picture's size; None for none.
        trust: check the map as well.
    """

    project_dir: Path
    run_dir: Path
    run: str
    image: Path
    task: str
    of: str | None = None
    method: str = "auto"
    out: Path | None = None
    map: Path | None = None
    colours: str = "inferno"
    opacity: float = OPACITY
    trust: bool = False


class CalibrateSpec(JobSpec):
    """Fit what makes a run's answers believable, on its validation pictures.

    Attributes:
        coverage: share of pictures whose set of classes is to hold the true one, in (0, 1); None for that which the run
            is calibrated to, else `COVERAGE`.
        abstain: for tasks that may say nothing, the confidence below which they do, in [0, 1]; of other tasks that
            which the run is calibrated to stays.
    """

    project_dir: Path
    run_dir: Path
    run: str
    coverage: float | None = None
    abstain: dict[str, float] = {}


class DoubtsSpec(JobSpec):
    """Find labels that are doubtful; list up to `top` of each task (none named: of all), the most doubtful first."""

    project: Project
    project_dir: Path
    tasks: tuple[str, ...] = ()
    top: int = TOP


class MapSpec(JobSpec):
    """Draw the pictures of some parts of a run, or of all where none is named, by a method of `picture_map.METHODS`."""

    project_dir: Path
    run_dir: Path
    run: str
    method: str = "pca"
    parts: tuple[Part, ...] = ()


class CurveSpec(JobSpec):
    """Draw the learning curves of a run's tasks (none named: of all)."""

    project_dir: Path
    run_dir: Path
    run: str
    tasks: tuple[str, ...] = ()


class NeighboursSpec(JobSpec):
    """Find the `count` training pictures that a run's model sees most like a picture."""

    project_dir: Path
    run_dir: Path
    run: str
    image: Path
    count: int = NEIGHBOURS
