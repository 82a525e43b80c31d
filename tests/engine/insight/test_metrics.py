from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score, log_loss
from torchmetrics.functional.classification import multiclass_calibration_error

from workbench.engine.insight import metrics

RANDOM = np.random.default_rng(4)
LOGITS = RANDOM.normal(0, 2, (200, 5)).astype(np.float32)
TARGETS = RANDOM.choice([0, 1, 3, 4], 200).astype(np.int64)  # class 2 never occurs, but is answered
PREDICTIONS = LOGITS.argmax(axis=1)
MATRIX = metrics.confusion(TARGETS, PREDICTIONS, 5)


def test_scores_are_those_of_scikit_learn() -> None:
    assert np.array_equal(MATRIX, confusion_matrix(TARGETS, PREDICTIONS, labels=range(5)))
    assert metrics.accuracy(MATRIX) == pytest.approx((TARGETS == PREDICTIONS).mean())
    occurs = TARGETS != 2
    with pytest.warns(UserWarning, match="y_pred contains classes"):
        expected = balanced_accuracy_score(TARGETS[occurs], PREDICTIONS[occurs])
    assert metrics.balanced_accuracy(MATRIX) == pytest.approx(expected)
    assert metrics.macro_f1(MATRIX) == pytest.approx(f1_score(TARGETS, PREDICTIONS, average="macro"))
    expected = log_loss(TARGETS, metrics.softmax(LOGITS), labels=range(5))
    assert metrics.cross_entropy(LOGITS, TARGETS) == pytest.approx(expected, rel=1e-5)


def test_calibration_is_that_of_torchmetrics() -> None:
    probabilities = metrics.softmax(LOGITS)
    found = metrics.calibration_error(probabilities.max(axis=1), PREDICTIONS == TARGETS)
    expected = multiclass_calibration_error(
        torch.from_numpy(probabilities), torch.from_numpy(TARGETS), num_classes=5, n_bins=15
    )
    assert found == pytest.approx(float(expected), rel=1e-5)


def test_wilson_is_the_textbooks() -> None:
    low, high = metrics.wilson(8, 10) or (0, 0)
    assert (low, high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))
    assert metrics.wilson(0, 0) is None
    assert metrics.wilson(5, 5) is not None and metrics.wilson(5, 5)[1] == 1.0  # type: ignore[index]


def test_nothing_to_score_is_none_not_nan() -> None:
    empty = metrics.classification_metrics(np.zeros((0, 3), np.float32), np.zeros(0, np.int64))
    assert set(empty.values()) == {None}
    assert metrics.score({"a": empty}) is None and metrics.mean_loss({"a": empty}) == float("inf")
    assert metrics.calibration_error(np.zeros(0), np.zeros(0, np.bool_)) is None


def test_the_score_is_the_mean_over_tasks_that_have_labels() -> None:
    some = {
        "a": {"accuracy": 0.5, "loss": 1.0},
        "b": {"accuracy": None, "loss": None},
        "c": {"accuracy": 1.0, "loss": 3.0},
    }
    assert metrics.score(some) == 0.75 and metrics.mean_loss(some) == 2.0


def test_large_logits_stay_finite() -> None:
    logits = np.array([[1e4, -1e4], [-1e4, 1e4]], np.float32)
    assert metrics.cross_entropy(logits, np.array([0, 0])) == pytest.approx(1e4)
    assert np.isfinite(metrics.softmax(logits)).all()
