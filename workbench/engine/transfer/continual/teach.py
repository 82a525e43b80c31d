"""The `teach` job: a head that is worked out at once takes in more pictures, of classes that it knows or of new ones.

What such a head has taken in are sums over pictures (or the pictures themselves), so that what it answers afterwards is
what it would answer had it seen everything at once: RanPAC (McDonnell et al., NeurIPS 2023, arXiv 2307.02251) for ridge
regression, whose weights follow from the Gram matrix of the features. The old pictures need not be there any more.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import torch

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Result
from workbench.core.kinds import CLOSED_FORM
from workbench.core.project import Task
from workbench.core.resolved import TEACH, Derived, Resolved
from workbench.core.specs import PARTS, TeachSpec
from workbench.engine.data.sample_table import MISSING
from workbench.engine.data.words import pictures, some
from workbench.engine.insight.embedding.features import run_features
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.predictor import warm_predictor
from workbench.engine.model.heads import VectorHead
from workbench.engine.model.heads.closed_form import ClosedFormHead
from workbench.engine.training.feature_cache import Features
from workbench.engine.training.resolve import new_network
from workbench.engine.transfer.continual.arrivals import arrived_counts, arrived_table, places_of, read_arrivals
from workbench.engine.transfer.continual.beside import Beside, judging_part
from workbench.engine.transfer.continual.heads import note_calibration, recounted, with_head, with_task
from workbench.engine.transfer.continual.joined import Joining, join_tables
from workbench.engine.transfer.derived import Origin, derive, read_origin

SHOWN = 12
"""Pictures that came of which the answers before and after are told."""


def teach(spec: TeachSpec, control: Control) -> Iterator[Event]:
    """Make a run of another one, whose head has taken in the pictures.

    Yields:
        Progress, Notices, one Result "teach", and run_ended. Where it is told to end, neither of these.

    Raises:
        RequestError: the task cannot be taught so, or there is nothing new to learn.
        RunError: the run has kept no model.
    """
    origin = read_origin(spec.origin, spec.project_dir)
    kind = _kind_of_head(spec, origin)
    joining = yield from _joined(spec, origin, control)
    if joining is None:
        return
    yield from _told(joining, spec)
    resolved = recounted(_with_kind(origin.resolved, spec.task, kind), joining.table)
    found = yield from _features(spec, origin, joining, control)
    if found is None:
        return
    features, whole = found
    head, old = _taught(spec, origin, resolved, joining, features)
    weights = with_head(origin.stored.weights, spec.task, head)
    settings: dict[str, Any] = {"task": spec.task, "head": kind, "pictures": len(joining.rows)}
    derived = Derived(method=TEACH, origins=[origin.run], settings=settings)
    folders = (spec.run_dir, spec.project_dir)
    made = yield from derive(*folders, resolved, joining.table, weights, derived, control, features if whole else None)
    if made is not None:
        yield from note_calibration(spec.origin, spec.run_dir.name)
        yield Result(what="teach", document=_document(spec, origin, resolved, joining, (head, old), features))
        yield made.ended


def _kind_of_head(spec: TeachSpec, origin: Origin) -> str:
    """The kind of head that is taught.

    Raises:
        RequestError: the run has no such task, or its head cannot take pictures in.
    """
    facts = origin.facts.get(spec.task)
    if facts is None:
        raise RequestError(f"Run {origin.run} has no task {spec.task}.", f"Its tasks are: {', '.join(origin.facts)}.")
    if facts.kind != "single-label":
        raise RequestError(
            f"{spec.task} does not answer with one class, so its head cannot be worked out at once.",
            "Train it on the pictures beside a memory of the old ones: workbench extend.",
        )
    if origin.resolved.project.task(spec.task).own_stages:
        raise RequestError(
            f"{spec.task} has stages of its own, which would have to learn as well.",
            "Train it on the pictures beside a memory of the old ones: workbench extend.",
        )
    kind = spec.head or facts.head
    if kind not in CLOSED_FORM:
        raise RequestError(
            f"The head of {spec.task} ({facts.head}) was trained and cannot take pictures in at once.",
            "Put one that can in its place with --head ridge, which works it out anew from the stored features of all "
            "pictures; or train it further beside a memory of the old ones: workbench extend.",
        )
    return kind


def _joined(spec: TeachSpec, origin: Origin, control: Control) -> Generator[Event, None, Joining | None]:
    """The run's table and the pictures that came; None where it was told to end.

    Raises:
        RequestError: all of them are known already.
    """
    source = read_arrivals(spec.task, spec.arrivals)
    task = origin.resolved.project.task(spec.task)
    new = yield from arrived_table(task, source, spec.validation, control)
    if control.ending:
        return None
    joining = yield from join_tables(origin.table, new, control)
    if joining is not None and not len(joining.rows):
        labels = "these labels" if not joining.otherwise else "a label"
        raise RequestError(
            f"Run {origin.run} has all of these pictures already, with {labels} of {spec.task}.",
            "Give pictures that it does not know; to correct a label, use workbench relabel and train again.",
        )
    return joining


def _told(joining: Joining, spec: TeachSpec) -> Iterator[Event]:
    """Say which of the pictures are not learned from."""
    names = picture_names(joining.known, spec.project_dir)
    if names:
        yield Notice(level="info", text=f"{pictures(len(names))} known already with this label: {some(names)}.")
    names = picture_names(joining.otherwise, spec.project_dir)
    if names:
        text = f"{pictures(len(names))} known already with another label, which stays: {some(names)}."
        yield Notice(level="warning", text=f"{text} Correct it with workbench relabel.")


def _with_kind(resolved: Resolved, name: str, kind: str) -> Resolved:
    task = Task.model_validate({**resolved.project.task(name).model_dump(), "head": kind})
    return with_task(resolved, task, resolved.task(name).model_copy(update={"head": kind}))


def _features(
    spec: TeachSpec, origin: Origin, joining: Joining, control: Control
) -> Generator[Event, None, tuple[Features, bool] | None]:
    """Features of the table by the run's backbone, and whether they are of all of it; None when told to end.

    Where every head answers from them alone, they spare the backbone a look at each picture when the run is scored.
    """
    table, tasks = joining.table, origin.resolved.project.tasks
    whole = all(task.kind != "mask" and not task.own_stages for task in tasks)
    rows = np.arange(len(table), dtype=np.int64)
    wanted = rows if whole else np.flatnonzero(table.targets[spec.task] != MISSING)
    predictor = warm_predictor(spec.origin)
    found = yield from run_features(predictor, spec.project_dir, spec.origin, table, wanted, control)
    if found is None:
        return None
    values, readable = torch.zeros(len(table), found.values.shape[1]), np.zeros(len(table), np.bool_)
    values[torch.from_numpy(wanted)], readable[wanted] = found.values, found.readable
    return Features(values, readable), whole


def _taught(
    spec: TeachSpec, origin: Origin, resolved: Resolved, joining: Joining, features: Features
) -> tuple[ClosedFormHead, VectorHead]:
    """The head that has taken everything in, and the one that the run has.

    Raises:
        RequestError: it is of another kind than the old one, and not one of the old pictures can be read any more; or
            not one of the new ones.
    """
    table = joining.table
    head = new_network(resolved.project, resolved.tasks).heads[spec.task]
    old = origin.network().heads[spec.task].cpu()
    assert isinstance(head, ClosedFormHead) and isinstance(old, VectorHead)
    learned = joining.rows[table.part[joining.rows] == PARTS.index("train")]
    learned = learned[features.readable[learned]]
    if not len(learned):
        raise RequestError(
            "None of the pictures that are to be learned can be read.", "Give pictures that other programs open."
        )
    if isinstance(old, ClosedFormHead) and type(old) is type(head):
        head.inherit(old, torch.from_numpy(places_of(origin.facts[spec.task].classes, table.classes[spec.task])))
    else:
        known = origin.table.rows("train", spec.task)
        known = known[features.readable[known]]
        if not len(known):
            raise RequestError(
                f"The pictures that run {origin.run} learned from are gone, so another head cannot be worked out.",
                "Put them back, or train on the new pictures alone: workbench extend --memory 0.",
            )
        learned = np.concatenate([known, learned])
    targets = torch.from_numpy(table.targets[spec.task][learned])
    head.take_in(features.values[torch.from_numpy(learned)], targets)
    return head, old


def _document(
    spec: TeachSpec,
    origin: Origin,
    resolved: Resolved,
    joining: Joining,
    heads: tuple[VectorHead, VectorHead],
    features: Features,
) -> dict[str, Any]:
    head, old = heads
    table, before, after = joining.table, origin.facts[spec.task], resolved.task(spec.task)
    answers = Beside.of(spec.task, table, features, (old, before), (head, after))
    came = np.zeros(len(table), np.bool_)
    came[joining.rows] = True
    part = judging_part(table, spec.task)
    judged = np.zeros(len(table), np.bool_) if part is None else table.part == PARTS.index(part)
    names = picture_names(table.paths, spec.project_dir)
    return {
        "run": spec.run_dir.name,
        "origin": origin.run,
        "task": spec.task,
        "head": {"before": before.head, "after": after.head},
        "classes": after.classes,
        "new_classes": [name for name in after.classes if name not in before.classes],
        "added": arrived_counts(table, spec.task, joining.rows),
        "part": part,
        "scores": [
            {"pictures_of": name, **answers.compared(np.flatnonzero(rows & judged))}
            for name, rows in (("known", ~came), ("new", came))
        ],
        "shown": [
            {"image": names[row], **answers.of_row(row)} for row in joining.rows[came[joining.rows]][:SHOWN].tolist()
        ],
    }
