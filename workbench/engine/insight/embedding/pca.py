"""Principal components: the directions in which features differ most."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

Floats = npt.NDArray[np.float64]


def components(features: npt.NDArray[np.float32], count: int) -> tuple[Floats, Floats]:
    """Features (n, C) along their first `count` principal components (Pearson 1901), and the share of the whole
    variance that each explains.

    Each component points where its largest entry is positive, so that the same features always give the same map.

    Returns:
        (n, K) and (K,), K being the least of `count` and C.
    """
    centred = features.astype(np.float64)
    centred -= centred.mean(axis=0)
    spread = centred.T @ centred
    width = len(spread)
    values, directions = eigh(spread, subset_by_index=[max(0, width - count), width - 1])
    values, directions = values[::-1].clip(min=0), directions[:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.where(directions[largest, np.arange(len(largest))] < 0, -1.0, 1.0)
    whole = float(np.trace(spread))
    return centred @ directions, values / whole if whole > 0 else np.zeros(len(values))
