"""The `shrunk` job: a run beside its teacher, as a file in fp32 and in int8, with what each is worth."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.files import write_atomically
from workbench.core.resolved import TABLE_FILE
from workbench.core.shrink import SHRUNK_FILE
from workbench.core.specs import Part, ShrunkSpec
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.export.library import how_to_install, missing
from workbench.engine.export.quantise import PICTURES, quantise
from workbench.engine.insight.compare.judge import judge
from workbench.engine.insight.outputs import part_document
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import as_they_are
from workbench.engine.training.setup import mask_helpers
from workbench.engine.transfer.shrink.agreement import summary
from workbench.engine.transfer.shrink.contender import Contender, Model, exported, in_torch, load_model, of_file
from workbench.engine.transfer.shrink.side_by_side import Answered, Pair, SideBySide
from workbench.engine.transfer.shrink.speed import BATCH, Times, timed
from workbench.engine.transfer.shrink.words import sentences

EXPORTING = "making files"


class _Bench(NamedTuple):
    """What the models are tried on.

    Attributes:
        examples: (B, 3, S, S) float in [0, 1], some pictures of the part.
        calibrating: (3, S, S) each, training pictures.
    """

    table: SampleTable
    part: Part
    store: PixelStore
    examples: Tensor
    calibrating: list[Tensor]


def shrunk(spec: ShrunkSpec, control: Control) -> Iterator[Event]:
    """Export a run, quantise it, and hold both against its teacher, or against the run itself where it has none.

    Yields:
        Progress, Notices, and one Result "shrunk". Where it is told to end, no Result; files that are whole stay.

    Raises:
        RequestError: the run has neither test nor validation pictures.
        RunError: a run has kept no model, or its pictures cannot be read.
    """
    model = load_model(spec.run_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    folder = spec.project_dir / "cache" / "pixels"
    view = model.resolved.view
    with (
        PixelStore(folder, table.paths, view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store,
        tempfile.TemporaryDirectory() as aside,
    ):
        bench = _bench(spec, table, store)
        contenders = yield from _contenders(spec, model, bench, Path(aside), control)
        if control.ending:
            return
        answered = yield from _answered(model, contenders, bench, control)
        times = None if answered is None else (yield from timed(contenders, bench.examples, control))
        if answered is None or times is None:
            return
        document = yield from _document(spec, model, contenders, bench, answered, times, control)
    if not control.ending:
        (spec.run_dir / SHRUNK_FILE).parent.mkdir(exist_ok=True)
        write_atomically(spec.run_dir / SHRUNK_FILE, json.dumps(document, indent=2))
        yield Result(what="shrunk", document=document)


def _bench(spec: ShrunkSpec, table: SampleTable, store: PixelStore) -> _Bench:
    parts: tuple[Part, ...] = ("test", "validation")
    part = next((part for part in parts if len(table.rows(part))), None)
    if part is None:
        raise RequestError(
            f"Run {spec.run} has neither a test part nor a validation part to compare models on.",
            "Train with split.validation above 0.",
        )
    examples = _pictures(store, table.rows(part)[:BATCH])
    if len(examples) < 1:
        raise RunError(f"No picture of the {part} part of run {spec.run} can be read.", "Put the pictures back.")
    train = table.rows("train")
    chosen = train[np.unique(np.linspace(0, len(train) - 1, min(PICTURES, len(train))).astype(np.int64))]
    return _Bench(table, part, store, examples, list(_pictures(store, chosen)))


def _pictures(store: PixelStore, rows: np.ndarray[Any, np.dtype[np.int64]]) -> Tensor:
    """(B, 3, S, S) float in [0, 1] of those rows that can be read."""
    records, readable = store.read(rows)
    return as_they_are(torch.from_numpy(records[readable]).permute(0, 3, 1, 2)).contiguous()


def _contenders(
    spec: ShrunkSpec, model: Model, bench: _Bench, aside: Path, control: Control
) -> Generator[Event, None, list[Contender]]:
    """The rows of the table: the teacher where there is one, the run, and the run in int8 where that can be made."""
    steps = 2 + (spec.teacher_dir is not None)
    found: list[Contender] = []
    absent = missing()
    if absent:
        yield Notice(level="warning", text=f"No file is made and nothing is measured in int8: {how_to_install()}")
    if spec.teacher_dir is not None:
        yield Progress(what=EXPORTING, done=0, total=steps)
        teacher = load_model(spec.teacher_dir)
        found.append((yield from _whole("teacher", teacher, spec.teacher_dir, bench, aside / "teacher.onnx", False)))
    name = "run" if spec.teacher_dir is None else "student"
    control.meet()
    if control.ending:
        return found
    yield Progress(what=EXPORTING, done=len(found), total=steps)
    exports = spec.project_dir / "exports"
    whole = yield from _whole(name, model, spec.run_dir, bench, exports / f"{spec.run}.onnx", True)
    found.append(whole)
    control.meet()
    if control.ending or whole.file is None:
        return found
    yield Progress(what=EXPORTING, done=len(found), total=steps)
    small = exports / f"{spec.run}-int8.onnx"
    try:
        quantise(whole.file, small, bench.calibrating)
        found.append(of_file("int8", model, small, kept=True))
    except RunError as error:
        yield Notice(level="warning", text=str(error))
    yield Progress(what=EXPORTING, done=steps, total=steps)
    return found


def _whole(
    name: str, model: Model, run_dir: Path, bench: _Bench, path: Path, kept: bool
) -> Generator[Event, None, Contender]:
    """A model as a file; as it is where it cannot be translated."""
    plain = in_torch(name, model, run_dir)
    if missing():
        return plain
    try:
        made, difference = exported(name, model, plain.sized(bench.examples), path, kept=kept)
    except RunError as error:
        yield Notice(level="warning", text=f"{error.text} It is measured as it is.")
        return plain
    if kept:
        where = f"{path.parent.name}/{path.name}"
        yield Notice(level="info", text=f"{where} answers as the run does, to within {max(difference, 1e-9):.1g}.")
    return made


def _answered(
    model: Model, contenders: list[Contender], bench: _Bench, control: Control
) -> Generator[Event, None, Answered | None]:
    names = [each.name for each in contenders]
    pairs: list[Pair] = [(names[0], name) for name in names[1:]]
    if len(names) == 3:
        pairs.append((names[1], names[2]))
    _, judges = mask_helpers(bench.table, model.resolved)
    side = SideBySide(contenders, bench.store, model.facts, pairs)
    return (yield from side.collect(bench.table.rows(bench.part), judges, control))


def _document(
    spec: ShrunkSpec,
    model: Model,
    contenders: list[Contender],
    bench: _Bench,
    answered: Answered,
    times: Times,
    control: Control,
) -> Generator[Event, None, dict[str, Any]]:
    scored = {
        name: part_document(name, bench.part, outputs, bench.table, model.resolved.tasks, spec.project_dir)
        for name, outputs in answered.outputs.items()
    }
    # To the comparison they are three networks: the same run in int8 is no repeat of it.
    settings = {each.name: {"backbone": {"name": each.name, "weights": "none"}} for each in contenders}
    comparison = None
    if len(contenders) > 1:
        data = dict.fromkeys(settings, model.resolved.data_key)
        comparison = yield from judge(bench.part, settings, data, scored, control, 0)
    rows = [_row(each, contenders, scored[each.name]["tasks"], answered, times) for each in contenders]
    return {
        "run": spec.run,
        "teacher": spec.teacher_dir.name if spec.teacher_dir else None,
        "part": bench.part,
        "pictures": len(bench.table.rows(bench.part)),
        "batch": BATCH,
        "threads": devices.threads(),
        "models": rows,
        "comparison": comparison,
        "said": sentences(rows, comparison),
    }


def _row(
    each: Contender, contenders: list[Contender], scored: dict[str, Any], answered: Answered, times: Times
) -> dict[str, Any]:
    first = contenders[0].name
    whole = next((other.name for other in contenders if other.name in ("student", "run")), None)
    tasks = {}
    for task, document in scored.items():
        entry = {key: document[key] for key in ("kind", "count", "metrics")}
        for key, other in (("agreement", first), ("agreement_with_fp32", whole)):
            values = answered.agreement.get((other or "", each.name), {}).get(task)
            entry[key] = None if values is None else summary(document["kind"], values)
        if each.name != "int8":
            del entry["agreement_with_fp32"]
        tasks[task] = entry
    return {
        "name": each.name,
        "run": each.model.resolved.run,
        "backbone": each.model.resolved.project.backbone.name,
        "precision": each.precision,
        "run_precision": each.model.resolved.precision,
        "runtime": each.runtime,
        "parameters": each.model.parameters,
        "bytes": each.bytes,
        "file": f"exports/{each.file.name}" if each.file else None,
        **times[each.name],
        "tasks": tasks,
    }
