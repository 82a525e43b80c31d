"""The `curve` job: how good answers get with the number of training pictures, and whether more of them would help.

A ridge probe is fitted to 1/32, 1/16, … and all of the training pictures, on the features of the run's backbone as it
was before training: those of the trained one have already seen every label. It judges pictures of validation and test.
The probe is no training run: it says how much the pictures hold for it, in seconds. A mask is probed pixel by pixel,
on what the backbone's stages see there.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.core.advice import Candidate
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result, to_json
from workbench.core.files import check_writable, write_atomically
from workbench.core.learning_curve import SIZES, curve_file
from workbench.core.resolved import TABLE_FILE, load_resolved
from workbench.core.specs import CurveSpec
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.data.words import pictures
from workbench.engine.insight.curve.pixels import MOST_PICTURES, see_pixels
from workbench.engine.insight.curve.power_law import FEWEST_SIZES
from workbench.engine.insight.curve.probe import Probe, Seen
from workbench.engine.model.heads.ridge import MOST_ROWS
from workbench.engine.training.feature_cache import Features
from workbench.engine.transfer.advisor.bench import Bench, Mounted, require_weights
from workbench.engine.transfer.advisor.questions import ask
from workbench.engine.transfer.advisor.sample import left_out_notices, shrink

Ints = npt.NDArray[np.int64]

FITTING = "fitting probes"


def curve(spec: CurveSpec, control: Control) -> Iterator[Event]:
    """Draw the learning curves of a run's tasks.

    Yields:
        Progress, Notices, and one Result "curve", whose document also lies in the run's results. Where it is told to
        end, no Result; features computed until then are kept.

    Raises:
        RequestError: the run has no such task, no task has pictures enough, or the backbone's weights are not here.
        OSError: the run's results take no files.
        RunError: the run has no table, or the weights cannot be loaded.
    """
    begin = time.perf_counter()
    check_writable(curve_file(spec.run_dir).parent)
    asked = load_resolved(spec.run_dir).project
    own = asked.effective().backbone
    require_weights(Candidate(own.name, own.weights), spec.project_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    tasks, left_out = _judged(table, spec.tasks)
    yield from left_out_notices(left_out)
    bench = Bench.of(asked, spec.project_dir, table)
    with bench.store:
        mounted = yield from bench.build(Candidate(own.name, own.weights), control, frozen=True)
        if mounted is None:
            return
        probes = yield from _probes(mounted, table, tasks, asked.effective().recipe.seed, control)
    if probes is None:
        return
    for probe in probes:
        if len(probe.sizes) < FEWEST_SIZES or probe.judged < _needs(table, probe.task).judged:
            raise RequestError(f"Too few pictures of {probe.task} can be read.", "Check that they are still there.")
    fits = [(probe, size, choice) for probe in probes for size in probe.sizes for choice in probe.choices(size)]
    for done, (probe, size, choice) in enumerate(fits):
        yield Progress(what=FITTING, done=done, total=len(fits))
        probe.fit(table, size, choice)
        control.wait_while_paused()
        if control.ending:
            return
    yield Progress(what=FITTING, done=len(fits), total=len(fits))
    document = {
        "run": spec.run,
        "backbone": own.name,
        "weights": own.weights,
        "tasks": {probe.task: probe.document(table.kind(probe.task)) for probe in probes},
        "left_out": left_out,
        "seconds": round(time.perf_counter() - begin, 1),
    }
    write_atomically(curve_file(spec.run_dir), to_json(document, indent=1))
    yield Result(what="curve", document=document)


def sizes_of(count: int, least: int) -> list[int]:
    """Numbers of pictures, each about half of the next, up to all `count` of them and none below `least`."""
    found = [round(count / 2**at) for at in range(SIZES)]
    return [size for size in reversed(found) if size >= least]


def _judged(table: SampleTable, asked: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The tasks that have a curve, and why each of the others has none."""
    for task in asked:
        if task not in table.tasks:
            raise RequestError(f"The run has no task {task}.", f"Its tasks are: {', '.join(table.tasks)}.")
    wanted = [task for task in table.tasks if task in asked or not asked]
    left = {task: reason for task in wanted if (reason := _reason(table, task))}
    if len(left) == len(wanted):
        raise RequestError(
            f"No task of this run can have a learning curve ({_listed(left)}).",
            "Label more pictures, or keep more of them aside.",
        )
    return [task for task in wanted if task not in left], left


def _listed(left: Mapping[str, str]) -> str:
    return "; ".join(f"{task}: {why}" for task, why in left.items())


def _reason(table: SampleTable, task: str) -> str:
    needs = _needs(table, task)
    fitted, judging = len(table.rows("train", task)), len(_judging(table, task))
    if len(sizes_of(fitted, needs.fitted)) < FEWEST_SIZES:
        needed = needs.fitted * 2 ** (FEWEST_SIZES - 1)
        return f"it has {pictures(fitted)} to train on, and a curve needs {needed}"
    if judging < needs.judged:
        return f"it has {pictures(judging)} outside of training, and a curve needs {needs.judged} to judge by"
    return ""


class _Needs(NamedTuple):
    """Training pictures of the smallest size, and pictures that judge, at least."""

    fitted: int
    judged: int


def _needs(table: SampleTable, task: str) -> _Needs:
    """Of classes, a picture or two of each; every picture with a mask has many pixels."""
    kind = table.kind(task)
    if kind == "mask":
        return _Needs(2, 5)
    return _Needs(max(10, 2 * len(table.classes[task])) if kind == "single-label" else 10, 20)


def _judging(table: SampleTable, task: str) -> Ints:
    return np.sort(np.concatenate([table.rows(part, task) for part in ("validation", "test")]))


def _probes(
    mounted: Mounted, table: SampleTable, tasks: Sequence[str], seed: int, control: Control
) -> Generator[Event, None, list[Probe] | None]:
    """The probes of tasks, in their order; None when told to end."""
    masks = [task for task in tasks if table.kind(task) == "mask"]
    others = [task for task in tasks if task not in masks]
    found: dict[str, Probe] = {}
    if others:
        rows = yield from _at_most(MOST_ROWS, table, others, _training(table, others), seed)
        judged = np.unique(np.concatenate([_judging(table, task) for task in others]))
        features = yield from mounted.features(np.concatenate([rows, judged]), control)
        if features is None:
            return None
        for task in others:
            seen = _whole(table, task, np.concatenate([rows, judged]), features)
            found[task] = _probe(mounted, table, task, rows, judged, seen)
    for task in masks:
        rows = yield from _at_most(MOST_PICTURES, table, [task], _training(table, [task]), seed)
        judged = shrink(table, [task], _judging(table, task), MOST_PICTURES, seed)
        looked = yield from see_pixels(mounted, table, task, np.concatenate([rows, judged]), control)
        if looked is None:
            return None
        found[task] = _probe(mounted, table, task, rows, judged, looked)
    return [found[task] for task in tasks]


def _probe(mounted: Mounted, table: SampleTable, task: str, rows: Ints, judged: Ints, seen: Seen) -> Probe:
    sizes = partial(sizes_of, least=_needs(table, task).fitted)
    return Probe.of(table, task, rows, judged, seen, sizes, mounted.exact_device)


def _whole(table: SampleTable, task: str, rows: Ints, features: Features) -> Seen:
    """Pictures as a whole."""
    return Seen(features.values[:, None], features.readable, partial(ask, table, task), rows)


def _training(table: SampleTable, tasks: Sequence[str]) -> Ints:
    """Training pictures that one of the tasks labels."""
    return np.unique(np.concatenate([table.rows("train", task) for task in tasks]))


def _at_most(
    most: int, table: SampleTable, tasks: Sequence[str], rows: Ints, seed: int
) -> Generator[Event, None, Ints]:
    if len(rows) > most:
        yield Notice(level="info", text=f"{pictures(most)} of {len(rows)} are fitted to, evenly chosen.")
    return shrink(table, tasks, rows, most, seed)
