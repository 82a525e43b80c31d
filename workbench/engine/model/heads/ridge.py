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
    """The minimum of mean |x·w - y|² + penalty |w|².

    Attributes:
        weights: (C,) or (C, K) float64, as the targets are.
        penalty: the chosen one, the same for all K.
        error: root mean square error on pictures left out.
    """

    weights: Tensor
    penalty: float
    error: float


def fit_ridge(x: Tensor, y: Tensor) -> Ridge:
    """Fit centred features (n, C) to centred targets (n,) or (n, K), n at least 2.

    The error of picture i when it is left out is e_i / (1 - h_i) with the residual e and the leverage h of the fit to
    all pictures (Allen, "The Relationship between Variable Selection and Data Augmentation", Technometrics 1974).
    """
    step = -(-len(x) // MOST_ROWS)
    x, wanted = x[::step].double(), y[::step].double().reshape(len(x[::step]), -1)
    left, singular, right = _parts(x)
    turned, squares, spread = left.T @ wanted, singular.square(), left.square()
    best, least = float(PENALTIES[-1]), float("inf")
    for penalty in PENALTIES.tolist():
        kept = squares / (squares + penalty * len(x))
        residual = wanted - left @ (kept[:, None] * turned)
        leverage = (spread @ kept + 1 / len(x)).clamp(max=1 - 1e-9)
        error = float((residual / (1 - leverage)[:, None]).square().mean().sqrt())
        if error < least:
            best, least = penalty, error
    weights = right @ ((singular / (squares + best * len(x)))[:, None] * turned)
    return Ridge(weights.reshape(-1, *y.shape[1:]), best, least)


def _parts(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """U (n, r), singular values (r,) and V (C, r) of x, by way of the smaller matrix of products: many times faster.

    Directions whose singular value is lost in rounding are left out; no penalty that is tried would let them count.
    """
    if x.shape[0] <= x.shape[1]:
        squares, left = torch.linalg.eigh(x @ x.T)
        there = squares > squares[-1] * 1e-12
        singular, left = squares[there].sqrt(), left[:, there]
        return left, singular, x.T @ left / singular
    squares, right = torch.linalg.eigh(x.T @ x)
    there = squares > squares[-1] * 1e-12
    singular, right = squares[there].sqrt(), right[:, there]
    return x @ right / singular, singular, right
