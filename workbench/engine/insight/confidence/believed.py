"""An answer to one picture with what was fitted to make it believable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight.confidence.conformal import in_set
from workbench.engine.insight.confidence.stored import Confidence
from workbench.engine.insight.confidence.strangeness import energy, strangeness
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.metrics import said_intervals, softmax, wilson


def doubtful(
    task: ResolvedTask,
    answers: npt.NDArray[np.float32],
    confidence: Confidence,
    distances: npt.NDArray[np.float32] | None,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Which of n pictures are unknown to a head of one class and on which it had better say nothing, (n,) each, as
    `believed` says of one of them; nothing of heads that say neither.

    Args:
        answers: (n, C).
        distances: (n,) from the training pictures; None where there is no detector.
    """
    if task.kind != "single-label":
        return {}
    facts, head = confidence.facts, confidence.facts.tasks[task.name]
    found = {"abstained": softmax(answers).max(axis=1, initial=0.0) < head.abstain_below}
    if head.unknown_from is not None and distances is not None:
        strange = strangeness(distances.astype(np.float64), energy(answers), facts.distances, head.energies)
        found["unknown"] = strange > head.unknown_from
    return found


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
    task: ResolvedTask, values: npt.NDArray[np.float32], confidence: Confidence | None, distance: float | None
) -> dict[str, Any]:
    """A head's part of the JSON of `predict`: what its kind's report says; of one class also whether the picture is
    unknown, the set of classes that holds the true one as often as asked for, and whether the head had better say
    nothing.

    Args:
        values: what the head gave.
        distance: of the picture from the training pictures.
    """
    said = REPORTS[task.kind].answer(task, values)
    if confidence is None or task.kind != "single-label":
        return said
    facts, head = confidence.facts, confidence.facts.tasks[task.name]
    found = dict(said)
    if distance is not None and head.unknown_from is not None:
        there = np.array([distance])
        strange = float(strangeness(there, energy(values[None]), facts.distances, head.energies)[0])
        found |= {"unknown": strange > head.unknown_from, "distance": distance, "strangeness": strange}
    if head.threshold is not None:
        shares = np.array([said["probabilities"][name] for name in task.classes])
        members = in_set(shares, head.threshold)
        found |= {"set": [name for name, there in zip(task.classes, members.tolist(), strict=True) if there]}
        found |= {"coverage": head.coverage}
    return {**found, "abstained": said["confidence"] < head.abstain_below}
