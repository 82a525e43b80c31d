"""From the scores of all runs to the verdict: differences with their intervals, the mean change, the sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.core.specs import Part
from workbench.core.verdict import LEVEL, SCORE_NAMES, Conclusion, grain, is_error, picture_scores
from workbench.engine.insight.verdict.doubt import Estimate, Floats, interval, mean_difference

Documents = Sequence[Mapping[str, Any]]
_CONCLUSIONS: dict[int, Conclusion] = {1: "together", 0: "no difference", -1: "apart"}


@dataclass(frozen=True)
class TaskScores:
    """One task's pictures, scored by every run.

    Attributes:
        images: (n) names of the pictures, the same for all runs.
        together, alone: (S, n) the score of each picture, the higher the better.
        metrics: of the task by "together" and "alone": the mean over seeds of what `evaluate` says.
    """

    kind: str
    part: Part
    grain: float
    images: list[str]
    together: Floats
    alone: Floats
    metrics: dict[str, dict[str, float]]

    @property
    def change(self) -> float | None:
        """The relative change from alone to together, positive when together is better; None from a score of 0."""
        alone = float(self.alone.mean()) if self.images else 0.0
        return float(self.together.mean()) / alone * self._sign - self._sign if alone else None

    @property
    def influence(self) -> Floats:
        """(S, n) what each picture and seed contributes to `change`, by the delta method."""
        alone, together = float(self.alone.mean()), float(self.together.mean())
        return (self.together - together / alone * self.alone) / alone * self._sign / len(self.images)

    @property
    def _sign(self) -> float:
        """Scores that are errors are below 0: the ratio of two of them is above 1 where together is worse."""
        return -1.0 if is_error(self.kind) else 1.0


def task_scores(part: Part, together: Documents, alone: Documents) -> TaskScores:
    """Pair the pictures that every run has scored; each sequence holds one document for each seed."""
    scores = [[picture_scores(document) for document in documents] for documents in (together, alone)]
    images = [image for image in scores[0][0] if all(image in found for side in scores for found in side)]
    joint, single = (np.array([[found[i] for i in images] for found in side], dtype=np.float64) for side in scores)
    return TaskScores(
        kind=str(together[0]["kind"]),
        part=part,
        grain=grain(together[0]),
        images=images,
        together=joint,
        alone=single,
        metrics={"together": _mean_metrics(together), "alone": _mean_metrics(alone)},
    )


def judge(tasks: Mapping[str, TaskScores]) -> dict[str, Any]:
    """The verdict on tasks.

    The intervals of the tasks hold together at the level LEVEL (Bonferroni): with T tasks each is one of
    1 - (1 - LEVEL) / T, so that chance alone seldom makes one of many tasks look worse.
    """
    level = 1 - (1 - LEVEL) / max(1, len(tasks))
    rows = {name: _row(scores, level) for name, scores in tasks.items()}
    overall = mean_change(tasks)
    worse = [name for name, row in rows.items() if row["conclusion"] == "apart"]
    better = [name for name, row in rows.items() if row["conclusion"] == "together"]
    conclusion: Conclusion = "no difference"
    if worse:
        conclusion = "apart"
    elif overall is not None and overall.beyond_noise > 0:
        conclusion = "together"
    return {
        "conclusion": conclusion,
        "sentence": sentence(conclusion, worse, better),
        "worse": worse,
        "better": better,
        "level": LEVEL,
        "delta_m": None if overall is None else {"value": overall.value, "interval": overall.interval},
        "tasks": rows,
    }


def mean_change(tasks: Mapping[str, TaskScores]) -> Estimate | None:
    """Δm: the mean over tasks of the relative change of the mean score, in per cent.

    Positive when together is better, as in Maninis, Radosavovic and Kokkinos, Attentive single-tasking of multiple
    tasks, CVPR 2019, equation 4 (there a drop is negative too). The interval is that of the sum of each task's
    contributions by the delta method; pictures that several tasks label are one picture in it. Tasks whose score alone
    is 0 are left out; None where none is left.
    """
    left = {name: scores for name, scores in tasks.items() if scores.change is not None}
    if not left:
        return None
    value = 100 * float(np.mean([scores.change for scores in left.values()]))
    places = {image: at for at, image in enumerate(dict.fromkeys(i for s in left.values() for i in s.images))}
    parts, steps = [], []
    for scores in left.values():
        part = np.full((len(scores.together), len(places)), np.nan)
        part[:, [places[image] for image in scores.images]] = 100 * scores.influence / len(left)
        parts.append(part)
        steps.append(100 * scores.grain / abs(float(scores.alone.mean())) / len(scores.images) / len(left))
    return Estimate(value, interval(value, parts, LEVEL, float(np.linalg.norm(steps))))


def sentence(conclusion: Conclusion, worse: Sequence[str], better: Sequence[str]) -> str:
    """The verdict in words."""
    if conclusion == "apart":
        words = f"Apart: trained together, {_names(worse)} worse, beyond noise."
        return words + (f" But {_names(better)} better together." if better else "")
    if conclusion == "together":
        return "Together: over all tasks it is better, beyond noise, and no task is worse."
    if better:
        return f"No difference over all tasks that exceeds noise, but {_names(better)} better together."
    return "No difference that exceeds noise."


def _names(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is"
    return ", ".join(names[:-1]) + f" and {names[-1]} are"


def _row(scores: TaskScores, level: float) -> dict[str, Any]:
    found = mean_difference(scores.together - scores.alone, level, scores.grain)
    alone = abs(float(scores.alone.mean())) if scores.images else 0.0
    scale = 100 / alone if alone else None
    turn = -1.0 if is_error(scores.kind) else 1.0
    return {
        "kind": scores.kind,
        "score": SCORE_NAMES[scores.kind],
        "part": scores.part,
        "pictures": len(scores.images),
        "alone": turn * float(scores.alone.mean()) if scores.images else None,
        "together": turn * float(scores.together.mean()) if scores.images else None,
        "difference": found.value,
        "interval": found.interval,
        "relative": None if scale is None else found.value * scale,
        "relative_interval": None
        if scale is None or found.interval is None
        else [end * scale for end in found.interval],
        "conclusion": _CONCLUSIONS[found.beyond_noise],
        "by_seed": {
            "alone": (turn * scores.alone.mean(axis=1)).tolist() if scores.images else [],
            "together": (turn * scores.together.mean(axis=1)).tolist() if scores.images else [],
        },
        "metrics": scores.metrics,
    }


def _mean_metrics(documents: Documents) -> dict[str, float]:
    """The mean over seeds of every metric that is a number in all of them."""
    names = [name for name, value in documents[0]["metrics"].items() if isinstance(value, int | float)]
    found = {name: [document["metrics"].get(name) for document in documents] for name in names}
    return {name: float(np.mean(values)) for name, values in found.items() if None not in values}
