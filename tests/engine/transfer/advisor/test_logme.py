from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from workbench.engine.transfer.advisor.logme import logme


def best_evidence(features: np.ndarray, target: np.ndarray) -> float:
    """max over α, β of log N(y; 0, I/β + F Fᵀ/α) / n: what LogME is, straight from its definition."""
    count = len(target)

    def negative(logs: np.ndarray) -> float:
        alpha, beta = np.exp(logs)
        spread = np.eye(count) / beta + features @ features.T / alpha
        return -float(multivariate_normal(np.zeros(count), spread, allow_singular=True).logpdf(target))

    starts = [(a, b) for a in (-2.0, 2.0, 5.0) for b in (-1.0, 2.0)]
    return max(-minimize(negative, start, method="Nelder-Mead").fun for start in starts) / count


@pytest.mark.parametrize(("count", "width"), [(40, 6), (15, 30), (20, 20)])
def test_it_is_the_largest_evidence(count: int, width: int) -> None:
    random = np.random.default_rng(count)
    features = random.normal(size=(count, width))
    targets = np.stack([features[:, 0] + random.normal(0, 0.5, count), random.normal(size=count)], axis=1)
    expected = np.mean([best_evidence(features, column) for column in targets.T])
    assert logme(torch.from_numpy(features), torch.from_numpy(targets)) == pytest.approx(expected, abs=2e-3)


def test_features_that_tell_more_score_higher_and_odd_ones_stay_finite() -> None:
    random = np.random.default_rng(0)
    targets = np.eye(3)[np.arange(60) % 3]
    telling = targets @ random.normal(size=(3, 8)) + random.normal(0, 0.3, (60, 8))
    noise = random.normal(size=(60, 8))
    values = [logme(torch.from_numpy(each), torch.from_numpy(targets)) for each in (telling, noise)]
    assert values[0] > values[1]
    for odd in (np.zeros((60, 8)), np.ones((60, 8)), np.repeat(noise[:1], 60, axis=0), np.hstack([noise, noise])):
        assert np.isfinite(logme(torch.from_numpy(odd), torch.from_numpy(targets)))
    assert np.isfinite(logme(torch.from_numpy(noise), torch.zeros(60, 1, dtype=torch.float64)))
