from __future__ import annotations

import numpy as np
import torch

from workbench.core.control import Control
from workbench.engine.model.heads.ridge import PENALTIES
from workbench.engine.transfer.advisor.probes import attended, neighbours, ridge_answers

RANDOM = np.random.default_rng(0)
FOLDS = np.arange(60) % 5
TARGETS = np.eye(3)[np.arange(60) // 20]
TELLING = torch.from_numpy(TARGETS @ RANDOM.normal(size=(3, 8)) + RANDOM.normal(0, 0.2, (60, 8))).float()


def left_out_error(x: np.ndarray, y: np.ndarray, penalty: float) -> float:
    """Mean squared error of ridge regression with each row left out, by fitting again without it."""
    found = []
    for row in range(len(x)):
        rest = np.arange(len(x)) != row
        mean_x, mean_y = x[rest].mean(0), y[rest].mean(0)
        a = x[rest] - mean_x
        weights = np.linalg.solve(a.T @ a + penalty * len(x) * np.eye(x.shape[1]), a.T @ (y[rest] - mean_y))
        found.append(((x[row] - mean_x) @ weights + mean_y - y[row]) ** 2)
    return float(np.mean(found))


def test_the_ridge_probe_is_fitted_to_other_folds_alone() -> None:
    """Each fold's answers are those of a ridge regression on standardised features of the others, in plain algebra."""
    answers = attended(ridge_answers(TELLING, TARGETS, FOLDS), Control())
    assert answers is not None
    values = TELLING.double().numpy()
    for fold in range(5):
        others, mine = fold != FOLDS, fold == FOLDS
        mean, deviation = values[others].mean(0), values[others].std(0)
        x, y = (values[others] - mean) / deviation, TARGETS[others]
        penalty = min(PENALTIES.tolist(), key=lambda each: left_out_error(x, y, each))
        fitted = np.linalg.solve(x.T @ x + penalty * len(x) * np.eye(8), x.T @ (y - y.mean(0)))
        expected = (values[mine] - mean) / deviation @ fitted + y.mean(0)
        assert np.allclose(answers[mine], expected, atol=1e-6)
    changed = TARGETS.copy()
    changed[FOLDS == 2] = 7.0
    again = attended(ridge_answers(TELLING, changed, FOLDS), Control())
    assert again is not None and np.allclose(again[FOLDS == 2], answers[FOLDS == 2])


def test_neighbours_are_asked_in_other_folds_by_direction() -> None:
    answers = attended(neighbours(TELLING, TARGETS, FOLDS, 20), Control())
    assert answers is not None
    values = TELLING.double().numpy()
    unit = values / np.linalg.norm(values, axis=1, keepdims=True)
    for row in range(60):
        others = np.flatnonzero(FOLDS[row] != FOLDS)
        nearest = others[np.argsort(-(unit[others] @ unit[row]))[:20]]
        assert np.allclose(answers[row], TARGETS[nearest].mean(0))
    one = attended(neighbours(TELLING, TARGETS, FOLDS, 0.4), Control())
    assert one is not None and set(np.unique(one)) == {0.0, 1.0}


def test_features_of_no_use_and_too_few_pictures_are_no_reason_to_fail() -> None:
    for odd in (torch.zeros(60, 8), torch.ones(60, 3), TELLING[:, :1].repeat(1, 200)):
        for job in (ridge_answers(odd, TARGETS, FOLDS), neighbours(odd, TARGETS, FOLDS, 5)):
            found = attended(job, Control())
            assert found is not None and np.isfinite(found).all()
    for count in (1, 2, 3):
        found = attended(ridge_answers(TELLING[:count], TARGETS[:count], FOLDS[:count]), Control())
        assert found is not None and np.isfinite(found).all()


def test_a_feature_that_hardly_varied_where_it_was_fitted_does_not_drown_the_others() -> None:
    waking = torch.zeros(60, 1)
    waking[FOLDS != 0] = 1e-6 * torch.rand(48, 1, generator=torch.Generator().manual_seed(0))
    waking[FOLDS == 0] = 1.0
    found = attended(ridge_answers(torch.cat([TELLING, waking], dim=1), TARGETS, FOLDS), Control())
    assert found is not None and np.abs(found).max() < 3


def test_probing_ends_between_folds() -> None:
    control = Control()
    control.stop()
    assert attended(ridge_answers(TELLING, TARGETS, FOLDS), control) is None
