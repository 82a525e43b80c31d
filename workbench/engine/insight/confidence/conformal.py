"""Sets of classes that hold the true one as often as asked for.

Split conformal prediction with the least ambiguous sets: Sadinle, Lei and Wasserman, "Least ambiguous set-valued
classifiers with bounded error levels", JASA 2019, arXiv 1609.00451. For pictures like those that it was fitted on, the
set holds the true class with at least the coverage asked for, on average over pictures.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def fit_threshold(probabilities: Floats, truth: npt.NDArray[np.int64], coverage: float) -> float:
    """The probability from which on a class belongs to the set.

    Args:
        probabilities: (n, C) of pictures that nothing was fitted to.
        truth: (n,) their classes.
        coverage: share of pictures whose set is to hold the true class, in (0, 1).

    Returns:
        0 where the pictures are too few to promise it: the set is then every class.
    """
    count = len(truth)
    rank = math.ceil((count + 1) * coverage)
    if rank > count:
        return 0.0
    own = np.sort(probabilities[np.arange(count), truth])[::-1]
    return float(own[rank - 1])


def in_set(probabilities: Floats, threshold: float) -> npt.NDArray[np.bool_]:
    """(..., C) whether each class belongs to the set, which may be empty: then no class is likely enough."""
    return np.asarray(probabilities >= threshold)
