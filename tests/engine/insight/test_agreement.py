"""Every metric of every kind of task is that of scikit-learn or torchmetrics, and intervals hold what they promise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.special import expit
from sklearn import metrics as scikit
from torchmetrics.functional.classification import binary_calibration_error, multiclass_calibration_error
from torchmetrics.functional.segmentation import mean_iou

from tests.engine.insight.kinds.test_reports import counted, task
from workbench.core.resolved import ResolvedTask
from workbench.engine.insight import metrics
from workbench.engine.insight.kinds import REPORTS

EXACT = 1e-6
Drawn = tuple[ResolvedTask, np.ndarray, np.ndarray]


def one_class(draw: np.random.Generator) -> tuple[Drawn, dict[str, float]]:
    classes = int(draw.integers(2, 7))
    truth = np.concatenate([np.arange(classes), draw.integers(0, classes, 60)])
    logits = (2 * np.eye(classes)[truth] + draw.normal(0, 1.5, (len(truth), classes))).astype(np.float32)
    said, shares = logits.argmax(axis=1), metrics.softmax(logits)
    error = multiclass_calibration_error(torch.from_numpy(shares), torch.from_numpy(truth), classes, n_bins=15)
    return (task("single-label", [f"c{at}" for at in range(classes)]), logits, truth), {
        "accuracy": scikit.accuracy_score(truth, said),
        "balanced_accuracy": scikit.balanced_accuracy_score(truth, said),
        "macro_f1": scikit.f1_score(truth, said, average="macro"),
        "macro_precision": scikit.precision_score(truth, said, average="macro", zero_division=np.nan),
        "macro_recall": scikit.recall_score(truth, said, average="macro", zero_division=np.nan),
        "loss": scikit.log_loss(truth, shares),
        "calibration_error": float(error),
    }


def several_labels(draw: np.random.Generator) -> tuple[Drawn, dict[str, float]]:
    truth = (draw.random((60, 4)) < 0.4).astype(np.int8)
    logits = (2.0 * truth - 1 + draw.normal(0, 1.5, truth.shape)).astype(np.float32)
    said, shares = logits > 0, expit(logits.astype(np.float64))
    error = binary_calibration_error(torch.from_numpy(shares.ravel()), torch.from_numpy(truth.ravel()), n_bins=15)
    return (task("multi-label", ["a", "b", "c", "d"]), logits, truth), {
        "mean_average_precision": scikit.average_precision_score(truth, logits, average="macro"),
        "macro_f1": scikit.f1_score(truth, said, average="macro"),
        "macro_precision": scikit.precision_score(truth, said, average="macro", zero_division=np.nan),
        "macro_recall": scikit.recall_score(truth, said, average="macro", zero_division=np.nan),
        "calibration_error": float(error),
        "micro_f1": scikit.f1_score(truth, said, average="micro"),
        "label_accuracy": 1 - scikit.hamming_loss(truth, said),
        "loss": float(np.mean([scikit.log_loss(truth[:, at], shares[:, at], labels=[0, 1]) for at in range(4)])),
    }


def a_number(draw: np.random.Generator) -> tuple[Drawn, dict[str, float]]:
    truth = draw.normal(40, 8, 60)
    said = np.stack([truth + draw.normal(0, 4, 60), np.full(60, 4.0)], axis=1)
    return (task("number", [], mean=40.0, deviation=8.0), said, truth), {
        "mae": scikit.mean_absolute_error(truth, said[:, 0]),
        "loss": scikit.mean_absolute_error(truth, said[:, 0]),
        "rmse": scikit.root_mean_squared_error(truth, said[:, 0]),
        "r2": scikit.r2_score(truth, said[:, 0]),
        "coverage": float((np.abs(truth - said[:, 0]) <= 1.6448536269514722 * 4).mean()),
    }


def a_mask(draw: np.random.Generator) -> tuple[Drawn, dict[str, float]]:
    truth = draw.integers(0, 3, (6, 16, 16))
    said = np.where(draw.random(truth.shape) < 0.7, truth, draw.integers(0, 3, truth.shape))
    pairs = zip(truth, said, strict=True)
    kept = [counted(scikit.confusion_matrix(one.ravel(), other.ravel()).tolist(), 0.5) for one, other in pairs]
    whole = (torch.from_numpy(each.reshape(1, 96, 16)) for each in (said, truth))
    return (task("mask", ["a", "b", "c"], mask_values=[0, 1, 2]), np.array(kept), np.arange(6)), {
        "mean_iou": float(mean_iou(*whole, num_classes=3, input_format="index")[0]),
        "pixel_accuracy": scikit.accuracy_score(truth.ravel(), said.ravel()),
        "loss": 0.5,
    }


KINDS: dict[str, Callable[[np.random.Generator], tuple[Drawn, dict[str, float]]]] = {
    "single-label": one_class,
    "multi-label": several_labels,
    "number": a_number,
    "mask": a_mask,
}


@pytest.mark.parametrize("kind", REPORTS)
def test_every_metric_is_that_of_a_known_library(kind: str) -> None:
    for seed in range(5):
        (facts, answers, truth), expected = KINDS[kind](np.random.default_rng(seed))
        names = [str(at) for at in range(len(truth))]
        found = REPORTS[kind].document(facts, answers, truth, names, names)["metrics"]
        said = {name: value for name, value in found.items() if not name.endswith("_interval")}
        assert set(said) == set(expected), "a metric that nothing vouches for"
        for name, value in expected.items():
            assert said[name] == pytest.approx(value, abs=EXACT), name
            if f"{name}_interval" in found:
                low, high = found[f"{name}_interval"]
                assert low <= said[name] <= high


def drawn_matrix(draw: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    return draw.multinomial(240, shares.ravel()).reshape(shares.shape)


@pytest.mark.parametrize("right", [0.75, 0.94])
def test_intervals_of_classes_hold_the_truth_nineteen_times_in_twenty(right: float) -> None:
    """Of 400 draws 95 % ± 2.1 are expected; one that held 98 % would be too wide to be of use."""
    classes = 4
    shares = np.full((classes, classes), (1 - right) / (classes - 1))
    np.fill_diagonal(shares, right)
    shares /= classes
    truth = {"accuracy": right, "balanced_accuracy": right, "macro_f1": right}
    draw, held = np.random.default_rng(7), dict.fromkeys(truth, 0)
    for _ in range(400):
        matrix = drawn_matrix(draw, shares)
        found = {
            "accuracy": metrics.wilson(int(np.trace(matrix)), int(matrix.sum())),
            "balanced_accuracy": metrics.balanced_accuracy_interval(matrix),
            "macro_f1": metrics.macro_f1_interval(matrix),
        }
        for name, interval in found.items():
            assert interval is not None
            held[name] += interval[0] <= truth[name] <= interval[1]
    assert all(0.92 <= count / 400 <= 0.98 for count in held.values()), held


def test_an_interval_has_a_width_where_every_answer_is_right() -> None:
    perfect = np.diag([20, 20, 20])
    for found in (metrics.balanced_accuracy_interval(perfect), metrics.macro_f1_interval(perfect)):
        assert found is not None and found[0] < 0.99


def test_intervals_of_numbers_and_labels_hold_the_truth_nineteen_times_in_twenty() -> None:
    draw = np.random.default_rng(12)
    truths = {"rmse": 2.0, "r2": 1 - 4 / 29}  # errors of deviation 2 beside numbers of deviation 5
    labels = {"macro_f1": 0.8, "micro_f1": 0.8}  # said and there alike: 0.4 both, 0.1 either alone
    held = dict.fromkeys([*truths, *labels], 0)
    facts = task("number", [], mean=0.0, deviation=5.0)
    for _ in range(100):
        said = draw.normal(0, 5, 150)
        truth = said + draw.normal(0, 2, 150)
        answers = np.stack([said, np.ones(150)], axis=1)
        found = REPORTS["number"].document(facts, answers, truth, [""] * 150, [""] * 150)["metrics"]
        for name, value in truths.items():
            held[name] += found[f"{name}_interval"][0] <= value <= found[f"{name}_interval"][1]
        where = draw.random((150, 3))
        intervals = metrics.f1_intervals(where < 0.5, (where < 0.4) | (where > 0.9))
        for name, value in labels.items():
            low, high = intervals[name] or (0.0, 0.0)
            held[name] += low <= value <= high
    assert all(0.91 <= count / 100 <= 0.99 for count in held.values()), held
