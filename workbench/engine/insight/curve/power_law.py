"""How an error falls with the number of pictures: a n^-b + c, fitted and extended.

Cortes et al., "Learning curves: asymptotic values and rate of convergence", NeurIPS 1993; Hestness et al., "Deep
learning scaling is predictable, empirically", arXiv 1712.00409. A law that is fitted to few sizes is known badly beyond
them; so it is fitted to many redrawn curves, each without one of the sizes, and their spread is the doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EXPONENTS = np.linspace(0.05, 1.5, 30)
"""That are tried; errors of learners fall between these."""
FEWEST_SIZES = 3


@dataclass(frozen=True)
class PowerLaw:
    """D laws, each a (n / unit)^-b + c with a and c not below 0; (D,) each."""

    a: Floats
    b: Floats
    c: Floats
    unit: float

    def error(self, pictures: float) -> Floats:
        """(D,) the errors with that many pictures."""
        return np.asarray(self.a * (pictures / self.unit) ** -self.b + self.c)


def fit_power_law(sizes: Floats, errors: Floats, weights: Floats) -> PowerLaw:
    """The laws nearest to errors by weighted least squares.

    Args:
        sizes: (S,) numbers of pictures, rising.
        errors: (D, S).
        weights: (D, S), not below 0.
    """
    unit = float(sizes[-1])
    best = np.full(len(errors), np.inf)
    a, b, c = (np.zeros(len(errors)) for _ in range(3))
    for exponent in EXPONENTS.tolist():
        fall = (sizes / unit) ** -exponent
        for height, floor in _candidates(fall, errors, weights):
            misfit = (weights * (height[:, None] * fall + floor[:, None] - errors) ** 2).sum(axis=1)
            nearer = (misfit < best - 1e-15) & (height >= 0) & (floor >= 0)
            best = np.where(nearer, misfit, best)
            a, b, c = np.where(nearer, height, a), np.where(nearer, exponent, b), np.where(nearer, floor, c)
    return PowerLaw(a, b, c, unit)


def _candidates(fall: Floats, errors: Floats, weights: Floats) -> list[tuple[Floats, Floats]]:
    """a and c of one exponent: the free solution and those on the two edges; the best that is allowed is right."""
    total, x, xx = weights.sum(axis=1), weights @ fall, weights @ fall**2
    e, xe = (weights * errors).sum(axis=1), (weights * errors) @ fall
    spread = np.maximum(xx * total - x * x, 1e-300)
    nothing = np.zeros(len(errors))
    return [
        ((total * xe - x * e) / spread, (xx * e - x * xe) / spread),
        (np.maximum(xe / xx, 0.0), nothing),
        (nothing, np.maximum(e / total, 0.0)),
    ]


@dataclass(frozen=True)
class Curve:
    """Scores of S sizes.

    Attributes:
        sizes: (S,) rising.
        scores: for each size (R,), of R choices of pictures.
        redrawn: for each size (R, D), the same with the judged pictures redrawn D times; the same drawings for all.
    """

    sizes: Floats
    scores: list[Floats]
    redrawn: list[Floats]

    def means(self) -> Floats:
        """(S,) the mean score of each size."""
        return np.array([each.mean() for each in self.scores])

    def drawn_means(self, chance: np.random.Generator) -> Floats:
        """(D, S) mean scores with judged pictures and choices redrawn; of the whole there is one choice, whose doubt is
        taken from that of the size before."""
        columns = []
        for at, redrawn in enumerate(self.redrawn):
            choices, draws = redrawn.shape
            picked = chance.integers(0, choices, (choices, draws))
            means = np.take_along_axis(redrawn, picked, axis=0).mean(axis=0)
            if choices == 1 and at and len(self.scores[at - 1]) > 1:
                means = means + chance.normal(0, self.scores[at - 1].std(ddof=1), draws)
            columns.append(means)
        drawn: Floats = np.minimum(np.stack(columns, axis=1), 1.0)  # no score is above 1
        return drawn


@dataclass(frozen=True)
class Projection:
    """What is expected: the scores of the sizes and of some more, with 95 % intervals, and what the first of those
    gains over the largest size.

    Attributes:
        intervals: (S, 2).
        ahead: for each number of pictures beyond the score, and its ends.
        gain: the score, and its ends.
    """

    intervals: Floats
    ahead: dict[int, tuple[float, float, float]]
    gain: tuple[float, float, float]


def project(curve: Curve, ahead: list[int]) -> Projection:
    """Extend a curve of `FEWEST_SIZES` or more sizes to more pictures; the same curve always gives the same."""
    chance = np.random.default_rng(0)
    drawn = curve.drawn_means(chance)
    kept = np.isfinite(drawn).all(axis=1)
    drawn = drawn[kept] if kept.any() else np.tile(curve.means(), (len(drawn), 1))
    spread = np.maximum(drawn.std(axis=0), 1e-3)
    weights = np.tile(spread**-2, (len(drawn), 1))
    if len(curve.sizes) > FEWEST_SIZES:
        left_out = chance.integers(0, len(curve.sizes) - 1, len(drawn))
        weights[np.arange(len(drawn)), left_out] = 0.0
    laws = fit_power_law(curve.sizes, 1 - drawn, weights)
    found = fit_power_law(curve.sizes, 1 - curve.means()[None], spread[None] ** -2)
    largest = float(curve.sizes[-1])
    beyond = {each: _with_ends(1 - float(found.error(each)[0]), 1 - laws.error(each)) for each in ahead}
    more = _gain(found, largest, ahead[0]), _gain(laws, largest, ahead[0])
    return Projection(
        intervals=np.percentile(drawn, [2.5, 97.5], axis=0).T,
        ahead=beyond,
        gain=_with_ends(float(more[0][0]), more[1]),
    )


def _gain(laws: PowerLaw, one: float, other: float) -> Floats:
    return laws.error(one) - laws.error(other)


def _with_ends(found: float, drawn: Floats) -> tuple[float, float, float]:
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist()
    return found, min(low, found), max(high, found)
