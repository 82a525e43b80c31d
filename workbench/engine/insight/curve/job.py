"""The `curve` job: how good answers get with the number of training pictures, and whether more of them would help.

A ridge probe is fitted to 1/32, 1/16, … and all of the training pictures, on the features of the run's backbone as it
was before training: those of the trained one have already seen every label. It judges pictures of validation and test.
The probe is no training run: it says how much the pictures hold for it, in seconds.
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

from workbench.core.advice import Candidate
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.kinds import KINDS
from workbench.core.learning_curve import AHEAD, CHOICES, SIZES, conclude, curve_file
from workbench.core.resolved import TABLE_FILE, load_resolved
from workbench.core.specs import CurveSpec
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.data.words import pictures
from workbench.engine.insight.curve.power_law import FEWEST_SIZES, Curve, project
from workbench.engine.model.heads.ridge import MOST_ROWS
from workbench.engine.training.feature_cache import Features
from workbench.engine.transfer.advisor.bench import Bench, require_weights
from workbench.engine.transfer.advisor.compare import drawings
from workbench.engine.transfer.advisor.probes import ridge_between
from workbench.engine.transfer.advisor.questions import QUESTIONS, Question, ask
from workbench.engine.transfer.advisor.sample import left_out_notices, shrink

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FITTING = "fitting probes"
FEWEST_FITTED, FEWEST_JUDGED = 10, 20
"""Training pictures of the smallest size, and pictures that judge, at least."""


def curve(spec: CurveSpec, control: Control) -> Iterator[Event]:
    """Draw the learning curves of a run's tasks.

    Yields:
        Progress, Notices, and one Result "curve", whose document also lies in the run's results. Where it is told to
        end, no Result; features computed until then are kept.

    Raises:
        RequestError: the run has no such task, no task has pictures enough, or the backbone's weights are not here.
        RunError: the run has no table, or the weights cannot be loaded.
    """
    begin = time.perf_counter()
    asked = load_resolved(spec.run_dir).project
    own = asked.effective().backbone
    require_weights(Candidate(own.name, own.weights), spec.project_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    tasks, left_out = _judged(table, spec.tasks)
    yield from left_out_notices(left_out)
    rows, judged = yield from _rows(table, tasks, asked.effective().recipe.seed)
    bench = Bench.of(asked, spec.project_dir, table)
    with bench.store:
        mounted = yield from bench.build(Candidate(own.name, own.weights), control, frozen=True)
        if mounted is None:
            return
        features = yield from mounted.features(np.concatenate([rows, judged]), control)
    if features is None:
        return
    probes = [_Probe.of(table, task, rows, judged, features, mounted.exact_device) for task in tasks]
    for probe in probes:
        if len(probe.sizes) < FEWEST_SIZES or len(probe.values) - len(probe.rows) < FEWEST_JUDGED:
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
            "A class, labels or a number on more labelled pictures can.",
        )
    return [task for task in wanted if task not in left], left


def _listed(left: Mapping[str, str]) -> str:
    return "; ".join(f"{task}: {why}" for task, why in left.items())


def _reason(table: SampleTable, task: str) -> str:
    if table.kind(task) not in QUESTIONS:
        return (
            "a mask is answered place by place, and the probe reads one list of features a picture; train a second run "
            "on half of the pictures (split.validation=0.6 or so) and compare the two"
        )
    fitted, judging = len(table.rows("train", task)), len(_judging(table, task))
    if len(sizes_of(fitted, _least(table, task))) < FEWEST_SIZES:
        needed = _least(table, task) * 2 ** (FEWEST_SIZES - 1)
        return f"it has {pictures(fitted)} to train on, and a curve needs {needed}"
    if judging < FEWEST_JUDGED:
        return f"it has {pictures(judging)} outside of training, and a curve needs {FEWEST_JUDGED} to judge by"
    return ""


def _least(table: SampleTable, task: str) -> int:
    """Of classes, a picture or two of each."""
    return max(FEWEST_FITTED, 2 * len(table.classes[task])) if table.kind(task) == "single-label" else FEWEST_FITTED


def _judging(table: SampleTable, task: str) -> Ints:
    return np.sort(np.concatenate([table.rows(part, task) for part in ("validation", "test")]))


def _rows(table: SampleTable, tasks: Sequence[str], seed: int) -> Generator[Event, None, tuple[Ints, Ints]]:
    """Rows to fit to and rows to judge by, of all tasks together."""
    rows = np.unique(np.concatenate([table.rows("train", task) for task in tasks]))
    if len(rows) > MOST_ROWS:
        yield Notice(level="info", text=f"{pictures(MOST_ROWS)} of {len(rows)} are fitted to, evenly chosen.")
        rows = shrink(table, tasks, rows, MOST_ROWS, seed)
    return rows, np.unique(np.concatenate([_judging(table, task) for task in tasks]))


@dataclass(frozen=True)
class _Probe:
    """A task on the readable pictures that it labels.

    Attributes:
        rows: (n,) of the table that are fitted to; the m that judge follow them in `values`.
        values: (n + m, C) float64 features.
        question: of all n + m.
        judging: the question of the m.
        times: (D, m) how often each is drawn.
        found: the answers' scores by size: of each choice the score, and the redrawn ones (D,).
    """

    task: str
    rows: Ints
    values: Tensor
    question: Question
    judging: Question
    times: Floats
    sizes: list[int]
    found: dict[int, list[tuple[float, Floats]]]

    @classmethod
    def of(
        cls, table: SampleTable, task: str, rows: Ints, judged: Ints, features: Features, device: torch.device
    ) -> _Probe:
        both = np.concatenate([rows, judged])
        kept = features.readable & (table.targets[task][both] != MISSING)
        fitted = np.arange(len(both)) < len(rows)
        known, asked = both[kept & fitted], both[kept & ~fitted]
        question = ask(table, task, np.concatenate([known, asked]))
        groups = asked if table.groups is None else table.groups[asked]
        return cls(
            task=task,
            rows=known,
            values=features.values[torch.from_numpy(kept)].to(device).double(),
            question=question,
            judging=question.only(np.arange(len(known) + len(asked)) >= len(known)),
            times=drawings(np.asarray(groups, np.int64)),
            sizes=sizes_of(len(known), _least(table, task)),
            found={},
        )

    def choices(self, size: int) -> range:
        """Of all pictures there is one choice."""
        return range(1 if size == len(self.rows) else CHOICES)

    def fit(self, table: SampleTable, size: int, choice: int) -> None:
        """Fit to a choice of so many pictures, and judge."""
        chosen = shrink(table, [self.task], self.rows, size, choice)
        known = torch.from_numpy(np.searchsorted(self.rows, np.sort(chosen)))
        asked = torch.arange(len(self.rows), len(self.values))
        targets = torch.from_numpy(self.question.targets).to(self.values.device)
        answers = ridge_between(self.values, targets, known, asked).cpu().numpy()
        value = float(self.judging.score(answers, np.ones((1, len(answers))))[0])
        self.found.setdefault(size, []).append((value, self.judging.score(answers, self.times)))

    def document(self, kind: str) -> dict[str, Any]:
        """The task's part of the document."""
        scores = [np.array([value for value, _ in self.found[size]]) for size in self.sizes]
        redrawn = [np.stack([drawn for _, drawn in self.found[size]]) for size in self.sizes]
        drawn = Curve(np.array(self.sizes, np.float64), scores, redrawn)
        largest = self.sizes[-1]
        projection = project(drawn, [times * largest for times in AHEAD])
        gain, low, high = projection.gain
        return {
            "kind": kind,
            "score": KINDS[kind].metric,
            "judged_on": int(self.times.shape[1]),
            "sizes": [
                {"pictures": size, "score": mean, "interval": interval, "choices": len(each)}
                for size, mean, interval, each in zip(
                    self.sizes, drawn.means().tolist(), projection.intervals.tolist(), scores, strict=True
                )
            ],
            "projection": [
                {"pictures": size, "score": score, "interval": [least, most]}
                for size, (score, least, most) in projection.ahead.items()
            ],
            "gain": {"score": gain, "interval": [low, high]},
            "conclusion": conclude(low, high),
        }
