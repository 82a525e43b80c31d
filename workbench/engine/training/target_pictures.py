"""The target of a run: pictures of another domain, fixed in the run's folder before it starts."""

from __future__ import annotations

from collections.abc import Generator

from workbench.core.adaptation import MCC, PSEUDO_LABELS
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.parsing import resolve_source
from workbench.core.project import Project
from workbench.core.resolved import Resolved
from workbench.core.specs import TrainSpec
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.training.phases import plan
from workbench.engine.training.target_pass import TargetPictures
from workbench.engine.transfer.domains.target import read_target

TARGET_FILE = "target.csv"
"""In a run's folder: the pictures of the other domain that it learns from."""
_LIMIT_BYTES = 20_000_000_000


def find_target(
    project: Project, table: SampleTable, spec: TrainSpec, control: Control
) -> Generator[Event, None, SampleTable | None]:
    """The pictures of the other domain of a new run; None where it has none, or told to end.

    Raises:
        RequestError: they are not there, or cannot be learned from in this way.
    """
    asked = project.transfer
    if asked.adaptation == PSEUDO_LABELS and spec.table is None:
        raise RequestError(
            "Pseudo-labels are the answers of a run that has been trained.",
            "Begin with: workbench adapt PROJECT --target FOLDER --method pseudo-labels.",
        )
    if asked.adaptation != MCC:
        return None
    if not asked.target:
        raise RequestError("transfer.adaptation is mcc, but transfer.target is empty.", "Name a folder of pictures.")
    if not any(task.kind == "single-label" for task in project.tasks):
        raise RequestError(
            "Classes are confused only in tasks of one class a picture, and the project has none.",
            "Adapt with the method adabn, or set transfer.adaptation to none.",
        )
    folder = resolve_source(asked.target, spec.project_dir)
    found = yield from read_target(folder, (), {}, spec.project_dir, table.paths, control)
    return None if found is None else found.table


def check_target(resolved: Resolved, table: SampleTable) -> None:
    """Refuse a recipe that the target could change nothing in.

    Raises:
        RequestError: only heads train.
    """
    if resolved.project.transfer.adaptation != MCC:
        return
    if not any(phase.trains_stages for phase in plan(resolved, len(table.rows("train")))):
        raise RequestError(
            "With transfer.adaptation = mcc stages of the backbone train, and this recipe trains heads alone.",
            "Choose the preset balanced or full, or freeze fewer stages.",
        )


def load_target(resolved: Resolved, spec: TrainSpec, threads: int) -> TargetPictures | None:
    """The target of a run that is set up; None where it has none. Its store is to be closed."""
    asked = resolved.project.transfer
    if asked.adaptation != MCC:
        return None
    paths = load_table(spec.run_dir / TARGET_FILE, spec.project_dir).paths
    folder = spec.project_dir / "cache" / "pixels"
    return TargetPictures(
        store=PixelStore(folder, paths, resolved.view, _LIMIT_BYTES, threads),
        count=len(paths),
        tasks=tuple(task.name for task in resolved.tasks if task.kind == "single-label"),
        weight=asked.confusion,
        temperature=asked.confusion_temperature,
    )
