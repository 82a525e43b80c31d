"""The `doubts` job: labels that out-of-fold probes disagree with, and pictures that are near-identical to others.

Pictures of all parts are looked at: a wrong label misleads training, and it misjudges in validation and test.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.advice import FEWEST_IMAGES, Candidate
from workbench.core.control import Control
from workbench.core.corrections import Correction, read_corrections
from workbench.core.doubts import MOST_PICTURES, TOP, doubts_file
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.specs import PARTS, DoubtsSpec
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.data.targets.multi_label import labels_in
from workbench.engine.data.words import pictures
from workbench.engine.insight.doubts.beliefs import BELIEFS, Beliefs
from workbench.engine.insight.doubts.merged import alike, merged, read_before
from workbench.engine.insight.doubts.twins import Twins, find_twins
from workbench.engine.insight.naming import picture_names
from workbench.engine.training.feature_cache import Features
from workbench.engine.transfer.advisor.bench import Bench, require_weights
from workbench.engine.transfer.advisor.probes import attended, ridge_answers
from workbench.engine.transfer.advisor.sample import Sample, in_folds, left_out_notices, shrink

Ints = npt.NDArray[np.int64]

PROBING = "probing"
TWINS_SHOWN = 3
"""Near-identical pictures beside each doubted label."""


def doubts(spec: DoubtsSpec, control: Control) -> Iterator[Event]:
    """Compare every label with what a probe on the features of the project's backbone says of pictures that it was not
    fitted to.

    Yields:
        Progress, Notices, and one Result "doubts". Its document also lies in the project's `doubts` folder, for the
        window, with `TOP` of each task where fewer are asked for, and with what lay there of tasks that are not. Where
        it is told to end, no Result; features computed until then are kept.

    Raises:
        RequestError: the project has no such task, no task's labels can be doubted, or the backbone's weights are not
            here.
        RunError: the backbone's weights cannot be loaded.
    """
    begin = time.perf_counter()
    project = spec.project.effective()
    _refuse(spec)
    decided = read_corrections(spec.project_dir).by_name()
    table = yield from build_table(project, spec.project_dir, control)
    if control.ending:
        return
    tasks, left_out = _judged(table, spec.tasks)
    yield from left_out_notices(left_out)
    sample = yield from _sample(table, tasks, project.recipe.seed)
    bench = Bench.of(spec.project, spec.project_dir, table)
    with bench.store:
        features = yield from _features(bench, sample, control)
    if features is None:
        return
    sample = sample.only(features.readable)
    values = features.values[torch.from_numpy(features.readable)]
    twins = yield from find_twins(values, control)
    if twins is None:
        return
    room = _Room(spec, table, sample, values, twins, picture_names(table.paths, spec.project_dir), decided)
    found: dict[str, Any] = {}
    for number, task in enumerate(tasks):
        yield Progress(what=PROBING, done=number, total=len(tasks))
        document = attended(room.task(task), control)
        if document is None:
            return
        found[task] = document
    yield Progress(what=PROBING, done=len(tasks), total=len(tasks))
    document = {"tasks": found, "leaks": room.leaks(), "left_out": left_out, "images": len(sample.rows)}
    document |= {"backbone": project.backbone.name, "weights": project.backbone.weights}
    document["seconds"] = round(time.perf_counter() - begin, 1)
    yield from _keep(spec, document, {room.names[row] for row in sample.rows.tolist()})
    yield Result(what="doubts", document=_first(document, spec.top))


def _keep(spec: DoubtsSpec, document: Mapping[str, Any], seen: set[str]) -> Iterator[Notice]:
    """Lay the document in the project, beside what is known of tasks that were not asked for."""
    before = read_before(spec.project_dir) if spec.tasks else None
    if before is not None and alike(document, before):
        document = merged(document, before, [task.name for task in spec.project.tasks], seen)
    elif before is not None and (others := sorted(before["tasks"].keys() - document["tasks"].keys())):
        yield Notice(
            level="info",
            text=f"What was doubted of {', '.join(others)} was found with another backbone and is no longer listed.",
        )
    write_atomically(doubts_file(spec.project_dir), to_json(document, indent=1))


def _first(document: Mapping[str, Any], top: int) -> dict[str, Any]:
    """The document with no more than `top` of each list."""
    tasks = {
        name: {**task, "doubts": task["doubts"][:top], "twins": task["twins"][:top]}
        for name, task in document["tasks"].items()
    }
    return {**document, "tasks": tasks, "leaks": {**document["leaks"], "pairs": document["leaks"]["pairs"][:top]}}


def _refuse(spec: DoubtsSpec) -> None:
    """Refuse tasks that are not known, and weights that would have to be downloaded: only who trains asks for that."""
    known = [task.name for task in spec.project.tasks]
    for task in spec.tasks:
        if task not in known:
            raise RequestError(f"The project has no task {task}.", f"Its tasks are: {', '.join(known)}.")
    backbone = spec.project.effective().backbone
    require_weights(Candidate(backbone.name, backbone.weights), spec.project_dir)


def _judged(table: SampleTable, asked: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The tasks whose labels can be doubted, and why each of the others is left out."""
    wanted = [task for task in table.tasks if task in asked or not asked]
    left = {task: reason for task in wanted if (reason := _reason(table, task))}
    if len(left) == len(wanted):
        raise RequestError(
            f"No label here can be doubted ({'; '.join(f'{task}: {why}' for task, why in left.items())}).",
            "Add labelled pictures, or a task that asks for a class, labels or a number.",
        )
    return [task for task in wanted if task not in left], left


def _reason(table: SampleTable, task: str) -> str:
    if table.kind(task) not in BELIEFS:
        return "masks are not covered, only classes, labels and numbers"
    count = int((table.targets[task] != MISSING).sum())
    return "" if count >= FEWEST_IMAGES else f"it labels {pictures(count)}, and probes need {FEWEST_IMAGES}"


def _sample(table: SampleTable, tasks: Sequence[str], seed: int) -> Generator[Event, None, Sample]:
    """All labelled pictures in folds, or as many as are looked at."""
    rows = np.flatnonzero(np.any([table.targets[task] != MISSING for task in tasks], axis=0)).astype(np.int64)
    if len(rows) > MOST_PICTURES:
        yield Notice(level="info", text=f"{pictures(MOST_PICTURES)} of {len(rows)} are looked at, evenly chosen.")
        rows = shrink(table, tasks, rows, MOST_PICTURES, seed)
    return in_folds(table, tasks, rows, seed)


def _features(bench: Bench, sample: Sample, control: Control) -> Generator[Event, None, Features | None]:
    own = bench.project.effective().backbone
    mounted = yield from bench.build(Candidate(own.name, own.weights), control, frozen=True)
    return None if mounted is None else (yield from mounted.features(sample.rows, control))


@dataclass(frozen=True)
class _Room:
    """Everything that doubts are drawn from.

    Attributes:
        sample: n readable pictures.
        values: (n, C) their features.
        names: of all pictures of the table.
        decided: what people have decided, by task and picture; they are not asked again.
    """

    spec: DoubtsSpec
    table: SampleTable
    sample: Sample
    values: Tensor
    twins: Twins
    names: list[str]
    decided: Mapping[tuple[str, str], Correction]

    @property
    def most(self) -> int:
        """How many of each list are kept."""
        return max(self.spec.top, TOP)

    def task(self, task: str) -> Generator[None, None, dict[str, Any]]:
        """A task's part of the document; lets go between two folds."""
        at = np.flatnonzero(self.table.targets[task][self.sample.rows] != MISSING)
        given, targets, classes = _posed(self.table, task, self.sample.rows[at])
        answers = yield from ridge_answers(self.values[torch.from_numpy(at)], targets, self.sample.folds[at])
        asked = self.spec.project.task(task)
        beliefs = BELIEFS[asked.kind](answers, given, classes, asked.separator)
        open_ = np.array([(task, self.names[row]) not in self.decided for row in self.sample.rows[at].tolist()])
        listed = [place for place in beliefs.most_doubted().tolist() if open_[place]]
        twins = self._contradicting(task)
        return {
            "kind": asked.kind,
            "classes": self.table.classes[task],
            "pictures": len(at),
            "agreement": None if asked.kind == "number" else float((beliefs.other <= beliefs.own).mean()),
            "clear": int((beliefs.clear & open_).sum()),
            "decided": int((~open_).sum()),
            "doubts": [self._doubt(task, beliefs, at, place, twins) for place in listed[: self.most]],
            "twins": [self._pair(pair, likeness, task) for pair, likeness in _listed(twins, self.most)],
        }

    def leaks(self) -> dict[str, Any]:
        """Near-identical pictures of which one is trained on and the other one judges."""
        trained = self._of_pairs(self.table.part) == PARTS.index("train")
        across = self.twins.where(trained[:, 0] != trained[:, 1])
        pairs = [self._pair(pair, likeness) for pair, likeness in _listed(across, self.most)]
        return {"count": len(across.pairs), "pairs": pairs}

    def _contradicting(self, task: str) -> Twins:
        """Twins to which the task gives different labels."""
        targets = self._of_pairs(self.table.targets[task])
        return self.twins.where((targets != MISSING).all(axis=1) & (targets[:, 0] != targets[:, 1]))

    def _of_pairs(self, facts: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """(P, 2) of facts (N,) about the table's rows."""
        return np.asarray(facts[self.sample.rows[self.twins.pairs]])

    def _doubt(self, task: str, beliefs: Beliefs, at: Ints, place: int, twins: Twins) -> dict[str, Any]:
        shares = _shares(self.spec.project.task(task).kind, beliefs, place)
        near = twins.of(int(at[place]))[:TWINS_SHOWN]
        return {
            **self._picture(int(at[place]), task),
            "suggestion": beliefs.suggestion[place],
            **shares,
            "clear": bool(beliefs.clear[place]),
            "twins": [{**self._picture(other, task), "likeness": likeness} for other, likeness in near],
        }

    def _pair(self, pair: Sequence[int], likeness: float, task: str = "") -> dict[str, Any]:
        return {"pictures": [self._picture(place, task) for place in pair], "likeness": likeness}

    def _picture(self, place: int, task: str) -> dict[str, Any]:
        row = int(self.sample.rows[place])
        facts = {"image": self.names[row], "part": PARTS[int(self.table.part[row])]}
        return {**facts, "label": self._label(row, task)} if task else facts

    def _label(self, row: int, task: str) -> str | None:
        """The label of a row as a cell of a column would hold it."""
        target = int(self.table.targets[task][row])
        if target == MISSING:
            return None
        if self.table.kind(task) != "multi-label":
            return self.table.labels_of(row)[task]
        separator = self.spec.project.task(task).separator or "|"
        return separator.join(labels_in(self.table.label_texts(task)[target])) or separator


def _shares(kind: str, beliefs: Beliefs, place: int) -> dict[str, float | None]:
    """How likely the given label and the suggestion are; nothing for numbers, whose residual is no probability."""
    number = kind == "number"
    return {
        "label_probability": None if number else float(beliefs.own[place]),
        "suggestion_probability": None if number else float(beliefs.other[place]),
    }


def _posed(table: SampleTable, task: str, rows: Ints) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64], list[str]]:
    """The labels of m rows as `BELIEFS` takes them, (m, K) what a probe is fitted to, and the names of classes."""
    encoded, classes = table.encoded(task)[rows], table.classes[task]
    if table.kind(task) != "single-label":
        return encoded, encoded.astype(np.float64).reshape(len(rows), -1), classes
    occurring, given = np.unique(encoded, return_inverse=True)
    return given, np.eye(len(occurring))[given], [classes[at] for at in occurring.tolist()]


def _listed(twins: Twins, most: int) -> list[tuple[list[int], float]]:
    return list(zip(twins.pairs[:most].tolist(), twins.likeness[:most].tolist(), strict=True))
