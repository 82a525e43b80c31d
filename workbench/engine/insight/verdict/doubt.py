"""The difference between two ways of training with its interval, from both sources of doubt: pictures and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that holds it at the level asked for; None where pictures or seeds are too few."""

    value: float
    interval: tuple[float, float] | None

    @property
    def beyond_noise(self) -> int:
        """1 where the whole interval lies above 0, -1 where it lies below, else 0."""
        if self.interval is None:
            return 0
        return int(self.interval[0] > 0) - int(self.interval[1] < 0)


def mean_difference(differences: Floats, level: float, grain: float = 0.0) -> Estimate:
    """The mean of paired differences.

    Args:
        differences: (S, n), for each seed and picture the score of one way of training minus that of the other.
        level: of the interval, such as 0.95.
        grain: the smallest step between two scores of a picture. It counts as one more picture that came out
            differently, so that pictures which all agree do not promise certainty.
    """
    pictures = differences.shape[1]
    if not pictures:
        return Estimate(0.0, None)
    value = float(differences.mean())
    return Estimate(value, interval(value, [differences / pictures], level, grain / pictures))


def interval(value: float, parts: Sequence[Floats], level: float, grain: float = 0.0) -> tuple[float, float] | None:
    """The interval of an estimate that is a sum over pictures and a mean over seeds.

    The table of seeds and pictures is crossed, u[s, i] = mean + picture[i] + seed[s] + rest[s, i], and its mean over
    seeds of sums over pictures has the variance A + max(0, B - E) of a two-way random-effects analysis (Searle, Casella
    and McCulloch, Variance Components, 1992, chapter 4):

        A  the variance of the pictures' means over seeds, divided by the number of pictures,
        B  the variance of the seeds' means over pictures, divided by the number of seeds,
        E  that of the rest, divided by both: it is in A and in B, and must not count twice.

    The quantile is that of Student's t with the degrees of freedom of Welch (1947) and Satterthwaite (1946),
    (A + B - E)² / (A² / (n - 1) + B² / (S - 1)); where B is no more than E, the seeds add no doubt and they are n - 1.

    Args:
        value: the estimate, the middle of the interval.
        parts: for each strip of the sum, such as a task, (S, N) contributions over the same N pictures in the same
            order, NaN where a picture has none. What a picture adds to several strips is taken as one.
        grain: of a contribution; see `mean_difference`.

    Returns:
        None where there is but one picture or one seed.
    """
    seeds, pictures = parts[0].shape
    if seeds < 2 or pictures < 2:
        return None
    by_picture, by_seed, rest = np.zeros(pictures), np.zeros(seeds), np.zeros((seeds, pictures))
    for part in parts:
        known = ~np.isnan(part[0])
        u = part[:, known]
        middle = u.mean()
        by_picture[known] += u.mean(axis=0) - middle
        by_seed += u.sum(axis=1)
        rest[:, known] += u - u.mean(axis=0) - u.mean(axis=1, keepdims=True) + middle
    more = pictures / (pictures - 1)
    a = more * float((by_picture**2).sum() + grain**2)
    b = float(by_seed.var(ddof=1)) / seeds
    e = more * float((rest**2).sum()) / (seeds * (seeds - 1))
    variance = a + max(0.0, b - e)
    if not variance:
        return value, value
    freedom = variance**2 / (a**2 / (pictures - 1) + (b**2 / (seeds - 1) if b > e else 0.0))
    half = float(stdtrit(freedom, (1 + level) / 2)) * float(np.sqrt(variance))
    return value - half, value + half
