"""Ridge regression in closed form, with the penalty that leaving pictures out one at a time finds best."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

MOST_ROWS = 8000
"""Pictures that the penalty is found on; more change it hardly and cost minutes."""
PENALTIES = torch.logspace(-2, 4, 25, dtype=torch.float64)
"""That are tried, for the mean squared error."""


class Ridge(NamedTuple):
    """The minimum of mean (x·w - y)² + penalty |w|².

    Attributes:
        weights: (C,) float64.
        penalty: the chosen one.
        error: root mean square error on pictures left out.
    """

    weights: Tensor
    penalty: float
    error: float


def fit_ridge(x: Tensor, y: Tensor) -> Ridge:
    """Fit centred features (n, C) to centred targets (n,), n at least 2.

    The error of picture i when it is left out is e_i / (1 - h_i) with the residual e and the leverage h of the fit to
    all pictures (Allen, "The Relationship between Variable Selection and Data Augmentation", Technometrics 1974).
    """
    step = -(-len(x) // MOST_ROWS)
    x, y = x[::step].double(), y[::step].double()
    left, singular, right = torch.linalg.svd(x, full_matrices=False)
    turned, squares = left.T @ y, singular.square()
    best = Ridge(torch.zeros(x.shape[1], dtype=torch.float64, device=x.device), float(PENALTIES[-1]), float("inf"))
    for penalty in PENALTIES.tolist():
        kept = squares / (squares + penalty * len(x))
        residual = y - left @ (kept * turned)
        leverage = (left.square() @ kept + 1 / len(x)).clamp(max=1 - 1e-9)
        error = float((residual / (1 - leverage)).square().mean().sqrt())
        if error < best.error:
            weights = right.T @ (singular / (squares + penalty * len(x)) * turned)
            best = Ridge(weights, penalty, error)
    return best
