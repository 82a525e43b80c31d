"""From the scores of all runs to what pretraining is worth: each way beside random weights, on the same pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.core.specs import Part
from workbench.core.transfer_ways import WAYS, Way
from workbench.core.verdict import LEVEL, SCORE_NAMES, grain, is_error, picture_scores
from workbench.engine.data.words import listed
from workbench.engine.insight.compare.paired import compared
from workbench.engine.insight.metrics import mean_interval, wilson
from workbench.engine.insight.verdict.doubt import Floats, interval

Documents = Sequence[Mapping[str, Any]]
"""What `evaluate` says of a task: one document for each seed."""
_CONCLUSIONS = {1: "better", 0: "noise", -1: "worse"}


@dataclass(frozen=True)
class WayScores:
    """One task's pictures, scored by the runs of each way.

    Attributes:
        part: that judges.
        scores: by way (S, n), the higher the better, all of the same pictures in the same order.
    """

    kind: str
    part: Part
    grain: float
    scores: Mapping[Way, Floats]

    @classmethod
    def of(cls, part: Part, documents: Mapping[Way, Documents]) -> WayScores:
        """Pair the pictures that every run has scored."""
        found = {way: [picture_scores(document) for document in each] for way, each in documents.items()}
        runs = [scores for each in found.values() for scores in each]
        images = [image for image in runs[0] if all(image in scores for scores in runs)]
        first = next(iter(documents.values()))[0]
        scores = {
            way: np.array([[each[image] for image in images] for each in of_way], np.float64)
            for way, of_way in found.items()
        }
        return cls(str(first["kind"]), part, grain(first), scores)


def row(task: WayScores, comparisons: int) -> dict[str, Any]:
    """What is said of a task.

    Args:
        comparisons: that are made in all: the intervals of differences hold for all of them (Bonferroni).
    """
    turn = -1.0 if is_error(task.kind) else 1.0
    ways = {}
    for way, scores in task.scores.items():
        value = float(scores.mean()) if scores.size else None
        ends = None if value is None else _interval(task.kind, scores, task.grain)
        ways[way] = {
            "score": None if value is None else turn * value,
            "interval": None if ends is None else sorted(turn * end for end in ends),
            "by_seed": (turn * scores.mean(axis=1)).tolist() if scores.size else [],
            **_beside_random(task, way, comparisons),
        }
    return {
        "kind": task.kind,
        "score": SCORE_NAMES[task.kind],
        "part": task.part,
        "pictures": int(next(iter(task.scores.values())).shape[1]),
        "ways": ways,
        "conclusion": _conclusion(ways),
    }


def _interval(kind: str, scores: Floats, smallest: float) -> tuple[float, float] | None:
    """The 95 % interval of a mean score, from pictures and, where there are several, from seeds."""
    seeds, pictures = scores.shape
    if seeds == 1 and kind == "single-label":
        return wilson(int(scores.sum()), pictures)
    if seeds == 1:
        return mean_interval(scores[0])
    found = interval(float(scores.mean()), [scores / pictures], LEVEL, smallest / pictures)
    return found if found is None or is_error(kind) else (max(0.0, found[0]), min(1.0, found[1]))


def _beside_random(task: WayScores, way: Way, comparisons: int) -> dict[str, Any]:
    if way == WAYS[0] or WAYS[0] not in task.scores:
        return {}
    found = compared(task.scores[WAYS[0]], task.scores[way], 1 - (1 - LEVEL) / max(1, comparisons), task.grain)
    return {
        "difference": found.value,
        "difference_interval": found.interval,
        "conclusion": _CONCLUSIONS[found.beyond_noise],
    }


def _conclusion(ways: Mapping[Way, Mapping[str, Any]]) -> str:
    """harms: fine-tuned, whole or in part, is worse than random weights; helps: some way is better; else unclear."""
    said = {way: each.get("conclusion") for way, each in ways.items()}
    if "worse" in (said.get("full"), said.get("partly")):
        return "harms"
    return "helps" if "better" in said.values() else "unclear"


def sentence(tasks: Mapping[str, Mapping[str, Any]]) -> str:
    """What the report comes to."""
    by: dict[str, list[str]] = {"helps": [], "harms": [], "unclear": []}
    for name, task in tasks.items():
        by[task["conclusion"]].append(name)
    parts = []
    if by["harms"]:
        parts.append(f"Pretraining harms {listed(by['harms'])}: random weights train better, beyond noise.")
    if by["helps"]:
        parts.append(f"Pretraining helps {listed(by['helps'])}, beyond noise.")
    if by["unclear"]:
        parts.append(f"No difference that exceeds noise: {listed(by['unclear'])}.")
    unfit = [name for name, task in tasks.items() if task["ways"].get("frozen", {}).get("conclusion") == "worse"]
    unfit = [name for name in unfit if name not in by["harms"]]
    if unfit:
        parts.append(f"Frozen, the backbone is worse than none for {listed(unfit)}: let stages train.")
    return " ".join(parts)
