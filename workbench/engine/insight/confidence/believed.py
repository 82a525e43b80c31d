"""An answer to one picture with what was fitted to make it believable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight.confidence.conformal import in_set
from workbench.engine.insight.confidence.stored import Confidence, Facts
from workbench.engine.insight.confidence.strangeness import energy, remoteness, strangeness
from workbench.engine.insight.metrics import said_intervals, softmax, wilson


def doubtful(
    task: ResolvedTask,
    answers: npt.NDArray[np.float32],
    confidence: Confidence,
    distances: npt.NDArray[np.float32] | None,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Which of n pictures are unknown to a head, and of one class on which it had better say nothing, (n,) each, as
    `believed` says of one of them.

    Args:
        answers: (n, W) what the head gave.
        distances: (n,) from the training pictures; None where there is no detector.
    """
    found = {}
    if task.kind == "single-label":
        below = confidence.facts.tasks[task.name].abstain_below
        found["abstained"] = softmax(answers).max(axis=1, initial=0.0) < below
    limit = _limit(task, confidence.facts)
    if limit is not None and distances is not None:
        found["unknown"] = _strange(task, answers, confidence.facts, distances.astype(np.float64)) > limit
    return found


def _limit(task: ResolvedTask, facts: Facts) -> float | None:
    """The strangeness above which a picture is unknown to a head; None where there is no detector."""
    return facts.tasks[task.name].unknown_from if task.kind == "single-label" else facts.unknown_from


def _strange(
    task: ResolvedTask, answers: npt.NDArray[np.float32], facts: Facts, distances: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(n,) of answers (n, W): those of other kinds than one class have no energy."""
    if task.kind != "single-label":
        return remoteness(distances, facts.distances)
    return strangeness(distances, energy(answers), facts.distances, facts.tasks[task.name].energies)


def answered(images: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Metrics of a head that abstains: which share of its pictures it answers, and which of these it answers rightly.

    Args:
        images: of a document of `evaluate`, with `abstained`.
    """
    given = [image for image in images if not image["abstained"]]
    right = sum(image["target"] == image["prediction"] for image in given)
    return {
        "answered": len(given) / len(images) if images else None,
        "answered_accuracy": right / len(given) if given else None,
        **said_intervals({"answered_accuracy": wilson(right, len(given))}),
    }


def believed(
    task: ResolvedTask,
    said: Mapping[str, Any],
    values: npt.NDArray[np.float32],
    confidence: Confidence | None,
    distance: float | None,
) -> dict[str, Any]:
    """A head's part of the JSON of `predict`: whether the picture is unknown; of one class also the set of classes that
    holds the true one as often as asked for, and whether the head had better say nothing.

    Args:
        said: what its kind's report says.
        values: (W,) what the head gave.
        distance: of the picture from the training pictures.
    """
    found: dict[str, Any] = {**said, "unknown": None}
    if confidence is None:
        return found
    facts = confidence.facts
    limit = _limit(task, facts)
    if distance is not None and limit is not None:
        strange = float(_strange(task, values[None], facts, np.array([distance]))[0])
        found |= {"unknown": strange > limit, "distance": distance, "strangeness": strange}
    if task.kind != "single-label":
        return found
    head = facts.tasks[task.name]
    if head.threshold is not None:
        shares = np.array([said["probabilities"][name] for name in task.classes])
        members = in_set(shares, head.threshold)
        found |= {"set": [name for name, there in zip(task.classes, members.tolist(), strict=True) if there]}
        found |= {"coverage": head.coverage}
    return {**found, "abstained": said["confidence"] < head.abstain_below}
