"""LogME, the logarithm of maximum evidence (You et al., "LogME: Practical Assessment of Pre-trained Models for Transfer
Learning", ICML 2021, arXiv 2102.11005).

For targets y (n,) and features F (n, C) the model is y = F w + noise with w ~ N(0, 1/α) and noise ~ N(0, 1/β). The
evidence (equation 2 of the paper), with A = α I + β FᵀF and m = β A⁻¹ Fᵀ y, is

    L(α, β) = n/2 log β + C/2 log α - n/2 log 2π - β/2 |F m - y|² - α/2 |m|² - 1/2 log |A|

and is maximised by the fixed point of γ = Σ β σ² / (α + β σ²), α = γ / |m|², β = (n - γ) / |F m - y|², where σ are the
singular values of F. LogME is the maximum divided by n, averaged over the columns of the targets.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

_ROUNDS = 200
_ENOUGH = 1e-6
"""Relative change of α/β at which the fixed point is reached."""
_LEAST = 1e-12


def logme(features: Tensor, targets: Tensor) -> float:
    """LogME of features (n, C) for targets (n, K): the higher the better; nats for each picture."""
    x, y = features.double(), targets.double()
    count, width = x.shape
    squares, projected = _spectrum(x, y)
    lengths = y.square().sum(dim=0)
    values = [
        _evidence(squares, projected[:, at].square(), float(lengths[at]), count, width) for at in range(y.shape[1])
    ]
    return sum(values) / len(values) / count


def _spectrum(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Squared singular values (r,) of x, and Uᵀ y (r, K), by way of the smaller of the two matrices of products."""
    if x.shape[0] <= x.shape[1]:
        squares, left = torch.linalg.eigh(x @ x.T)
        return squares.clamp(min=0), left.T @ y
    squares, right = torch.linalg.eigh(x.T @ x)
    squares = squares.clamp(min=0)
    projected = right.T @ (x.T @ y)
    tiny = squares <= squares[-1] * 1e-14
    return torch.where(tiny, 0.0, squares), torch.where(tiny[:, None], 0.0, projected / squares.sqrt()[:, None])


def _evidence(squares: Tensor, shares: Tensor, length: float, count: int, width: int) -> float:
    """The maximum of L for one column of targets of squared length `length`, of which `shares` (r,) lie along U."""
    alpha = beta = 1.0
    outside = max(0.0, length - float(shares.sum()))
    for _ in range(_ROUNDS):
        gamma, size, residual = _moments(squares, shares, outside, alpha, beta)
        before = alpha / beta
        alpha = max(gamma / max(size, _LEAST), _LEAST)
        beta = max(count - gamma, _LEAST) / max(residual, _LEAST * max(length, _LEAST))
        if abs(alpha / beta - before) <= _ENOUGH * before:
            break
    _, size, residual = _moments(squares, shares, outside, alpha, beta)
    determinant = float((alpha + beta * squares).log().sum()) + (width - len(squares)) * math.log(alpha)
    return 0.5 * (
        count * math.log(beta / (2 * math.pi)) + width * math.log(alpha) - beta * residual - alpha * size - determinant
    )


def _moments(squares: Tensor, shares: Tensor, outside: float, alpha: float, beta: float) -> tuple[float, float, float]:
    """γ, |m|² and |F m - y|²."""
    ratio = beta * squares / (alpha + beta * squares)
    size = float((beta * beta * squares * shares / (alpha + beta * squares).square()).sum())
    residual = float((shares * (1 - ratio).square()).sum()) + outside
    return float(ratio.sum()), size, residual
