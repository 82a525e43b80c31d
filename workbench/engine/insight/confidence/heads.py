"""What is fitted to a head's answers to validation pictures alone: its temperature and its sets of classes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.core.resolved import ResolvedTask
from workbench.core.specs import COVERAGE, CalibrateSpec
from workbench.core.text import percent
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight import metrics as scores
from workbench.engine.insight.confidence.conformal import fit_threshold
from workbench.engine.insight.confidence.stored import HeadConfidence
from workbench.engine.insight.confidence.temperature import LOSSES, fit_temperature, probabilities
from workbench.engine.insight.outputs import Outputs

FEW = 200
"""Validation pictures below which what is fitted is uncertain, and it is said."""


def fit_heads(
    spec: CalibrateSpec,
    tasks: Mapping[str, ResolvedTask],
    outputs: Outputs,
    table: SampleTable,
    before: Mapping[str, HeadConfidence],
) -> dict[str, HeadConfidence]:
    """By task, for those whose kind has a temperature.

    Args:
        outputs: to validation pictures, without a temperature.
        before: what each was calibrated to the last time.

    Raises:
        RequestError: a task that is to abstain does not answer with one class.
    """
    found = {name: task for name, task in tasks.items() if task.kind in LOSSES}
    single = [name for name, task in found.items() if task.kind == "single-label"]
    for task in spec.abstain:
        if task not in single:
            words = f"Those are: {', '.join(single)}." if single else "This run has none."
            raise RequestError(f"{task} is no task that answers with one class, so it cannot abstain.", words)
    return {name: _head(task, outputs, table, _asked(spec, name, before)) for name, task in found.items()}


def doubts(heads: Mapping[str, HeadConfidence]) -> Iterator[Event]:
    """What of it so few pictures make uncertain, or cannot promise."""
    for name, head in heads.items():
        if head.pictures < FEW:
            yield few_pictures(head.pictures, name)
        if head.coverage is not None and head.threshold == 0:
            yield Notice(level="warning", text=f"{name}: {_too_much(head.coverage, head.pictures)}")


def few_pictures(pictures: int, task: str = "") -> Notice:
    """That what was fitted on so few pictures is uncertain; of one task, or of the whole run."""
    words = f"{pictures} validation pictures are few; what was fitted may be off by some points."
    return Notice(level="warning", text=f"{task}: {words}" if task else words)


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
