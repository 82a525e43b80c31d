"""The `transfer` job: whether pretraining helps, found out by training with and without it.

Negative transfer: a backbone that has learned something else than the pictures need can do worse than none (Rosenstein
et al., "To transfer or not to transfer", NIPS workshop on inductive transfer 2005; Wang et al., "Characterizing and
avoiding negative transfer", CVPR 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Result, RunEnded, stamped, to_json
from workbench.core.files import write_atomically
from workbench.core.project import Project
from workbench.core.specs import Part, TrainSpec, TransferSpec
from workbench.core.transfer_ways import (
    MOST_SEEDS,
    WAYS,
    Way,
    base,
    depth_of,
    epochs_of,
    passes,
    planned,
    project_of,
    told,
)
from workbench.core.verdict import recipe_key
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.data.table_file import save_table
from workbench.engine.data.words import counted
from workbench.engine.insight.verdict.carry_out import carry_out
from workbench.engine.insight.verdict.judged_part import judged_part
from workbench.engine.insight.verdict.pace import Pace
from workbench.engine.insight.verdict.trials import TrialRun, TrialsFolder
from workbench.engine.training.resolve import check_request
from workbench.engine.transfer.advisor.sample import shrink
from workbench.engine.transfer.report.judge import WayScores, row, sentence

TRANSFER_FILE = "transfer.json"


def transfer(spec: TransferSpec, control: Control) -> Iterator[Event]:
    """Train every run of the report that is not done yet, and judge.

    All runs have the same split and train equally many epochs. Each keeps the model of its last epoch; validation is
    only looked at, so that no picture that scores a run has chosen it.

    Yields:
        What the runs say, under the names of their folders; under the report's own, how far it is (Trial), Notices,
        and in the end a Result "transfer" and `run_ended`; `run_failed` before it where a run has failed.

    Raises:
        RequestError: the request is wrong; nothing was written.
    """
    for event in _transfer(spec, control):
        yield stamped(event, spec.transfer)


@dataclass(frozen=True)
class _Report:
    """What is to be done.

    Attributes:
        shared: the recipe that all ways share.
        parts: that judge, by task.
        tables: by share of the training pictures.
    """

    spec: TransferSpec
    shared: Project
    folder: TrialsFolder
    runs: list[TrialRun]
    parts: dict[str, Part]
    tables: dict[float, SampleTable]

    @property
    def freeze(self) -> int:
        """Frozen stages of the way that freezes part of the backbone."""
        return depth_of(self.shared)

    def run_spec(self, run: TrialRun) -> TrainSpec:
        """What trains a run."""
        way = _way(run)
        return TrainSpec(
            project=project_of(self.shared, way, run.seed),
            project_dir=self.spec.project_dir,
            run_dir=self.folder.run_dir(run),
            run=run.name,
            resume=True,
            table=self.folder.table_of(run.share),
            choose=False,
            watch=True,
        )


def _transfer(spec: TransferSpec, control: Control) -> Iterator[Event]:
    shared = base(spec.project)
    seeds = _seeds(spec, shared)
    check_request(shared)
    table = yield from build_table(shared, spec.project_dir, control)
    if control.ending:
        yield RunEnded(status="interrupted", best=None, elapsed_s=0.0)
        return
    parts = {task: judged_part(table, task) for task in table.tasks}
    runs = _runs(spec, shared, table, seeds)
    folder = TrialsFolder(spec.transfer_dir)
    if folder.begin(_plan(shared, table, seeds, runs)):
        yield Notice(level="info", text="The recipe or the pictures have changed since: all runs begin anew.")
    tables = {share: _fewer(table, share, shared.recipe.seed) for share in {run.share for run in runs}}
    for share, fewer in tables.items():
        save_table(fewer, folder.table_of(share), spec.project_dir)
    report = _Report(spec, shared, folder, runs, parts, tables)
    done = sum(folder.done(run) is not None for run in runs)
    if done:
        yield Notice(level="info", text=f"{done} of {counted(len(runs), 'run')} are done already.")
    pictures = {run.like: len(tables[run.share].rows("train")) for run in runs}
    pace = Pace(runs, pictures, {run.like: pictures[run.like] * passes(shared, _way(run)) for run in runs})
    status = yield from carry_out(folder, runs, report.run_spec, pace, control)
    if status == "finished":
        document = _document(report, table, seeds)
        write_atomically(spec.transfer_dir / TRANSFER_FILE, to_json(document, indent=1))
        yield Result(what="transfer", document=document)
    yield RunEnded.model_validate({"status": status, "best": None, "elapsed_s": pace.elapsed_s})


def _seeds(spec: TransferSpec, shared: Project) -> range:
    if not 1 <= spec.seeds <= MOST_SEEDS:
        raise RequestError(f"A report with {spec.seeds} seeds is not possible.", f"Choose 1 to {MOST_SEEDS}.")
    for share in spec.fractions or ():
        if not 0.0 < share < 1.0:
            raise RequestError(f"A fraction of {share:g} is not possible.", "Give numbers between 0 and 1.")
    return range(shared.recipe.seed, shared.recipe.seed + spec.seeds)


def _runs(spec: TransferSpec, shared: Project, table: SampleTable, seeds: range) -> list[TrialRun]:
    """The runs in their order, each with its name and title."""
    tasks, freeze = tuple(table.tasks), depth_of(shared)

    def run(way: Way, seed: int, share: float) -> TrialRun:
        fewer = "" if share == 1.0 else f"-{share:.3g}".replace(".", "_")
        title = f"{told(way, freeze)}, seed {seed}" + ("" if share == 1.0 else f", {share:.0%} of the pictures")
        return TrialRun(f"{way}{fewer}-seed{seed}", title, tasks, seed, way, share)

    return [run(*each) for each in planned(shared, seeds, len(table.rows("train")), spec.fractions)]


def _way(run: TrialRun) -> Way:
    return next(way for way in WAYS if way == run.way)


def _fewer(table: SampleTable, share: float, seed: int) -> SampleTable:
    """The table with a share of its training pictures, stratified; the pictures that judge stay."""
    if share == 1.0:
        return table
    rows = table.rows("train")
    kept = shrink(table, table.tasks, rows, max(1, round(share * len(rows))), seed)
    return table.take(np.sort(np.concatenate([kept, *(table.rows(part) for part in ("validation", "test"))])))


def _plan(shared: Project, table: SampleTable, seeds: Sequence[int], runs: Sequence[TrialRun]) -> dict[str, Any]:
    return {
        "recipe": recipe_key(shared),
        "data_hash": table.digest(),
        "tasks": list(table.tasks),
        "seeds": list(seeds),
        "runs": len(runs),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _document(report: _Report, table: SampleTable, seeds: Sequence[int]) -> dict[str, Any]:
    """The report as `--json` prints it."""
    whole = [run for run in report.runs if run.share == 1.0]
    try:
        tasks = {task: _task(report, whole, task, part) for task, part in report.parts.items()}
        curves = {way: _curve(report, [run for run in whole if run.way == way]) for way in WAYS}
    except (OSError, ValueError, KeyError) as error:
        raise RunError(
            f"The results of a run in {report.spec.transfer_dir} cannot be read: {error!r}.",
            "Remove that folder and begin anew.",
        ) from error
    harmed = [name for name, task in tasks.items() if task["conclusion"] == "harms"]
    return {
        "transfer": report.spec.transfer,
        **_plan(report.shared, table, seeds, report.runs),
        "backbone": report.shared.backbone.name,
        "weights": report.shared.backbone.weights,
        "freeze": report.freeze,
        "epochs": epochs_of(report.shared),
        "training_pictures": len(table.rows("train")),
        "tasks": tasks,
        "curves": curves,
        "harmed": harmed,
        "sentence": sentence(tasks),
        "seconds": {way: _seconds(report, whole, way) for way in WAYS},
    }


def _task(report: _Report, whole: Sequence[TrialRun], task: str, part: Part) -> dict[str, Any]:
    read = partial(_scores, report, task=task, part=part)
    comparisons = len(report.parts) * (len(WAYS) - 1)
    found = row(read({way: [run for run in whole if run.way == way] for way in WAYS}), comparisons)
    sizes = []
    for share in sorted({run.share for run in report.runs}):
        of_share = [run for run in report.runs if run.share == share and run.seed == report.runs[0].seed]
        runs = {way: [run for run in of_share if run.way == way] for way in WAYS}
        said = row(read({way: each for way, each in runs.items() if each}), 1)
        ways = {way: {key: each[key] for key in ("score", "interval")} for way, each in said["ways"].items()}
        pictures = len(report.tables[share].rows("train", task))
        sizes.append({"share": share, "pictures": pictures, "ways": ways})
    return {**found, "sizes": sizes}


def _scores(report: _Report, runs: Mapping[Way, Sequence[TrialRun]], task: str, part: Part) -> WayScores:
    documents = {way: [report.folder.task_document(run, task, part) for run in each] for way, each in runs.items()}
    return WayScores.of(part, documents)


def _curve(report: _Report, runs: Sequence[TrialRun]) -> list[dict[str, Any]]:
    """Validation after each epoch: the mean over seeds of every task's score and of the mean over tasks."""
    each = [report.folder.epochs(run) for run in runs]
    points = []
    for epoch in sorted(set.intersection(*(set(found) for found in each))) if each else []:
        at = [found[epoch] for found in each]
        names = at[0]["tasks"]
        points.append(
            {
                "epoch": epoch,
                "score": _mean([point["score"] for point in at]),
                "tasks": {name: _mean([point["tasks"].get(name) for point in at]) for name in names},
            }
        )
    return points


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None


def _seconds(report: _Report, whole: Sequence[TrialRun], way: Way) -> float:
    """What a way costs: the fastest of its seeds; the first also reads pictures that the others find in memory."""
    done = [report.folder.done(run) for run in whole if run.way == way]
    return min(each.elapsed_s for each in done if each is not None)
