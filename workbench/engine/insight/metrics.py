"""Scores: plain numpy on targets and answers, so that every number can be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from workbench.core.kinds import KINDS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BINS = 15
Z95 = 1.959963984540054
_REDRAWN = 2e7
"""Answers that are drawn again for an interval, at most: about a second."""


def softmax(logits: npt.NDArray[np.floating]) -> Floats:
    """(n, C) probabilities of logits (n, C)."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True, initial=-np.inf)
    exponentials = np.exp(shifted)
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def cross_entropy(logits: npt.NDArray[np.floating], targets: Ints) -> float | None:
    """Mean negative log-likelihood in nats; None where there is nothing."""
    if not len(targets):
        return None
    high = logits.astype(np.float64).max(axis=1)
    total = high + np.log(np.exp(logits - high[:, None]).sum(axis=1))
    return float((total - logits[np.arange(len(targets)), targets]).mean())


def confusion(targets: Ints, predictions: Ints, classes: int) -> Ints:
    """(C, C) counts: rows are what pictures are, columns what they were taken for."""
    return np.bincount(targets * classes + predictions, minlength=classes * classes).reshape(classes, classes)


def accuracy(matrix: Ints) -> float | None:
    """Share of pictures answered right."""
    total = matrix.sum()
    return float(np.trace(matrix) / total) if total else None


def balanced_accuracy(matrix: Ints) -> float | None:
    """Mean, over the classes that occur, of the share of their pictures answered right."""
    occurs = matrix.sum(axis=1)
    if not occurs.any():
        return None
    return float((np.diag(matrix)[occurs > 0] / occurs[occurs > 0]).mean())


def macro_f1(matrix: Ints) -> float | None:
    """Mean F1 over the classes that occur or were answered."""
    both = matrix.sum(axis=0) + matrix.sum(axis=1)
    if not both.any():
        return None
    return float((2 * np.diag(matrix)[both > 0] / both[both > 0]).mean())


def balanced_accuracy_interval(matrix: Ints) -> tuple[float, float] | None:
    """The 95 % interval of the balanced accuracy from those of each class's share (Zou and Donner 2008, MOVER); None
    where nothing occurs. Unlike the normal one it has a width where every answer is right."""
    counts = matrix.sum(axis=1)
    occurs = np.flatnonzero(counts)
    if not len(occurs):
        return None
    shares = np.diag(matrix)[occurs] / counts[occurs]
    ends = np.array([wilson(int(matrix[at, at]), int(counts[at])) for at in occurs])
    below, above = np.sqrt(((ends - shares[:, None]) ** 2).sum(axis=0)) / len(occurs)
    return float(shares.mean() - below), float(shares.mean() + above)


def macro_f1_interval(matrix: Ints) -> tuple[float, float] | None:
    """The 95 % interval of the macro F1 by the bootstrap of pictures (Efron 1979); None where there is none.

    Pictures are drawn from counts to which every class that occurs adds half a picture, spread over all answers, so
    that a matrix without errors is not taken for proof that there never is one.
    """
    found, occurs = macro_f1(matrix), matrix.sum(axis=1, keepdims=True) > 0
    if found is None:
        return None
    classes = len(matrix)
    smooth = matrix + 0.5 / classes * occurs
    draws = int(np.clip(_REDRAWN / classes**2, 20, 400))
    chance = np.random.default_rng(0)
    redrawn = chance.multinomial(int(matrix.sum()), smooth.ravel() / smooth.sum(), draws).reshape(-1, classes, classes)
    both = redrawn.sum(axis=1) + redrawn.sum(axis=2)
    by_class = f1(np.diagonal(redrawn, axis1=1, axis2=2), redrawn.sum(axis=1), redrawn.sum(axis=2))
    means = np.nansum(by_class, axis=1) / np.maximum((both > 0).sum(axis=1), 1)
    return around(found, means)


def around(found: float, redrawn: Floats) -> tuple[float, float]:
    """The 95 % interval of what was found, from the spread of what was redrawn (D,); NaN is left out."""
    half = Z95 * float(np.nanstd(redrawn, ddof=1))
    return found - half, found + half


def times_drawn(pictures: int, answers: int) -> Floats:
    """(D, n) how often each of n pictures is drawn in each of D bootstraps, fewer where pictures have many answers."""
    draws = int(np.clip(_REDRAWN / (pictures * answers), 20, 400))
    chance = np.random.default_rng(0)
    return chance.multinomial(pictures, np.full(pictures, 1 / pictures), draws).astype(np.float64)


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_], bins: int = BINS) -> float | None:
    """Expected calibration error (Naeini et al. 2015): mean gap of confidence and accuracy over equal-width bins."""
    if not len(confidence):
        return None
    index = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(index, weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def wilson(right: int, count: int, z: float = Z95) -> tuple[float, float] | None:
    """The 95 % interval of a share of `right` out of `count` (Wilson 1927); None where count is 0."""
    if not count:
        return None
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(values: Floats) -> tuple[float, float] | None:
    """The 95 % interval of a mean by Student's t (Student 1908); None for fewer than two values."""
    if len(values) < 2:
        return None
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    half = float(stdtrit(len(values) - 1, 0.975)) * deviation / math.sqrt(len(values))
    return mean - half, mean + half


def average_precision(scores: Floats, present: npt.NDArray[np.bool_]) -> float | None:
    """Σ (R_n - R_{n-1}) P_n over falling thresholds, equal scores taken together; None where nothing is present."""
    precision, recall, _ = precision_recall(scores, present)
    if not present.any():
        return None
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def mean_average_precision_interval(scores: Floats, present: npt.NDArray[np.bool_]) -> tuple[float, float] | None:
    """The 95 % interval of the mean average precision over labels by the bootstrap of pictures (Efron 1979).

    The spread of the redrawn means counts, about the mean that was found: a percentile would lean upwards, since a
    picture that is drawn twice ranks beside itself. The same pictures always give the same interval.

    Args:
        scores, present: (n, L); labels that no picture has are left out.

    Returns:
        None for fewer than two pictures, or where no picture has a label.
    """
    pictures, known = len(scores), np.flatnonzero(present.any(axis=0))
    if pictures < 2 or not len(known):
        return None
    times = times_drawn(pictures, len(known))
    redrawn = np.stack([redrawn_precision(scores[:, at], present[:, at], times) for at in known])
    means = np.nanmean(redrawn[:, np.isfinite(redrawn).any(axis=0)], axis=0)
    mean = float(np.mean([average_precision(scores[:, at], present[:, at]) or 0.0 for at in known]))
    return around(mean, means)


def redrawn_precision(scores: Floats, present: npt.NDArray[np.bool_], times: Floats) -> Floats:
    """Average precision (D,) where each picture counts `times` (D, n) as often; NaN where nothing present is drawn."""
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.diff(scores[order], append=-np.inf) != 0)
    said = np.cumsum(times[:, order], axis=1)[:, last]
    hits = np.cumsum(times[:, order] * present[order], axis=1)[:, last]
    total = np.where(hits[:, -1] > 0, hits[:, -1], np.nan)
    found: Floats = (np.diff(hits, axis=1, prepend=0.0) * hits / np.maximum(said, 1.0)).sum(axis=1) / total
    return found


def precision_recall(scores: Floats, present: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and threshold (m,) at each different score, from the highest on; all empty without scores."""
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(present[order]), scores[order]
    last = np.flatnonzero(np.diff(ranked, append=-np.inf) != 0)
    total = max(1, int(present.sum()))
    return hits[last] / (last + 1), hits[last] / total, ranked[last]


def f1(hits: npt.ArrayLike, said: npt.ArrayLike, present: npt.ArrayLike) -> Floats:
    """F1 from counts of the same shape; NaN where a label was neither there nor said."""
    both = np.add(said, present)
    return np.where(both > 0, np.multiply(2, hits) / np.maximum(both, 1), np.nan)


def f1_intervals(
    present: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]
) -> dict[str, tuple[float, float] | None]:
    """The 95 % intervals of macro and micro F1 over labels (n, L) by the bootstrap of pictures; None without any."""
    if len(present) < 2 or not (present | said).any():
        return {"macro_f1": None, "micro_f1": None}
    times = np.vstack([np.ones(len(present)), times_drawn(len(present), present.shape[1])])
    counts = [times @ counted.astype(np.float64) for counted in (present & said, said, present)]
    by_label = f1(*counts)
    macro = np.nansum(by_label, axis=1) / np.maximum(np.isfinite(by_label).sum(axis=1), 1)
    micro = f1(*(each.sum(axis=1) for each in counts))
    return {"macro_f1": around(float(macro[0]), macro[1:]), "micro_f1": around(float(micro[0]), micro[1:])}


def share_of(hits: npt.ArrayLike, counts: npt.ArrayLike) -> Floats:
    """(K,) hits divided by counts of the same shape: precision by what was said, recall by what there is; NaN of 0."""
    return np.where(np.greater(counts, 0), np.divide(hits, np.maximum(counts, 1)), np.nan)


def mean_known(values: Floats) -> float | None:
    """The mean of those that are numbers; None where none is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def finite(value: npt.ArrayLike) -> float | None:
    """The number, or None where it is none."""
    number = float(np.asarray(value))
    return number if math.isfinite(number) else None


def said_intervals(
    intervals: Mapping[str, tuple[float, float] | None], low: float = 0.0, high: float = 1.0
) -> dict[str, list[float] | None]:
    """As documents hold them: `accuracy_interval` for `accuracy`, within what the metric can be."""
    return {
        f"{name}_interval": None if found is None else [max(low, found[0]), min(high, found[1])]
        for name, found in intervals.items()
    }


def score(metrics: Mapping[str, Mapping[str, float | None]], kinds: Mapping[str, str]) -> float | None:
    """Mean over tasks of the score, in [0, 1], by which a checkpoint is chosen; tasks without labels are left out.

    Args:
        metrics: per task its metrics; kinds: per task its kind, whose chief metric counts.
    """
    found = [values.get(KINDS[kinds[task]].metric) for task, values in metrics.items()]
    known = [min(1.0, max(0.0, value)) for value in found if value is not None]
    return float(np.mean(known)) if known else None


def mean_loss(metrics: Mapping[str, Mapping[str, float | None]], scales: Mapping[str, float]) -> float:
    """The mean loss over tasks that have labels, each divided by its scale; infinite where none has."""
    values = [value / scales[task] for task, each in metrics.items() if (value := each.get("loss")) is not None]
    return float(np.mean(values)) if values else math.inf
