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


def test_the_score_is_the_mean_over_tasks_that_have_labels() -> None:
    some = {
        "a": {"accuracy": 0.5, "loss": 1.0},
        "b": {"mean_iou": None, "loss": None},
        "c": {"r2": -3.0, "mae": 9.0, "loss": 6.0},
        "d": {"mean_average_precision": 1.0, "loss": 3.0},
    }
    kinds = {"a": "single-label", "b": "mask", "c": "number", "d": "multi-label"}
    assert metrics.score(some, kinds) == 0.5
    assert metrics.mean_loss(some, {"a": 1.0, "b": 1.0, "c": 2.0, "d": 3.0}) == pytest.approx(5 / 3)
    assert metrics.score({}, {}) is None and metrics.mean_loss({}, {}) == float("inf")
    assert metrics.calibration_error(np.zeros(0), np.zeros(0, np.bool_)) is None


def test_average_precision_is_that_of_scikit_learn() -> None:
    scikit = pytest.importorskip("sklearn.metrics", reason="scikit-learn is an extra")
    draw = np.random.default_rng(0)
    for _ in range(50):
        present = draw.random(30) < 0.3
        scores = draw.integers(0, 12, 30).astype(np.float64)  # with ties
        if present.any():
            expected = scikit.average_precision_score(present, scores)
            assert metrics.average_precision(scores, present) == pytest.approx(expected)
            precision, recall, threshold = metrics.precision_recall(scores, present)
            for p, r, t in zip(precision, recall, threshold, strict=True):
                said = scores >= t
                assert (p, r) == (pytest.approx(present[said].mean()), pytest.approx(said[present].mean()))
    assert metrics.average_precision(np.zeros(3), np.zeros(3, np.bool_)) is None


def test_the_interval_of_a_mean_holds_nineteen_times_in_twenty() -> None:
    draw, held = np.random.default_rng(1), 0
    for _ in range(1000):
        low, high = metrics.mean_interval(draw.normal(5, 2, 8)) or (0.0, 0.0)
        held += low <= 5 <= high
    assert 925 <= held <= 975
    assert metrics.mean_interval(np.array([1.0])) is None


def test_large_logits_stay_finite() -> None:
    logits = np.array([[1e4, -1e4], [-1e4, 1e4]], np.float32)
    assert metrics.cross_entropy(logits, np.array([0, 0])) == pytest.approx(1e4)
    assert np.isfinite(metrics.softmax(logits)).all()


def test_the_interval_of_a_mean_average_precision_holds_nineteen_times_in_twenty() -> None:
    draw = np.random.default_rng(3)

    def pictures(number: int) -> tuple[np.ndarray, np.ndarray]:
        present = draw.random((number, 3)) < 0.3
        return present + draw.normal(0, 1, present.shape), present

    many, present = pictures(100_000)
    truth = float(np.mean([metrics.average_precision(many[:, at], present[:, at]) for at in range(3)]))
    found = [metrics.mean_average_precision_interval(*pictures(100)) or (0.0, 0.0) for _ in range(60)]
    assert sum(low <= truth <= high for low, high in found) >= 52


def test_a_mean_average_precision_without_pictures_or_labels_has_no_interval() -> None:
    scores, nothing = np.zeros((5, 2)), np.zeros((5, 2), bool)
    assert metrics.mean_average_precision_interval(scores, nothing) is None
    assert metrics.mean_average_precision_interval(scores[:1], ~nothing[:1]) is None
    perfect = np.array([[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]])
    low, high = metrics.mean_average_precision_interval(perfect, perfect > 1.5) or (0.0, 0.0)
    assert low == high == 1.0
