"""The `evaluate` job: how good a run is on one of its parts, or on other labelled pictures."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Result
from workbench.core.project import Task
from workbench.core.resolved import TABLE_FILE
from workbench.core.specs import EvaluateSpec, Part
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.table_file import load_table
from workbench.engine.data.words import listed, pictures, some
from workbench.engine.insight.answers import collect
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.outputs import Outputs, part_document
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import PixelInputs

SCORING = "scoring"
Targets = dict[str, npt.NDArray[np.int64]]


def evaluate(spec: EvaluateSpec, control: Control) -> Iterator[Event]:
    """Score the best checkpoint of a run.

    Yields:
        Progress, Notices about pictures that cannot be scored, and one Result "evaluate": the document of the contract.
        Where it is told to end, no Result.

    Raises:
        RequestError: the part is empty, or other data do not hold what their tasks say.
        RunError: the run has kept no model or no table.
    """
    predictor = warm_predictor(spec.run_dir)
    if spec.data:
        yield from _other_data(spec, predictor, control)
        return
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    part = _part(spec.part, table, spec.run)
    outputs = yield from _answers(spec, predictor, table.paths, table.rows(part), control)
    if outputs is not None:
        names = picture_names(table.paths, spec.project_dir)
        yield Result(
            what="evaluate",
            document=part_document(spec.run, part, outputs, table.targets, predictor.classes, names),
        )


def _part(asked: Part | None, table: SampleTable, run: str) -> Part:
    """The part that was asked for, else test, or validation where there is no test part."""
    wanted: tuple[Part, ...] = (asked,) if asked else ("test", "validation")
    for part in wanted:
        if len(table.rows(part)):
            return part
    if asked:
        raise RequestError(f"Run {run} has no picture in its {asked} part.", "Choose another part.")
    raise RequestError(
        f"Run {run} has neither a test part nor a validation part.",
        "Score it with --part train, or on other pictures with --data.",
    )


def _answers(
    spec: EvaluateSpec, predictor: Predictor, paths: list[Path], rows: npt.NDArray[np.int64], control: Control
) -> Generator[Event, None, Outputs | None]:
    """Answers to rows of a list of pictures, through the pixels that training has stored; nothing is stored here."""
    resolved = predictor.resolved
    folder = spec.project_dir / "cache" / "pixels"
    with PixelStore(folder, paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        inputs = PixelInputs(predictor.network, store, resolved, predictor.device, piece(resolved), "none")
        outputs = yield from collect(predictor.network, inputs, rows, control, SCORING)
        if outputs is None:
            return None
        for row in rows[~outputs.readable].tolist():
            yield Notice(
                level="warning", text=f"{paths[row]} cannot be read ({store.failures.get(row, '')}) and is not scored."
            )
    return outputs


@dataclass(frozen=True)
class _Other:
    """Other labelled pictures: every picture once.

    Attributes:
        targets: for each task (N,) an index into the run's classes, -1 where there is none.
        unknown: for each task the pictures whose class the run does not know: row → class.
    """

    paths: list[Path]
    targets: Targets
    unknown: dict[str, dict[int, str]]


def _other_data(spec: EvaluateSpec, predictor: Predictor, control: Control) -> Generator[Event, None, None]:
    other = _read_other(spec.data, spec.project_dir, predictor.classes)
    names = picture_names(other.paths, spec.project_dir)
    for task, unknown in other.unknown.items():
        if unknown:
            classes = listed(sorted(set(unknown.values())))
            yield Notice(
                level="warning",
                text=f"{task}: {pictures(len(unknown))} of classes unknown to the run ({classes}) cannot be scored: "
                + some(names[row] for row in unknown)
                + ".",
            )
    if not any((targets != MISSING).any() for targets in other.targets.values()):
        raise RequestError(
            "None of these pictures has a class that the run knows.", "Give pictures of the run's classes."
        )
    rows = np.arange(len(other.paths), dtype=np.int64)
    outputs = yield from _answers(spec, predictor, other.paths, rows, control)
    if outputs is not None:
        asked = Outputs(outputs.rows, {task: outputs.logits[task] for task in other.targets}, outputs.readable)
        document = part_document(spec.run, "data", asked, other.targets, predictor.classes, names)
        yield Result(what="evaluate", document=document)


def _read_other(data: tuple[Task, ...], project_dir: Path, classes: Mapping[str, list[str]]) -> _Other:
    """Read the sources and translate their labels into the run's classes.

    Raises:
        RequestError: a source does not hold what its task says, or the run has no such task.
    """
    reader = SourceReader(project_dir)
    places: dict[str, int] = {}
    labels: dict[str, dict[int, str]] = {}
    for task in data:
        if task.name not in classes:
            raise RequestError(f"The run has no task {task.name}.", f"Its tasks are: {', '.join(classes)}.")
        found = labels.setdefault(task.name, {})
        for row in reader.read(task).rows():
            place = places.setdefault(str(row.path), len(places))
            if row.label is not None:
                found[place] = row.label
    targets: Targets = {}
    unknown: dict[str, dict[int, str]] = {}
    for name, found in labels.items():
        index = {label: number for number, label in enumerate(classes[name])}
        targets[name] = np.full(len(places), MISSING, np.int64)
        for place, label in found.items():
            targets[name][place] = index.get(label, MISSING)
        unknown[name] = {place: label for place, label in found.items() if label not in index}
    return _Other([Path(path) for path in places], targets, unknown)
