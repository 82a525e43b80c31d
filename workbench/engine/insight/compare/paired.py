"""Whether one way is better than another on the same pictures, or the difference may be chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, ndtri, stdtr, stdtrit

from workbench.engine.insight.verdict.doubt import Floats, mean_difference

Bools = npt.NDArray[np.bool_]
Test = Literal["McNemar", "Student", "seeds"]


@dataclass(frozen=True)
class Difference:
    """The mean over pictures of the second's score minus that of the first, the higher the better.

    Attributes:
        interval: that holds it at the level asked for; None where nothing can be said.
        p: how often chance alone gives as large a difference; None where nothing can be said, or seeds are reckoned.
        beyond_noise: 1 or -1 where it is above or below 0 by more than chance at that level, else 0.
    """

    value: float
    interval: tuple[float, float] | None
    p: float | None
    test: Test
    beyond_noise: int


def compared(first: Floats, second: Floats, level: float, grain: float) -> Difference:
    """The difference of scores of the same pictures in the same order.

    Args:
        first, second: (S, n), a row for each run of a recipe; where both have several, the one with fewer decides how
            many of the other's count.
        level: of the interval, such as 0.95.
        grain: the smallest step between two scores of a picture: 1 for right or wrong, 0 where they are continuous.
    """
    runs = min(len(first), len(second))
    if runs > 1:
        found = mean_difference(second[:runs] - first[:runs], level, grain)
        return Difference(found.value, found.interval, None, "seeds", found.beyond_noise)
    if len(first) > 1 or len(second) > 1:
        return beside_several(first, second, level, grain)
    if grain == 1.0:
        return mcnemar(first[0] > 0.5, second[0] > 0.5, level)
    return student(second[0] - first[0], level, grain)


def mcnemar(first: Bools, second: Bools, level: float) -> Difference:
    """Right or wrong (n,), by the exact test of McNemar, Psychometrika 1947: only pictures that differ count.

    Of these, each way is better on half where there is no difference. The interval is that of Agresti and Min,
    Statistics in Medicine 2005, which counts half a picture more in each case; the test alone decides, so an end of it
    that the test contradicts lies at 0.
    """
    gained, lost, pictures = int((second & ~first).sum()), int((first & ~second).sum()), len(first)
    if not pictures:
        return Difference(0.0, None, None, "McNemar", 0)
    p = min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5)))
    more, less, of = gained + 0.5, lost + 0.5, pictures + 2
    half = float(ndtri((1 + level) / 2)) * math.sqrt(more + less - (more - less) ** 2 / of) / of
    middle, value = (more - less) / of, (gained - lost) / pictures
    low, high, sign = middle - half, middle + half, _sign(value) if p < 1 - level else 0
    if sign:
        low, high = (max(low, 0.0), high) if sign > 0 else (low, min(high, 0.0))
    else:
        low, high = min(low, 0.0), max(high, 0.0)
    return Difference(value, (low, high), p, "McNemar", sign)


def beside_several(first: Floats, second: Floats, level: float, grain: float) -> Difference:
    """One run beside several with other seeds, either way round: (1, n) and (S, n).

    The one is taken to be drawn with the same spread over seeds as the several, so that its own luck counts as well: to
    the variance over pictures comes that of the runs' means by 1 + 1/S. Welch (1947) and Satterthwaite (1946) give the
    degrees of freedom.
    """
    differences = second.mean(axis=0) - first.mean(axis=0)
    several, pictures = max(first, second, key=len), len(differences)
    if pictures < 2:
        return Difference(float(differences.mean()) if pictures else 0.0, None, None, "seeds", 0)
    value, runs = float(differences.mean()), len(several)
    a = (float(((differences - value) ** 2).sum()) + grain**2) / (pictures - 1) / pictures
    b = float(several.mean(axis=1).var(ddof=1)) * (1 + 1 / runs)
    if not a + b:
        return Difference(value, None, None, "seeds", 0)
    freedom = (a + b) ** 2 / (a**2 / (pictures - 1) + b**2 / (runs - 1))
    return _by_t(value, math.sqrt(a + b), freedom, level, "seeds")


def student(differences: Floats, level: float, grain: float) -> Difference:
    """The mean of differences (n,) by Student's paired t test (1908); one more picture counts as `grain` off."""
    pictures = len(differences)
    value = float(differences.mean()) if pictures else 0.0
    squares = float(((differences - value) ** 2).sum()) + grain**2
    if pictures < 2 or not squares:
        return Difference(value, None, None, "Student", 0)
    return _by_t(value, math.sqrt(squares / (pictures - 1) / pictures), pictures - 1, level, "Student")


def _by_t(value: float, error: float, freedom: float, level: float, test: Test) -> Difference:
    """A difference with its standard error, by Student's t."""
    half = float(stdtrit(freedom, (1 + level) / 2)) * error
    p = 2 * float(stdtr(freedom, -abs(value) / error))
    return Difference(value, (value - half, value + half), p, test, _sign(value) if p < 1 - level else 0)


def _sign(value: float) -> int:
    return int(value > 0) - int(value < 0)


@dataclass(frozen=True)
class Spread:
    """The scores of several runs of one recipe.

    Attributes:
        deviation: their standard deviation; interval: the 95 % interval of their mean. None of a single run.
    """

    mean: float
    deviation: float | None
    interval: tuple[float, float] | None


def spread(scores: Floats, *, folds: bool, most: float, level: float = 0.95) -> Spread:
    """Mean, deviation and interval of the scores (S,) of runs, by Student's t, cut at 0 and at `most`.

    Runs with other seeds are independent draws. Those of K folds train on pictures that overlap, so that their scores
    differ too little: their variance is taken as large by 1/K + 1/(K - 1) in place of 1/K (Nadeau and Bengio,
    Inference for the generalization error, Machine Learning 2003).
    """
    runs, mean = len(scores), float(scores.mean())
    if runs < 2:
        return Spread(mean, None, None)
    deviation = float(scores.std(ddof=1))
    shared = 1 / (runs - 1) if folds else 0.0
    half = float(stdtrit(runs - 1, (1 + level) / 2)) * deviation * math.sqrt(1 / runs + shared)
    return Spread(mean, deviation, (max(0.0, mean - half), min(most, mean + half)))
