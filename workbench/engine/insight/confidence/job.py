"""The `calibrate` job: fits what makes a run's answers believable, on its validation pictures."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.resolved import TABLE_FILE, ResolvedTask
from workbench.core.run_weights import fingerprint
from workbench.core.specs import COVERAGE, CalibrateSpec
from workbench.core.text import percent
from workbench.engine import device as devices
from workbench.engine.data.batches import row_batches
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.insight import metrics as scores
from workbench.engine.insight.confidence.conformal import fit_threshold
from workbench.engine.insight.confidence.neighbours import KEPT, Neighbours
from workbench.engine.insight.confidence.rescored import stored_answers, tempered
from workbench.engine.insight.confidence.stored import Confidence, Facts, HeadConfidence, write_confidence
from workbench.engine.insight.confidence.strangeness import (
    MISTAKEN,
    energy,
    fit_limit,
    quantiles,
    remoteness,
    strangeness,
)
from workbench.engine.insight.confidence.temperature import LOSSES, fit_temperature, probabilities
from workbench.engine.insight.outputs import DISTANCE, Outputs
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import PixelInputs, view_answers_and_features
from workbench.engine.training.keeper import read_outputs
from workbench.engine.training.results import write_results

LOOKING = "looking at training pictures"
FEW = 200
"""Validation pictures below which what is fitted is uncertain, and it is said."""
_FEW_WORDS = "{0} validation pictures are few; what was fitted may be off by some points."


class _Far(NamedTuple):
    """The detector's training pictures, and how far the validation pictures that can be read lie from them.

    Attributes:
        rows: (m,) of the table.
        distances: (m,).
    """

    neighbours: Neighbours
    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float64]


def calibrate(spec: CalibrateSpec, control: Control) -> Iterator[Event]:
    """Fit temperatures, sets of classes and the detector of unknown pictures, and keep them with the run's best model.

    The results that are stored of its parts are written anew, so that they say what `evaluate` says from now on.

    Yields:
        Progress, Notices, and one Result "calibrate". Where it is told to end, no Result, and nothing is kept.

    Raises:
        RequestError: nothing was validated, a task that is to abstain does not answer with one class, or neither
            classes nor labels are answered and no picture can be read.
        RunError: the run has kept no model.
    """
    predictor = warm_predictor(spec.run_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    stored = Checkpoints(spec.run_dir).read("best")
    outputs = None if stored is None else read_outputs(stored.state)
    if outputs is None or not len(outputs.rows):
        raise RequestError(f"Run {spec.run} has validated nothing.", "Train with a validation part.")
    facts = {name: task for name, task in predictor.facts.items() if task.kind in LOSSES}
    choices = [name for name, task in facts.items() if task.kind == "single-label"]
    for task in spec.abstain:
        if task not in choices:
            words = f"Those are: {', '.join(choices)}." if choices else "This run has none."
            raise RequestError(f"{task} is no task that answers with one class, so it cannot abstain.", words)
    before = predictor.confidence.facts.tasks if predictor.confidence is not None else {}
    heads = {name: _head(task, outputs, table, _asked(spec, name, before)) for name, task in facts.items()}
    for name, head in heads.items():
        if head.pictures < FEW:
            yield Notice(level="warning", text=f"{name}: {_FEW_WORDS.format(head.pictures)}")
        if head.coverage is not None and head.threshold == 0:
            yield Notice(level="warning", text=f"{name}: {_too_much(head.coverage, head.pictures)}")
    far = yield from _far(spec, predictor, table, control)
    if control.ending:
        return
    if far is None and not heads:
        raise RequestError(
            f"Of run {spec.run} no training or no validation picture can be read any more.",
            "Put the pictures back where they were.",
        )
    if far is not None and not heads and len(far.rows) < FEW:
        yield Notice(level="warning", text=_FEW_WORDS.format(len(far.rows)))
    if far is not None:
        heads |= {name: _with_limit(heads[name], outputs.answers[name], outputs, far) for name in choices}
        outputs = replace(outputs, beside={DISTANCE: _distances(outputs, far)})
    detector = far.neighbours if far else None
    folders = (spec.run_dir, spec.project_dir)
    answers = yield from stored_answers(*folders, predictor, table, outputs, heads, control, detector)
    if answers is None:
        return
    model = fingerprint(Checkpoints(spec.run_dir).folder("best"))
    found = Facts(model=model, tasks=heads)
    if far is not None:
        known = quantiles(far.distances)
        limit = fit_limit(remoteness(far.distances, known))
        found = found.model_copy(update={"distances": known, "unknown_from": limit})
    confidence = Confidence(found, detector)
    write_confidence(spec.run_dir, confidence)
    scored = {part: tempered(each, heads) for part, each in answers.items()}
    write_results(*folders, table, predictor.resolved.tasks, scored, {}, confidence)
    document = {
        "run": spec.run,
        "tasks": {name: head.document() for name, head in heads.items()},
        "unknown": (
            {"pictures": len(far.neighbours.features), "mistaken": MISTAKEN, "unknown_from": found.unknown_from}
            if far
            else None
        ),
    }
    yield Result(what="calibrate", document=document)


def _asked(spec: CalibrateSpec, task: str, before: Mapping[str, HeadConfidence]) -> tuple[float, float]:
    """The coverage and the confidence to abstain below: what was asked for, else what the head was calibrated to."""
    head = before.get(task)
    coverage, share = (head.coverage, head.abstain_below) if head is not None else (None, 0.0)
    return spec.coverage or coverage or COVERAGE, spec.abstain.get(task, share)


def _head(task: ResolvedTask, outputs: Outputs, table: SampleTable, asked: tuple[float, float]) -> HeadConfidence:
    """What is fitted to a head's answers alone; `asked` is its coverage and the confidence to abstain below."""
    coverage, share = asked
    chosen = outputs.labelled(table.targets[task.name])
    truth = table.encoded(task.name)[outputs.rows[chosen]]
    answers = outputs.answers[task.name][chosen].astype(np.float64)
    temperature, loss = fit_temperature(task.kind, answers, truth), LOSSES[task.kind]
    head = HeadConfidence(
        temperature=temperature,
        pictures=len(truth),
        loss_before=loss(answers, truth) if len(truth) else 0.0,
        loss=loss(answers / temperature, truth) if len(truth) else 0.0,
        abstain_below=share,
    )
    shares = probabilities(task.kind, answers / temperature)
    before = _error(task.kind, probabilities(task.kind, answers), truth)
    head = head.model_copy(update={"error_before": before, "error": _error(task.kind, shares, truth)})
    if task.kind != "single-label":
        return head
    threshold = fit_threshold(shares, truth, coverage)
    return head.model_copy(update={"coverage": coverage, "threshold": threshold})


def _too_much(coverage: float, pictures: int) -> str:
    """That so many pictures cannot promise that the set of classes holds the true one that often."""
    most, needed = math.floor(1000 * pictures / (pictures + 1)) / 1000, math.ceil(coverage / (1 - coverage))
    words = f"{pictures:,} validation pictures can promise {percent(most)} at most, so the set is every class where "
    return words + f"{100 * coverage:g} % are asked. Ask for less, or validate on {needed:,} pictures or more."


def _error(kind: str, shares: npt.NDArray[np.float64], truth: npt.NDArray[Any]) -> float | None:
    if kind == "single-label":
        return scores.calibration_error(shares.max(axis=1), shares.argmax(axis=1) == truth)
    return scores.calibration_error(shares.ravel(), truth.ravel() > 0)


def _with_limit(
    head: HeadConfidence, answers: npt.NDArray[np.float32], outputs: Outputs, far: _Far
) -> HeadConfidence:
    """The head with the strangeness from which on a picture is unknown to it; `answers` have no temperature yet."""
    readable = outputs.rows[outputs.readable]
    _, here, there = np.intersect1d(readable, far.rows, return_indices=True)
    energies, distances = energy(answers[outputs.readable][here] / head.temperature), far.distances[there]
    if not len(energies):
        return head
    known = quantiles(energies)
    limit = fit_limit(strangeness(distances, energies, quantiles(far.distances), known))
    return head.model_copy(update={"energies": known, "unknown_from": limit})


def _distances(outputs: Outputs, far: _Far) -> npt.NDArray[np.float32]:
    """(n,) of pictures that were answered; NaN of those that can be read no more."""
    known = dict(zip(far.rows.tolist(), far.distances.tolist(), strict=True))
    return np.array([known.get(row, np.nan) for row in outputs.rows.tolist()], np.float32)


def _far(
    spec: CalibrateSpec, predictor: Predictor, table: SampleTable, control: Control
) -> Generator[Event, None, _Far | None]:
    """The detector; None where no training or no validation picture can be read, or when told to end."""
    rows = table.rows("train")
    if len(rows) > KEPT:
        rows = np.sort(np.random.default_rng(0).choice(rows, KEPT, replace=False))
    fresh = table.rows("validation")
    features = yield from _features(spec, predictor, table, np.concatenate([rows, fresh]), control)
    if features is None:
        return None
    values, readable = features
    train, validation = readable[: len(rows)], readable[len(rows) :]
    if not train.any() or not validation.any():
        return None
    neighbours = Neighbours.of(values[: len(rows)][torch.from_numpy(train)]).as_kept()
    distances = neighbours.distance(values[len(rows) :][torch.from_numpy(validation)])
    return _Far(neighbours, fresh[validation], distances.double().numpy())


def _features(
    spec: CalibrateSpec, predictor: Predictor, table: SampleTable, rows: npt.NDArray[np.int64], control: Control
) -> Generator[Event, None, tuple[Tensor, npt.NDArray[np.bool_]] | None]:
    """Features (n, C) of rows by the trained backbone, and which of them could be read; None when told to end."""
    resolved, size = predictor.resolved, piece(predictor.resolved)
    values, readable, done = [], [], 0
    folder = spec.project_dir / "cache" / "pixels"
    with PixelStore(folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        inputs = PixelInputs(predictor.network, store, resolved, predictor.device, size, "none")
        with closing(inputs.batches(row_batches(rows, size))) as gathered:
            for batch in gathered:
                values.append(view_answers_and_features(predictor.network, batch.x, resolved)[1].cpu())
                readable.append(batch.readable)
                done += len(batch.rows)
                yield Progress(what=LOOKING, done=done, total=len(rows))
                control.wait_while_paused()
                if control.ending:
                    return None
    return torch.cat(values), np.concatenate(readable)
