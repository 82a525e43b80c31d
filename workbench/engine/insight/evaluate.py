"""The `evaluate` job: how good a run is on one of its parts, or on other labelled pictures."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Result
from workbench.core.resolved import TABLE_FILE
from workbench.core.specs import EvaluateSpec, Part
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.data.words import pictures, some, verb
from workbench.engine.insight.answers import collect
from workbench.engine.insight.confidence.neighbours import Neighbours
from workbench.engine.insight.confidence.seen import SeenInputs
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.other_data import scorable
from workbench.engine.insight.outputs import Outputs, part_document
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.results import add_part, model_mark
from workbench.engine.training.setup import mask_helpers

SCORING = "scoring"


def evaluate(spec: EvaluateSpec, control: Control) -> Iterator[Event]:
    """Score the best checkpoint of a run; a part that the run itself has not answered is kept with its results.

    Yields:
        Progress, Notices about pictures that cannot be scored, and one Result "evaluate": the document of the contract.
        Where it is told to end, no Result.

    Raises:
        RequestError: the part is empty, or other data do not hold what their tasks say.
        RunError: the run has kept no model or no table.
    """
    model, predictor = model_mark(spec.run_dir), warm_predictor(spec.run_dir)
    if spec.data:
        yield from _other_data(spec, predictor, control)
        return
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    part = _part(spec.part, table, spec.run)
    unreadable: dict[int, str] = {}
    outputs = yield from answer_rows(
        spec.project_dir, predictor, table, table.rows(part), control, predictor.detector, unreadable
    )
    if outputs is not None:
        tasks, confidence = predictor.resolved.tasks, predictor.confidence
        document = part_document(spec.run, part, outputs, table, tasks, spec.project_dir, confidence)
        try:
            add_part(spec.run_dir, spec.project_dir, table, tasks, outputs, unreadable, document, model)
        except OSError as error:
            yield Notice(level="info", text=f"The answers cannot be kept with the run: {error.strerror or error}.")
        except RunError as error:
            yield Notice(level="info", text=f"The answers are not kept with the run: {error.text} {error.fix}")
        yield Result(what="evaluate", document=document)


def answer_rows(
    project_dir: Path,
    predictor: Predictor,
    table: SampleTable,
    rows: npt.NDArray[np.int64],
    control: Control,
    detector: Neighbours | None,
    unreadable: dict[int, str] | None = None,
) -> Generator[Event, None, Outputs | None]:
    """Answers of the table's tasks, through the pixels that training has stored; nothing is stored here.

    Args:
        detector: how far pictures lie from its training pictures comes beside the answers.
        unreadable: takes the rows that cannot be read, with the reason.

    Yields:
        Progress, and a Notice about pictures that cannot be read.

    Returns:
        The outputs; None where it was told to end.
    """
    resolved, paths = predictor.resolved, table.paths
    tasks = {task: predictor.facts[task] for task in table.tasks}
    _, judges = mask_helpers(table, resolved)
    folder = project_dir / "cache" / "pixels"
    with PixelStore(folder, paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        inputs = SeenInputs(predictor, store, detector)
        outputs = yield from collect(
            predictor.network, inputs, rows, tasks, judges, control, SCORING, beside=inputs.beside
        )
        if outputs is None:
            return None
        if unreadable is not None:
            unreadable.update(store.failures)
        if lost := rows[~outputs.readable].tolist():
            names = picture_names([paths[row] for row in lost], project_dir)
            which = _with_reasons(names, [store.failures.get(row, "") for row in lost])
            are = verb(len(lost), "is", "are")
            text = f"{pictures(len(lost))} cannot be read and {are} not scored: {which}."
            yield Notice(level="warning", text=text)
    return outputs


def _with_reasons(names: Sequence[str], reasons: Sequence[str]) -> str:
    """Some names, each with its reason, or with the one that all have, said once."""
    if len(set(reasons)) == 1:
        return f"{some(names)} ({reasons[0]})"
    return some(f"{name} ({reason})" for name, reason in zip(names, reasons, strict=True))


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


def _other_data(spec: EvaluateSpec, predictor: Predictor, control: Control) -> Generator[Event, None, None]:
    table = yield from scorable(spec.data, spec.project_dir, predictor.facts)
    rows = np.arange(len(table), dtype=np.int64)
    outputs = yield from answer_rows(spec.project_dir, predictor, table, rows, control, predictor.detector)
    if outputs is not None:
        tasks = [predictor.facts[task] for task in table.tasks]
        document = part_document(spec.run, "data", outputs, table, tasks, spec.project_dir, predictor.confidence)
        yield Result(what="evaluate", document=document)
