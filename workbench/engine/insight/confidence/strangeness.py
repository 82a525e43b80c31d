"""How strange a picture is to a head: how far it lies from training pictures, and how little speaks for any class.

The distance (Sun et al. 2022, arXiv 2204.06507) tells classes that look like nothing before; the energy, minus the
logarithm of the summed exponentials of the answers (Liu et al. 2020, arXiv 2010.03759), tells those that lie between
known ones. Neither does both. Each is taken as the share of validation pictures that are less strange, as p-values are,
so that one can be added to the other; beyond the strangest of them it goes on in deviations, so that a head that is
sure of itself cannot make up for a picture far from all others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

Floats = npt.NDArray[np.float64]

MISTAKEN = 0.05
"""Share of validation pictures, all of them like training, that may be called unlike it."""
ENERGY = 2.0
"""Weight of the energy beside the distance's of 1. From 1.5 to 3 the sum told held-out classes better than the greatest
probability does on large photographs and on tiny ones, at 128 and at 224 px; at 1 not on all of them."""
_SHARES = np.linspace(0, 1, 101)
_ROUNDING = 1e-3
"""The limit lies that far above the picture that it is taken from, which is then known however it is rounded."""


def energy(answers: npt.NDArray[np.floating]) -> Floats:
    """(n,) of answers (n, C), in nats: the greater, the less speaks for any class."""
    return -np.asarray(logsumexp(answers.astype(np.float64), axis=1))


def quantiles(values: Floats) -> tuple[float, ...]:
    """Of what validation pictures (n,) have, from the least to the greatest in steps of a hundredth."""
    return tuple(np.quantile(values, _SHARES).tolist())


def strangeness(
    distances: Floats, energies: Floats, known_distances: tuple[float, ...], known_energies: tuple[float, ...]
) -> Floats:
    """(n,), 0 where no validation picture is less strange, 1 where all are, more the farther beyond them.

    Args:
        known_distances, known_energies: quantiles of validation pictures.
    """
    return (_place(distances, known_distances) + ENERGY * _place(energies, known_energies)) / (1 + ENERGY)


def remoteness(distances: Floats, known_distances: tuple[float, ...]) -> Floats:
    """(n,) by the distance alone, on the same scale: of answers that have no energy."""
    return _place(distances, known_distances)


def fit_limit(values: Floats) -> float:
    """The strangeness from which on a picture counts as unknown, from validation pictures' (n,), at least one."""
    rank = min(len(values) - 1, int((1 - MISTAKEN) * (len(values) + 1)))
    return float(np.sort(values)[rank]) + _ROUNDING


def _place(values: Floats, known: tuple[float, ...]) -> Floats:
    deviation = max(float(np.std(known)), 1e-6)
    return np.interp(values, known, _SHARES) + np.maximum(values - known[-1], 0) / deviation
