"""The `leave-one-out` job: how well a model trained on all domains but one answers on the one it never saw.

The only honest forecast for a domain that is still to come (Gulrajani and Lopez-Paz, "In search of lost domain
generalization", ICLR 2021). Beside it stands what the domain's own pictures give when they are trained on.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.advice import Candidate
from workbench.core.control import Control, Interruptible
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Epoch, Event, Notice, PhaseStarted, Progress, Result, RunEnded, RunFailed
from workbench.core.project import Project
from workbench.core.specs import PARTS, LeaveOneOutSpec, TrainSpec
from workbench.core.verdict import LEVEL, fair, picture_scores
from workbench.engine.data.drawing import epoch_order
from workbench.engine.data.table_file import save_table
from workbench.engine.insight.compare.paired import compared, spread
from workbench.engine.insight.naming import picture_names
from workbench.engine.training.job import train
from workbench.engine.transfer.advisor.bench import Bench, require_weights
from workbench.engine.transfer.advisor.probes import ridge_between
from workbench.engine.transfer.domains.beside import score_of
from workbench.engine.transfer.domains.several import Domains, read_domains

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PROBING = "leaving domains out"
FOLDER = ("cache", "leave-one-out")
"""Of a project: where runs lie while they are needed."""
_FOLDS = 5
_WORDS = {1: "better", 0: "within noise", -1: "worse"}


def leave_one_out(spec: LeaveOneOutSpec, control: Control) -> Iterator[Event]:
    """Leave each domain out in turn.

    Yields:
        Progress, Notices, and one Result "leave-one-out". Where it is told to end, no Result; features computed until
        then are kept.

    Raises:
        RequestError: there are fewer than two domains, or the backbone's weights are not here.
        RunError: a run has failed.
    """
    if spec.task not in [task.name for task in spec.project.tasks]:
        known = ", ".join(task.name for task in spec.project.tasks) or "none yet"
        raise RequestError(f"The project has no task {spec.task}.", f"Its tasks are: {known}.")
    backbone = spec.project.effective().backbone
    require_weights(Candidate(backbone.name, backbone.weights), spec.project_dir)
    domains = yield from read_domains(spec, control)
    if domains is None:
        return
    whole = fair(spec.project, (spec.task,), spec.project.effective().recipe.seed)
    ways = {"probe": _probed, "runs": _trained}
    found = yield from ways[spec.how](spec, whole, domains, control)
    if found is None:
        return
    scores = np.array([each["left_out"]["score"] for each in found])
    document = {
        "task": spec.task,
        "how": spec.how,
        "backbone": backbone.name,
        "weights": backbone.weights,
        "domains": found,
        "mean": vars(spread(scores, folds=True, most=1.0)),
    }
    yield Result(what="leave-one-out", document=document)


@dataclass(frozen=True)
class _Answered:
    """Whether each of the domain's n pictures was answered right: by the others' pictures, and by its own."""

    left_out: Floats
    own: Floats | None


def _row(domains: Domains, at: int, task: str, answered: _Answered) -> dict[str, Any]:
    mine = domains.table.targets[task][domains.domain == at]
    row: dict[str, Any] = {
        "name": domains.names[at],
        "pictures": len(mine),
        "classes": len(np.unique(mine)),
        "left_out": score_of("single-label", answered.left_out),
        "own": None,
        "difference": None,
        "interval": None,
        "conclusion": None,
    }
    if answered.own is not None:
        found = compared(answered.own[None], answered.left_out[None], LEVEL, 1.0)
        row |= {
            "own": score_of("single-label", answered.own),
            "difference": found.value,
            "interval": found.interval,
            "conclusion": _WORDS[found.beyond_noise],
        }
    return row


def _probed(
    spec: LeaveOneOutSpec, project: Project, domains: Domains, control: Control
) -> Generator[Event, None, list[dict[str, Any]] | None]:
    """By a ridge regression on features of the untouched backbone."""
    backbone = project.effective().backbone
    bench = Bench.of(project, spec.project_dir, domains.table)
    with bench.store:
        mounted = yield from bench.build(Candidate(backbone.name, backbone.weights), control, frozen=True)
        if mounted is None:
            return None
        rows = np.arange(len(domains.table), dtype=np.int64)
        features = yield from mounted.features(rows, control)
        if features is None:
            return None
        lost = int((~features.readable).sum())
        if lost:
            yield Notice(level="warning", text=f"{lost} pictures cannot be read: they count as answered wrong.")
        values = features.values.to(mounted.exact_device).double()
    truth = domains.table.targets[spec.task]
    found = []
    for at in range(len(domains.names)):
        yield Progress(what=PROBING, done=at, total=len(domains.names))
        control.wait_while_paused()
        if control.ending:
            return None
        found.append(_row(domains, at, spec.task, _answered(values, truth, domains.domain == at)))
    yield Progress(what=PROBING, done=len(domains.names), total=len(domains.names))
    return found


def _answered(values: Tensor, truth: Ints, mine: npt.NDArray[np.bool_]) -> _Answered:
    targets = torch.from_numpy(np.eye(int(truth.max()) + 1)[truth]).to(values.device)
    inside, outside = np.flatnonzero(mine), np.flatnonzero(~mine)
    left_out = _right(values, targets, truth, outside, inside)
    if len(inside) < 2 * _FOLDS:
        return _Answered(left_out, None)
    order = epoch_order(inside, 0, 0)
    order = order[np.argsort(truth[order], kind="stable")]  # each fold has its share of each class
    own = np.zeros(len(inside))
    for fold in range(_FOLDS):
        asked, known = order[fold::_FOLDS], np.delete(order, slice(fold, None, _FOLDS))
        own[np.searchsorted(inside, asked)] = _right(values, targets, truth, known, asked)
    return _Answered(left_out, own)


def _right(values: Tensor, targets: Tensor, truth: Ints, known: Ints, asked: Ints) -> Floats:
    answers = ridge_between(values, targets, torch.from_numpy(known), torch.from_numpy(asked))
    return np.asarray(answers.argmax(dim=1).cpu().numpy() == truth[asked], np.float64)


def _trained(
    spec: LeaveOneOutSpec, project: Project, domains: Domains, control: Control
) -> Generator[Event, None, list[dict[str, Any]] | None]:
    """By the project's own recipe, a run for each domain; all its epochs, and the last of them."""
    folder = spec.project_dir.joinpath(*FOLDER)
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
    found = []
    try:
        for at, name in enumerate(domains.names):
            run_dir = folder / f"{at + 1:03}"
            run_dir.mkdir(parents=True)
            table = replace(domains.table, part=_parts(domains, at, spec.task))
            save_table(table, run_dir / "given.csv", spec.project_dir)
            wanted = TrainSpec(
                project=project,
                project_dir=spec.project_dir,
                run_dir=run_dir,
                run=name,
                table=run_dir / "given.csv",
                choose=False,
            )
            if not (yield from _one(wanted, name, control)):
                return None
            text = (run_dir / "results" / "metrics-test.json").read_text(encoding="utf-8")
            scores = picture_scores(json.loads(text)["tasks"][spec.task])
            names = picture_names(table.paths, spec.project_dir)
            mine = [names[row] for row in np.flatnonzero(domains.domain == at).tolist()]
            right = np.array([scores.get(image, 0.0) for image in mine])
            found.append(_row(domains, at, spec.task, _Answered(right, None)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _parts(domains: Domains, left_out: int, task: str) -> npt.NDArray[np.int8]:
    """(N,) the domain that is left out tests; of the others every fifth picture of a class validates."""
    part = np.full(len(domains.table), PARTS.index("test"), np.int8)
    others = epoch_order(np.flatnonzero(domains.domain != left_out).astype(np.int64), 0, 0)
    others = others[np.argsort(domains.table.targets[task][others], kind="stable")]
    part[others] = PARTS.index("train")
    part[others[_FOLDS - 1 :: _FOLDS]] = PARTS.index("validation")
    return part


def _one(wanted: TrainSpec, name: str, control: Control) -> Generator[Event, None, bool]:
    """Carry out a run, and tell how far it is; whether it came to its end."""
    what, epochs, status = f"training without {name}", 1, ""
    for event in train(wanted, Interruptible(control)):
        if isinstance(event, PhaseStarted):
            epochs = event.first_epoch + event.epochs - 1
        elif isinstance(event, Epoch):
            yield Progress(what=what, done=event.epoch, total=epochs)
        elif isinstance(event, Progress | Notice):
            yield event
        elif isinstance(event, RunFailed):
            raise RunError(f"The run without {name} failed: {event.error}", event.advice)
        elif isinstance(event, RunEnded):
            status = event.status
    return status == "finished"
