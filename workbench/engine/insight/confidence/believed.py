"""An answer to one picture with what was fitted to make it believable."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight.confidence.conformal import in_set
from workbench.engine.insight.confidence.stored import Confidence
from workbench.engine.insight.confidence.strangeness import energy, strangeness
from workbench.engine.insight.kinds import REPORTS


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
